//! What the service saw, and what of it counts: one statement of each person and each group, and
//! every mapped group there.

use rustc_hash::{FxHashMap, FxHashSet};

use super::known::{KnownMapping, KnownPerson};
use super::proof::Proven;
use super::rejected::Rejected;
use crate::directory::protocol::{Absent, Finding, GroupSeen, GroupStatus, Guid, PersonSeen, Read};

/// A run's batches and its commit. Somebody who was sent twice alike counts once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen<'a> {
    pub people: &'a [PersonSeen],
    pub groups: &'a [GroupSeen],
    pub absent: &'a [Absent],
}

/// What was seen, once it is found to make sense.
pub(super) struct Run<'a> {
    /// Each once, by GUID.
    pub people: Vec<&'a PersonSeen>,
    /// Each once, by GUID.
    pub absent: Vec<&'a Absent>,
    /// A group that had members has none.
    pub emptied: bool,
    mappings: &'a [KnownMapping],
    /// For each mapping: its group was read completely, and what is in it is known. A group that the service
    /// says nothing of was not: it may have been mapped while the run was under way.
    whole: Vec<bool>,
    /// Mapped groups that are not in the directory any more.
    gone: FxHashSet<Guid>,
    places: FxHashMap<Guid, usize>,
    /// Groups in which somebody was seen.
    inhabited: FxHashSet<Guid>,
}

impl<'a> Run<'a> {
    /// `is_known`: they are a person of this source.
    pub fn read(
        seen: Seen<'a>,
        mappings: &'a [KnownMapping],
        is_known: impl Fn(Guid) -> bool,
    ) -> Result<Self, Rejected> {
        // Without a mapping everybody is in no mapped group, which says nothing of anybody.
        if mappings.is_empty() {
            return Err(Rejected::NothingMapped);
        }
        let people = once(seen.people, |person| person.guid)?;
        let absent = once(seen.absent, |absent| absent.guid)?;
        let groups: FxHashMap<Guid, &GroupSeen> =
            once(seen.groups, |group| group.guid)?.into_iter().map(|it| (it.guid, it)).collect();
        let of = |mapping: &KnownMapping| groups.get(&mapping.ad_group_guid).copied();
        let status = |mapping: &KnownMapping| of(mapping).map(|group| group.status);

        let (gone, there): (Vec<_>, Vec<_>) =
            mappings.iter().partition(|it| status(it) == Some(GroupStatus::NotFound));
        if there.is_empty() {
            let name = |mapping: &&KnownMapping| mapping.ad_group_name.clone();
            return Err(Rejected::GroupGone(gone.iter().map(name).collect()));
        }
        count(&people, mappings, &groups)?;

        let groups_of = |person: &&'a PersonSeen| person.group_guids.iter().copied();
        let inhabited = people.iter().flat_map(groups_of).collect();
        // A member that can't be read may be a group whose people were not seen, unless it is a known person.
        let is_unknown = |it: &&&PersonSeen| it.read == Read::Unreadable && !is_known(it.guid);
        let doubtful: FxHashSet<Guid> =
            people.iter().filter(is_unknown).flat_map(groups_of).collect();

        let complete = |mapping: &KnownMapping| status(mapping) == Some(GroupStatus::Complete);
        let emptied = |mapping: &KnownMapping| {
            mapping.members > 0
                && complete(mapping)
                && of(mapping).is_some_and(|group| group.members == 0)
        };
        let whole = |it: &KnownMapping| complete(it) && !doubtful.contains(&it.ad_group_guid);
        // Of a group that is mapped twice, the first mapping holds.
        let places = mappings.iter().enumerate().rev().map(|(at, it)| (it.ad_group_guid, at));
        Ok(Self {
            people,
            absent,
            emptied: mappings.iter().any(emptied),
            mappings,
            whole: mappings.iter().map(whole).collect(),
            gone: gone.iter().map(|mapping| mapping.ad_group_guid).collect(),
            places: places.collect(),
            inhabited,
        })
    }

    /// Every mapped group was read completely, and what is in it is known.
    pub fn is_whole(&self) -> bool {
        self.whole.iter().all(|whole| *whole)
    }

