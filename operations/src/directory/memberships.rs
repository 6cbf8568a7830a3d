//! The mapped groups in which people were last seen. If a group is gone from the directory, its people
//! don't count as absent.

use std::collections::{HashMap, HashSet};

use roster::directory::plan::{Known, KnownPerson};
use roster::directory::protocol::{GroupSeen, GroupStatus, Guid, PersonSeen};

/// The memberships that a run saw.
pub(super) struct Memberships<'a> {
    people: HashMap<Guid, &'a PersonSeen>,
    mapped: HashSet<Guid>,
    /// Mapped groups that the run read completely.
    read: HashSet<Guid>,
}

impl<'a> Memberships<'a> {
    pub(super) fn of(people: &'a [PersonSeen], groups: &[GroupSeen], known: &Known) -> Self {
        let complete = groups.iter().filter(|group| group.status == GroupStatus::Complete);
        Self {
            people: people.iter().map(|person| (person.guid, person)).collect(),
            mapped: known.mappings.iter().map(|mapping| mapping.ad_group_guid).collect(),
            read: complete.map(|group| group.guid).collect(),
        }
    }

    /// The person's mapped groups, ascending.
    pub(super) fn seen(&self, person: Guid) -> Vec<Guid> {
        let groups = self.people.get(&person).map_or(&[][..], |person| &person.group_guids);
        let mut mapped: Vec<Guid> =
            groups.iter().copied().filter(|group| self.mapped.contains(group)).collect();
        mapped.sort_unstable();
        mapped.dedup();
        mapped
    }

    /// The people seen whose groups differ from what is known, with their groups. A group that wasn't read
    /// completely keeps its people.
    pub(super) fn changed(&self, known: &[KnownPerson]) -> Vec<(Guid, Vec<Guid>)> {
        let changed = |person: &KnownPerson| {
            self.people.get(&person.guid)?;
            let mut now = self.seen(person.guid);
            let before = person.seen_in.as_deref();
            let unread = |group: &&Guid| self.mapped.contains(group) && !self.read.contains(group);
            now.extend(before.unwrap_or_default().iter().filter(unread));
            now.sort_unstable();
            now.dedup();
            (before != Some(now.as_slice())).then_some((person.guid, now))
        };
        known.iter().filter_map(changed).collect()
    }
}

#[cfg(test)]
mod tests {
    use roster::account::Role;
    use roster::directory::plan::KnownMapping;
    use roster::directory::protocol::{Ignored, Read};
    use roster::email::Email;
    use roster::id::{AccountId, GroupId};

    use super::*;

    #[test]
    fn a_group_that_was_not_read_keeps_its_people() {
        let guid = |text: &str| -> Guid {
            format!("00000000-0000-0000-0000-0000000000{text}").parse().unwrap()
        };
        let (here, there, unmapped, who) = (guid("a1"), guid("a2"), guid("a3"), guid("01"));
        let check =
            |before: Option<Vec<Guid>>, seen: &[Guid], status, expected: Option<Vec<Guid>>| {
                let mapping = |ad_group_guid| KnownMapping {
                    ad_group_guid,
                    ad_group_name: String::new(),
                    group: None,
                    members: 0,
                    approved: true,
                };
                let known =
                    Known { mappings: [here, there].map(mapping).into(), ..Known::default() };
                let person = PersonSeen {
                    guid: who,
                    name: String::new(),
                    email: String::new(),
                    enabled: true,
                    reason: None,
                    group_guids: seen.to_vec(),
                    read: Read::Ok,
                };
                let group = |(guid, status)| GroupSeen {
                    guid,
                    status,
                    members: 0,
                    ignored: Ignored::default(),
                };
                let groups = [(here, GroupStatus::Complete), (there, status)].map(group);
                let linked = KnownPerson {
                    guid: who,
                    account: AccountId(1),
                    version: 1,
                    role: Role::Technician,
                    name: String::new(),
                    email: Email::parse("a@x.test").unwrap(),
                    enabled: true,
                    disabled_by_sync: false,
                    group: None,
                    placed: GroupId(1),
                    seen_in: before,
                };
                let people = [person];
                let memberships = Memberships::of(&people, &groups, &known);
                let expected = expected.map(|groups| (who, groups));
                assert_eq!(memberships.changed(&[linked]), Vec::from_iter(expected));
            };
        let (complete, gone) = (GroupStatus::Complete, GroupStatus::NotFound);
        check(None, &[here], complete, Some(vec![here]));
        check(Some(vec![here]), &[here], complete, None);
        check(Some(vec![here]), &[there, unmapped, here], complete, Some(vec![here, there]));
        check(Some(vec![here, there]), &[here], complete, Some(vec![here]));
        check(Some(vec![here, there]), &[here], gone, None);
        check(Some(vec![here, there]), &[here], GroupStatus::Partial, None);
        check(Some(vec![there, unmapped]), &[here], gone, Some(vec![here, there]));
    }
}
