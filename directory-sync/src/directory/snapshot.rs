//! The current state of all mapped groups and their people, which a run sends.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use roster::directory::protocol::{GroupSeen, GroupStatus, Guid, Mapping, PersonSeen};

use super::identity::Domain;
use super::object::{Group, Object, Person, Rid};
use super::reader::Reader;
use crate::failure::Failure;
use crate::ldap::Connection;

#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Sorted by GUID.
    pub people: Vec<PersonSeen>,
    /// In the order of the mappings.
    pub groups: Vec<GroupSeen>,
    /// The mapped groups, including missing ones, and all groups nested in them.
    pub walked: BTreeSet<Guid>,
    /// The RIDs of these groups.
    pub rids: BTreeSet<u32>,
    /// The RIDs of the primary groups of all readable people.
    pub primaries: BTreeMap<Guid, u32>,
    /// Members of unknown kind, by their names in the groups.
    pub unknown: Vec<String>,
    /// Why not everything was read; nobody counts as absent then.
    pub failures: Vec<Failure>,
}

impl Snapshot {
    /// Every page of every search ended in success.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.groups.iter().all(|group| group.status == GroupStatus::Complete)
    }

    /// Every mapped group that exists was read completely. A missing one was deleted or is hidden; only its
    /// people's own objects can tell who is in it.
    #[must_use]
    pub fn is_complete_but_for_groups_that_are_gone(&self) -> bool {
        let is = |status| move |group: &GroupSeen| group.status == status;
        let (complete, gone) = (is(GroupStatus::Complete), is(GroupStatus::NotFound));
        self.groups.iter().any(complete) && self.groups.iter().all(|it| complete(it) || gone(it))
    }

    #[must_use]
    pub fn misses_a_group(&self) -> bool {
        self.groups.iter().any(|group| group.status == GroupStatus::NotFound)
    }

    /// Marks complete groups as partial: the controller may not have everything.
    pub fn doubt(&mut self, failure: Failure) {
        for group in &mut self.groups {
            if group.status == GroupStatus::Complete {
                group.status = GroupStatus::Partial;
            }
        }
        self.failures.push(failure);
    }
}

pub async fn take(connection: &mut Connection, domain: &Domain, mappings: &[Mapping]) -> Snapshot {
    let mut reader = Reader::new(connection, domain);
    let mut groups = Vec::new();
    let mut of_person: BTreeMap<Guid, Vec<Guid>> = BTreeMap::new();
    let (mut walked, mut failures) = (BTreeSet::new(), Vec::new());
    let mut asked = HashSet::new();
    for mapping in mappings.iter().filter(|mapping| asked.insert(mapping.ad_group_guid)) {
        let group = mapping.ad_group_guid;
        let found = reader.gather(group, &mapping.ad_group_name).await;
        for person in &found.people {
            of_person.entry(*person).or_default().push(group);
        }
        let members = u64::try_from(found.people.len()).unwrap_or(u64::MAX);
        groups.push(GroupSeen {
            guid: group,
            status: found.status,
            members,
            ignored: found.ignored,
        });
        walked.insert(group);
        walked.extend(found.groups);
        failures.extend(found.failure);
    }
    let unknown = of_person
        .keys()
        .filter_map(|guid| match reader.object(*guid) {
            Some(Object::Unknown(name)) => Some(name.clone()),
            _ => None,
        })
        .collect();
    let primary = |guid: &Guid| match reader.object(*guid) {
        Some(Object::Person(person)) => Some((*guid, person.primary?)),
        _ => None,
    };
    let primaries = of_person.keys().filter_map(primary).collect();
    let people = of_person
        .into_iter()
        .filter_map(|(guid, group_guids)| match reader.object(guid) {
            Some(Object::Person(person)) => Some(seen(guid, person.clone(), group_guids)),
            Some(Object::Unknown(name)) => Some(seen(guid, Person::unreadable(name), group_guids)),
            _ => None,
        })
        .collect();
    let rid = |guid: &Guid| match reader.object(*guid) {
        Some(Object::Group(Group { rid: Rid::Known(rid), .. })) => Some(*rid),
        _ => None,
    };
    let rids = walked.iter().filter_map(rid).collect();
    Snapshot { people, groups, walked, rids, primaries, unknown, failures }
}

fn seen(guid: Guid, person: Person, group_guids: Vec<Guid>) -> PersonSeen {
    // A failure came before the missing values were resolved.
    let person =
        if person.unresolved.is_empty() { person } else { Person::unreadable(&person.name) };
    let Person { name, email, reason, read, .. } = person;
    PersonSeen { guid, name, email, enabled: reason.is_none(), reason, group_guids, read }
}