    /// The first mapping of whose group they were seen; `None`: they are in no mapped group.
    pub fn mapping_of(&self, person: &PersonSeen) -> Option<&'a KnownMapping> {
        self.mappings.get(self.place_of(person)?)
    }

    /// Mappings before that one whose group they may be in, unseen.
    pub fn unread_before(&self, person: &PersonSeen) -> impl Iterator<Item = &'a KnownMapping> {
        let before = self.place_of(person).unwrap_or_default();
        let unread = self.mappings.iter().zip(&self.whole).take(before);
        unread.filter(|(_, whole)| !**whole).map(|(mapping, _)| mapping)
    }

    fn place_of(&self, person: &PersonSeen) -> Option<usize> {
        person.group_guids.iter().filter_map(|group| self.places.get(group)).min().copied()
    }

    /// That somebody wasn't seen says that they are in no mapped group. Not of the people of a group that is
    /// gone: what was meant for them, nobody has said yet.
    pub fn may_miss(&self, person: &KnownPerson) -> bool {
        let read = |(mapping, whole): (&KnownMapping, &bool)| {
            *whole || self.gone.contains(&mapping.ad_group_guid)
        };
        self.mappings.iter().zip(&self.whole).all(read)
            && !self.gone.iter().any(|group| person.may_belong_to(*group))
    }

    /// They are in no mapped group any more: proven by this run, or by the earlier one that disabled them.
    pub fn has_left(&self, person: &KnownPerson) -> bool {
        if person.enabled {
            let absent = self.absent.binary_search_by_key(&person.guid, |absent| absent.guid);
            absent.is_ok_and(|at| Proven::departure(self.absent[at], person, self).is_some())
        } else {
            person.disabled_by_sync && self.misses(person)
        }
    }

    /// All that could show them was read, and they weren't there.
    pub fn misses(&self, person: &KnownPerson) -> bool {
        self.may_miss(person) && !self.has(person.guid)
    }

    pub fn has_people(&self, mapping: &KnownMapping) -> bool {
        self.inhabited.contains(&mapping.ad_group_guid)
    }

    /// They were seen in a mapped group, whatever else is said of them.
    pub fn has(&self, guid: Guid) -> bool {
        let found = self.people.binary_search_by_key(&guid, |person| person.guid);
        found.is_ok_and(|at| self.mapping_of(self.people[at]).is_some())
    }
}

/// By GUID, each once; whoever is told of in two ways makes the run worthless.
fn once<T: PartialEq>(told: &[T], guid: impl Fn(&T) -> Guid) -> Result<Vec<&T>, Rejected> {
    let mut once: Vec<&T> = told.iter().collect();
    once.sort_unstable_by_key(|it| guid(it));
    let contradicts = |pair: &&[&T]| guid(pair[0]) == guid(pair[1]) && pair[0] != pair[1];
    if let Some(pair) = once.windows(2).find(contradicts) {
        return Err(Rejected::Contradiction(guid(pair[0])));
    }
    once.dedup_by_key(|it| guid(it));
    Ok(once)
}

/// A group that was read completely has as many people as were sent of it: a batch that got lost
/// between the directory and here must not look like people who left.
fn count(
    people: &[&PersonSeen],
    mappings: &[KnownMapping],
    groups: &FxHashMap<Guid, &GroupSeen>,
) -> Result<(), Rejected> {
    let mut counts: FxHashMap<Guid, u64> = FxHashMap::default();
    for person in people {
        for (at, group) in person.group_guids.iter().enumerate() {
            if !person.group_guids[..at].contains(group) {
                *counts.entry(*group).or_default() += 1;
            }
        }
    }
    for mapping in mappings {
        let guid = mapping.ad_group_guid;
        let Some(group) = groups.get(&guid) else { continue };
        let sent = counts.get(&guid).copied().unwrap_or_default();
        if group.status == GroupStatus::Complete && group.members != sent {
            let name = mapping.ad_group_name.clone();
            return Err(Rejected::Miscounted { name, members: group.members, sent });
        }
    }
    Ok(())
}
