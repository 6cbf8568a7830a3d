//! Reads groups and their members, each once. `member` and primary groups define the membership; searches by
//! GUID only add the members' attributes.

use std::collections::{BTreeSet, HashMap, HashSet};

use futures::{StreamExt as _, stream};
use roster::directory::protocol::{GroupStatus, Guid, Ignored};

use super::identity::Domain;
use super::member::Member;
use super::object::{self, ATTRIBUTES, Group, Kind, Object, Person, Rid};
use super::rights::{self, Attribute};
use super::values::named;
use crate::failure::{Failure, Result};
use crate::ldap::search::{Found, Query, Values};
use crate::ldap::{Connection, dn, filter};

/// The most levels of nested groups.
pub const DEPTH: usize = 32;

/// Objects in one filter. A controller compares each object with all of them, so larger filters are slower
/// than more searches.
const TOGETHER: usize = 50;

/// Concurrent searches: a second one keeps the controller busy.
const AT_ONCE: usize = 2;

pub struct Reader<'a> {
    pub connection: &'a mut Connection,
    pub domain: &'a Domain,
    objects: HashMap<Guid, Object>,
    /// The members of groups that were read completely.
    members: HashMap<Guid, Vec<Guid>>,
}

/// A group with all that is nested in it.
#[derive(Clone, Debug)]
pub struct Gathered {
    pub status: GroupStatus,
    pub people: BTreeSet<Guid>,
    pub ignored: Ignored,
    /// The group itself and all nested groups.
    pub groups: HashSet<Guid>,
    /// Why the group was not read completely.
    pub failure: Option<Failure>,
}

impl Gathered {
    fn unread(status: GroupStatus, failure: Failure) -> Self {
        Self {
            status,
            people: BTreeSet::new(),
            ignored: Ignored::default(),
            groups: HashSet::new(),
            failure: Some(failure),
        }
    }
}

impl<'a> Reader<'a> {
    pub fn new(connection: &'a mut Connection, domain: &'a Domain) -> Self {
        Self { connection, domain, objects: HashMap::new(), members: HashMap::new() }
    }

    #[must_use]
    pub fn object(&self, guid: Guid) -> Option<&Object> {
        self.objects.get(&guid)
    }

    /// Reads a group breadth first. A part that can't be read is reported, and the rest is still read.
    pub async fn gather(&mut self, root: Guid, name: &str) -> Gathered {
        match self.group(root, name).await {
            Ok(Some(_)) => (),
            Ok(None) => {
                let failure = Failure::GroupNotFound { group: name.to_owned() };
                return Gathered::unread(GroupStatus::NotFound, failure);
            }
            Err(failure) => return Gathered::unread(GroupStatus::Failed, failure),
        }
        let mut found = Gathered {
            status: GroupStatus::Complete,
            people: BTreeSet::new(),
            ignored: Ignored::default(),
            groups: HashSet::from([root]),
            failure: None,
        };
        let mut seen = HashSet::new();
        let mut level = vec![root];
        for _ in 0..=DEPTH {
            let mut below = Vec::new();
            for group in level {
                match self.members_of(group, (root, name)).await {
                    Ok(members) => self.sort(&members, &mut seen, &mut found, &mut below),
                    Err(failure) => found.fail(failure),
                }
            }
            if below.is_empty() {
                return found;
            }
            level = below;
        }
        found.fail(Failure::NestedTooDeep { group: name.to_owned() });
        found
    }

    fn sort(
        &self,
        members: &[Guid],
        seen: &mut HashSet<Guid>,
        found: &mut Gathered,
        below: &mut Vec<Guid>,
    ) {
        for guid in members.iter().copied().filter(|guid| seen.insert(*guid)) {
            match self.objects.get(&guid) {
                // An unreadable member is sent as a person, because the server may know it as one.
                Some(Object::Person(_) | Object::Unknown(_)) => {
                    found.people.insert(guid);
                }
                Some(Object::Group(_)) => {
                    if found.groups.insert(guid) {
                        below.push(guid);
                    }
                }
                Some(Object::Ignored(kind)) => count(&mut found.ignored, *kind),
                Some(Object::Outside) | None => (),
            }
        }
    }

    /// `None`: it doesn't exist, or is not a group.
    async fn group(&mut self, guid: Guid, name: &str) -> Result<Option<Group>> {
        if !self.objects.contains_key(&guid) {
            self.learn_one(guid, &format!("the group {name}")).await?;
        }
        Ok(match self.objects.get(&guid) {
            Some(Object::Group(group)) => Some(group.clone()),
            _ => None,
        })
    }

