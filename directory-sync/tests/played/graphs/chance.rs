//! Random domains, random changes, and rights that are taken away at random.

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::rights::{ATTRIBUTES, Lists, Taken};
use super::world::{Change, Expiry, GROUPS, Member, Name, PEOPLE, Person, World};

/// A directory before and after what happens in it, and what the account that reads may not read then.
#[derive(Clone, Debug)]
pub struct Case {
    pub lists: Lists,
    pub world: World,
    pub changes: Vec<Change>,
    pub taken: Vec<Taken>,
}

pub fn case() -> impl Strategy<Value = Case> {
    let lists = select(vec![Lists::None, Lists::Forbid, Lists::Grant]);
    (world(), vec(change(), 0..7), vec(taken(), 0..5), lists)
        .prop_map(|(world, changes, taken, lists)| Case { lists, world, changes, taken })
}

fn world() -> impl Strategy<Value = World> {
    let groups = vec(btree_set(member(), 0..5), 2..=GROUPS as usize);
    let people = vec(option::weighted(0.8, human()), PEOPLE as usize);
    let mapped = prop_oneof![3 => Just(1_u32), 2 => Just(2), 1 => Just(3)];
    (mapped, groups, people).prop_map(|(mapped, groups, people)| {
        let groups: Vec<_> = (0..).zip(groups).collect();
        let mapped = mapped.min(u32::try_from(groups.len()).unwrap());
        let people = (0..).zip(people).filter_map(|(number, person)| {
            let mut person = person?;
            person.mail = person.mail.map(|_| number);
            Some((number, person))
        });
        World { mapped, groups: groups.into_iter().collect(), people: people.collect() }.tidy()
    })
}

fn human() -> impl Strategy<Value = Person> {
    let often = prop::bool::weighted;
    let primary = option::weighted(0.25, 0..GROUPS);
    (name(), often(0.95), often(0.1), expiry(), primary, often(0.1)).prop_map(
        |(name, mail, disabled, expiry, primary, outside)| Person {
            name,
            mail: mail.then_some(0),
            disabled,
            expiry,
            primary,
            outside,
        },
    )
}

fn name() -> impl Strategy<Value = Name> {
    prop_oneof![
        6 => (0..3_u8).prop_map(Name::Displayed),
        1 => Just(Name::Blank),
        1 => Just(Name::None),
    ]
}

fn expiry() -> impl Strategy<Value = Expiry> {
    prop_oneof![
        5 => Just(Expiry::Never),
        1 => Just(Expiry::None),
        1 => Just(Expiry::Past),
        1 => Just(Expiry::Later),
    ]
}

fn member() -> impl Strategy<Value = Member> {
    let others = vec![Member::Computer, Member::Contact, Member::Foreign, Member::Alien];
    prop_oneof![
        5 => (0..PEOPLE).prop_map(Member::Person),
        4 => (0..GROUPS).prop_map(Member::Group),
        1 => select(others),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let (one, group) = (0..PEOPLE, 0..GROUPS);
    prop_oneof![
        6 => (member(), group.clone()).prop_map(|(member, group)| Change::Join(member, group)),
        10 => (member(), group.clone()).prop_map(|(member, group)| Change::Leave(member, group)),
        3 => (one.clone(), option::of(group.clone())).prop_map(|(one, to)| Change::Primary(one, to)),
        3 => (one.clone(), any::<bool>()).prop_map(|(one, disabled)| Change::Disabled(one, disabled)),
        2 => (one.clone(), expiry()).prop_map(|(one, expiry)| Change::Expiry(one, expiry)),
        2 => (one.clone(), name()).prop_map(|(one, name)| Change::Name(one, name)),
        2 => one.clone().prop_map(Change::NewMail),
        1 => one.clone().prop_map(Change::NoMail),
        1 => (one.clone(), one.clone()).prop_map(|(one, other)| Change::SwapMails(one, other)),
        2 => (one.clone(), one.clone()).prop_map(|(one, other)| Change::PassMail(one, other)),
        2 => (one.clone(), any::<bool>()).prop_map(|(one, outside)| Change::Outside(one, outside)),
        3 => member().prop_map(Change::Delete),
        3 => (one, group.clone(), option::of(group))
            .prop_map(|(one, group, primary)| Change::Create(one, group, primary)),
    ]
}

/// Without which nobody knows whether somebody belongs.
const OF_PEOPLE: [&str; 4] = ["memberOf", "primaryGroupID", "userAccountControl", "accountExpires"];

fn taken() -> impl Strategy<Value = Taken> {
    let group = (0..GROUPS).prop_map(Member::Group);
    let one = (0..PEOPLE).prop_map(Member::Person);
    let any = select(&ATTRIBUTES[..]);
    prop_oneof![
        1 => member().prop_map(Taken::Whole),
        2 => group.clone().prop_map(Taken::Whole),
        4 => group.prop_map(|group| Taken::One(group, "member")),
        4 => (one, select(&OF_PEOPLE[..])).prop_map(|(one, name)| Taken::One(one, name)),
        3 => (member(), any).prop_map(|(member, name)| Taken::One(member, name)),
    ]
}
