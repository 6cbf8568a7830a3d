//! A small domain: people, groups in groups, and what happens to them. It knows without any reading who
//! belongs where.

use std::collections::{BTreeMap, BTreeSet};

/// People whom the domain may have.
pub const PEOPLE: u32 = 6;
/// Groups that it may have; the first ones are mapped.
pub const GROUPS: u32 = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    Person(u32),
    Group(u32),
    Computer,
    Contact,
    /// Of a trusted domain, as this one keeps it.
    Foreign,
    /// Of another domain of the forest.
    Alien,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: Name,
    /// Nobody has that of another.
    pub mail: Option<u32>,
    pub disabled: bool,
    pub expiry: Expiry,
    pub primary: Option<u32>,
    /// Outside of the search base.
    pub outside: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    Displayed(u8),
    Blank,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    None,
    Never,
    Past,
    Later,
}

impl Person {
    pub fn is_active(&self) -> bool {
        !self.disabled && self.expiry != Expiry::Past
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// How many of the groups are mapped; who is in several of them belongs to the first.
    pub mapped: u32,
    pub groups: BTreeMap<u32, BTreeSet<Member>>,
    pub people: BTreeMap<u32, Person>,
}

#[derive(Clone, Debug)]
pub enum Change {
    Join(Member, u32),
    Leave(Member, u32),
    Primary(u32, Option<u32>),
    Disabled(u32, bool),
    Expiry(u32, Expiry),
    Name(u32, Name),
    NewMail(u32),
    NoMail(u32),
    SwapMails(u32, u32),
    /// From the first to the second, who has none of theirs any more.
    PassMail(u32, u32),
    Outside(u32, bool),
    Delete(Member),
    /// Somebody new in a group, maybe with another one as their primary group.
    Create(u32, u32, Option<u32>),
}

impl World {
    /// What names nothing is taken out. A group doesn't name those whose primary group it is.
    pub fn tidy(mut self) -> Self {
        let groups: BTreeSet<u32> = self.groups.keys().copied().collect();
        for person in self.people.values_mut() {
            person.primary = person.primary.filter(|it| groups.contains(it));
        }
        for (group, members) in &mut self.groups {
            members.retain(|member| match member {
                Member::Person(number) => {
                    self.people.get(number).is_some_and(|it| it.primary != Some(*group))
                }
                Member::Group(inner) => groups.contains(inner),
                _ => true,
            });
        }
        self
    }

    pub fn after(&self, changes: &[Change]) -> Self {
        let mut world = self.clone();
        for change in changes {
            world.change(change);
            world = world.tidy();
        }
        world
    }

    fn change(&mut self, change: &Change) {
        let fresh = (100..=100 + PEOPLE)
            .find(|it| self.people.values().all(|person| person.mail != Some(*it)));
        let mut person = |number: &u32, change: &dyn Fn(&mut Person)| {
            if let Some(person) = self.people.get_mut(number) {
                change(person);
            }
        };
        match change {
            Change::Join(member, group) => {
                self.groups.entry(*group).and_modify(|it| _ = it.insert(*member));
            }
            Change::Leave(member, group) => {
                self.groups.entry(*group).and_modify(|it| _ = it.remove(member));
            }
            Change::Primary(number, group) => person(number, &|it| it.primary = *group),
            Change::Disabled(number, disabled) => person(number, &|it| it.disabled = *disabled),
            Change::Expiry(number, expiry) => person(number, &|it| it.expiry = *expiry),
            Change::Name(number, name) => person(number, &|it| it.name = *name),
            Change::NewMail(number) => person(number, &|it| it.mail = fresh),
            Change::NoMail(number) => person(number, &|it| it.mail = None),
            Change::Outside(number, outside) => person(number, &|it| it.outside = *outside),
            Change::SwapMails(one, other) => {
                self.give_mails(*one, *other, |one, other| (other, one));
            }
            Change::PassMail(one, other) => {
                self.give_mails(*one, *other, |one, _| (None, one));
            }
            Change::Delete(Member::Group(group)) if *group >= self.mapped => {
                self.groups.remove(group);
            }
            Change::Delete(Member::Person(number)) => _ = self.people.remove(number),
            Change::Delete(_) => (),
            Change::Create(number, group, primary) => {
                self.people.entry(*number).or_insert(Person {
                    name: Name::Displayed(0),
                    mail: fresh,
                    disabled: false,
                    expiry: Expiry::Never,
                    primary: *primary,
                    outside: false,
                });
                self.change(&Change::Join(Member::Person(*number), *group));
            }
        }
    }

    fn give_mails(
        &mut self,
        one: u32,
        other: u32,
        give: impl Fn(Option<u32>, Option<u32>) -> (Option<u32>, Option<u32>),
    ) {
        let mail = |number: u32| self.people.get(&number).map(|person| person.mail);
        if let (Some(first), Some(second), true) = (mail(one), mail(other), one != other) {
            let given = give(first, second);
            for (number, mail) in [(one, given.0), (other, given.1)] {
                self.people.entry(number).and_modify(|person| person.mail = mail);
            }
        }
    }

    /// The mapped group to which somebody belongs.
    pub fn place_of(&self, number: u32) -> Option<u32> {
        let person = self.people.get(&number).filter(|person| !person.outside)?;
        (0..self.mapped).find(|group| {
            let within = self.within(*group);
            let names = |it: &u32| self.groups[it].contains(&Member::Person(number));
            within.iter().any(names) || person.primary.is_some_and(|it| within.contains(&it))
        })
    }

    /// A group and all that are nested in it.
    fn within(&self, group: u32) -> BTreeSet<u32> {
        let mut found = BTreeSet::from([group]);
        let mut look = vec![group];
        while let Some(group) = look.pop() {
            for member in &self.groups[&group] {
                if let Member::Group(inner) = member
                    && found.insert(*inner)
                {
                    look.push(*inner);
                }
            }
        }
        found
    }
}