    /// The members by `member`, and those whose primary group it is. `mapped`: the mapped group that contains
    /// the group.
    async fn members_of(&mut self, group: Guid, mapped: (Guid, &str)) -> Result<Vec<Guid>> {
        if let Some(members) = self.members.get(&group) {
            return Ok(members.clone());
        }
        let Some(Object::Group(facts)) = self.objects.get(&group).cloned() else {
            return Ok(Vec::new());
        };
        let what = format!("the members of {}", facts.name);
        let named = named(self.connection, group, "member", &what).await?;
        // The group was found just now, so it must have an answer.
        let named = named.ok_or_else(|| self.connection.malformed(&what))?;
        if named.is_empty() && !self.may_read(group, rights::MEMBER).await? {
            return Err(self.unreadable(group, facts.name, mapped));
        }
        let mut members: Vec<Guid> = named.iter().map(|member| member.guid).collect();
        self.learn(&named, &what).await?;
        match facts.rid {
            Rid::Known(rid) => members.extend(self.members_by_primary_group(rid, &what).await?),
            Rid::None => (),
            Rid::Unreadable => return Err(self.unreadable(group, facts.name, mapped)),
        }
        self.members.insert(group, members.clone());
        Ok(members)
    }

    fn unreadable(&self, group: Guid, name: String, (root, mapped): (Guid, &str)) -> Failure {
        let within =
            if group == root { String::new() } else { format!(", a group in “{mapped}”") };
        Failure::MembersUnreadable { user: self.connection.user.clone(), group: name, within }
    }

    async fn may_read(&mut self, object: Guid, attribute: Attribute) -> Result<bool> {
        self.domain.token.may_read(self.connection, object, attribute).await
    }

    async fn members_by_primary_group(&mut self, rid: u32, what: &str) -> Result<Vec<Guid>> {
        let filter = format!("(primaryGroupID={rid})");
        let mut found = Vec::new();
        for (guid, object) in search(self.connection, self.domain, &filter, what).await? {
            self.objects.entry(guid).or_insert(object);
            found.push(guid);
        }
        self.resolve_missing_values(&found).await?;
        Ok(found)
    }

    /// Reads the objects of members that aren't known yet.
    async fn learn(&mut self, members: &[Member], what: &str) -> Result<()> {
        let mut unknown = Vec::new();
        for member in members {
            if self.objects.contains_key(&member.guid) {
                continue;
            }
            if self.domain.has(&member.dn) {
                unknown.push(member.guid);
            } else {
                // An object of another domain, which only its controllers have.
                self.objects.insert(member.guid, Object::Ignored(Kind::Foreign));
            }
        }
        let searches = unknown.chunks(TOGETHER).map(|guids| {
            let (mut connection, domain) = (self.connection.clone(), self.domain);
            async move { search(&mut connection, domain, &filter::any_of(guids), what).await }
        });
        let mut answers = stream::iter(searches.collect::<Vec<_>>()).buffered(AT_ONCE);
        while let Some(found) = answers.next().await {
            self.objects.extend(found?);
        }
        drop(answers);
        for member in members {
            if !self.objects.contains_key(&member.guid) {
                self.learn_one(member.guid, what).await?;
                let unknown = || Object::Unknown(dn::first(&member.dn));
                self.objects.entry(member.guid).or_insert_with(unknown);
            }
        }
        self.resolve_missing_values(&unknown).await
    }

    /// Finds out whether attributes without a value are empty or may not be read.
    async fn resolve_missing_values(&mut self, people: &[Guid]) -> Result<()> {
        for &guid in people {
            let Some(Object::Person(person)) = self.objects.get(&guid) else { continue };
            let mut empty = true;
            for attribute in person.unresolved.clone() {
                empty = empty && self.may_read(guid, attribute).await?;
            }
            if let Some(Object::Person(person)) = self.objects.get_mut(&guid) {
                if empty {
                    person.unresolved.clear();
                } else {
                    *person = Person::unreadable(&person.name);
                }
            }
        }
        Ok(())
    }

    async fn learn_one(&mut self, guid: Guid, what: &str) -> Result<()> {
        let base = filter::base_of(guid);
        let query = Query { what, base: &base, filter: "(objectClass=*)", attributes: &ATTRIBUTES };
        if let Found::Entry(entry) = self.connection.read(query, Values::Plain).await? {
            self.objects.extend(object::classify(&entry, self.domain));
        }
        Ok(())
    }
}

async fn search(
    connection: &mut Connection,
    domain: &Domain,
    filter: &str,
    what: &str,
) -> Result<Vec<(Guid, Object)>> {
    let query = Query { what, base: &domain.name, filter, attributes: &ATTRIBUTES };
    let entries = connection.search(query).await?;
    Ok(entries.iter().filter_map(|entry| object::classify(entry, domain)).collect())
}

impl Gathered {
    fn fail(&mut self, failure: Failure) {
        self.status = GroupStatus::Partial;
        self.failure.get_or_insert(failure);
    }
}

fn count(ignored: &mut Ignored, kind: Kind) {
    *match kind {
        Kind::Computer => &mut ignored.computers,
        Kind::Contact => &mut ignored.contacts,
        Kind::Foreign => &mut ignored.foreign,
        Kind::Other => &mut ignored.other,
    } += 1;
}
