//! Looks up people who are in no mapped group any more. Only two findings are evidence: the object was
//! deleted, or it can be read and is in no mapped group. A hidden object looks like a missing one; the
//! deleted object tells them apart, or else the groups, whose `member` keeps hidden people and loses deleted
//! ones.

use std::collections::{HashMap, HashSet};

use roster::directory::protocol::{Finding, Guid};

use super::identity::Domain;
use super::member::Member;
use super::reader::DEPTH;
use super::rights;
use super::snapshot::Snapshot;
use super::values::named;
use crate::failure::Result;
use crate::ldap::search::{Found, Query, Values};
use crate::ldap::{Connection, Entry, filter};

const ATTRIBUTES: [&str; 4] = ["objectGUID", "userAccountControl", "isDeleted", "primaryGroupID"];
const WHAT: &str = "a person who was missing";

/// Where a missing person was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    Left,
    Deleted,
    /// The object exists, but not everything needed for a finding could be read.
    Unreadable,
    /// The account that reads can't find the object, which may be deleted or hidden.
    GoneOrHidden,
}

impl Whereabouts {
    /// The finding that is sent to the server.
    #[must_use]
    pub fn finding(self) -> Finding {
        match self {
            Self::Left => Finding::LeftGroups,
            Self::Deleted => Finding::NoSuchObject,
            Self::Unreadable | Self::GoneOrHidden => Finding::Unreadable,
        }
    }
}

/// Looks up people one by one, and remembers the groups it read.
pub struct Search<'a> {
    connection: &'a mut Connection,
    domain: &'a Domain,
    snapshot: &'a Snapshot,
    /// The groups that contain a group; `None`: not all of them can be read.
    above: HashMap<Guid, Option<Vec<Guid>>>,
    /// Primary groups by their RIDs; `None`: the group can't be read.
    named: HashMap<u32, Option<Guid>>,
}

impl<'a> Search<'a> {
    /// `snapshot` must be complete, except for groups that are gone.
    pub fn new(connection: &'a mut Connection, domain: &'a Domain, snapshot: &'a Snapshot) -> Self {
        Self { connection, domain, snapshot, above: HashMap::new(), named: HashMap::new() }
    }

    /// `primary`: the RID of the person's primary group when it was last read, if known.
    pub async fn look_for(&mut self, guid: Guid, primary: Option<u32>) -> Result<Whereabouts> {
        let entry = match self.read(guid, Values::Plain).await? {
            Found::NoSuchObject => return self.gone_or_hidden(guid, primary).await,
            Found::Elsewhere | Found::Hidden => return Ok(Whereabouts::Unreadable),
            Found::Entry(entry) => entry,
        };
        let Some(primary) = primary_of(&entry, guid) else { return Ok(Whereabouts::Unreadable) };
        let Primary::Group(primary) = primary else { return Ok(Whereabouts::Deleted) };
        let Some(groups) = named(self.connection, guid, "memberOf", WHAT).await? else {
            return Ok(Whereabouts::Unreadable);
        };
        let token = &self.domain.token;
        if groups.is_empty() && !token.may_read(self.connection, guid, rights::MEMBER_OF).await? {
            return Ok(Whereabouts::Unreadable);
        }
        // If the person's object says that they belong to a mapped group, but the groups don't, something
        // changed while it was read. The next run decides.
        let mut groups = self.of_the_domain(&groups);
        let belongs = self.snapshot.rids.contains(&primary)
            || !self.adds_primary(primary, &mut groups).await?
            || self.may_be_below(groups).await?;
        Ok(if belongs && self.domain.counts(&entry.dn) {
            Whereabouts::Unreadable
        } else {
            Whereabouts::Left
        })
    }

    async fn read(&mut self, guid: Guid, values: Values) -> Result<Found> {
        let base = filter::base_of(guid);
        let query =
            Query { what: WHAT, base: &base, filter: "(objectClass=*)", attributes: &ATTRIBUTES };
        self.connection.read(query, values).await
    }

    /// The person's object can't be found. A readable deleted object proves the deletion; a group that still
    /// names them proves that they exist. Otherwise they were deleted if they belonged to the mapped groups
    /// only by `member`, which would still name a hidden person. No group names a person who belongs by
    /// their primary group, so that case stays open.
    async fn gone_or_hidden(&mut self, guid: Guid, primary: Option<u32>) -> Result<Whereabouts> {
        match self.read(guid, Values::OfDeleted).await? {
            Found::Entry(entry) => {
                let deleted = primary_of(&entry, guid) == Some(Primary::Deleted);
                return Ok(if deleted { Whereabouts::Deleted } else { Whereabouts::Unreadable });
            }
            Found::Elsewhere | Found::Hidden => return Ok(Whereabouts::Unreadable),
            Found::NoSuchObject => (),
        }
        let filter = filter::groups_with(guid);
        let query = Query {
            what: "the groups of a person who was missing",
            base: &self.domain.name,
            filter: &filter,
            attributes: &["objectGUID"],
        };
        if !self.connection.search(query).await?.is_empty() {
            return Ok(Whereabouts::Unreadable);
        }
        let Some(rid) = primary.filter(|rid| !self.snapshot.rids.contains(rid)) else {
            return Ok(Whereabouts::GoneOrHidden);
        };
        let mut groups = Vec::new();
        let by_member =
            self.adds_primary(rid, &mut groups).await? && !self.may_be_below(groups).await?;
        Ok(if by_member { Whereabouts::Deleted } else { Whereabouts::GoneOrHidden })
    }

    /// If a mapped group is gone, adds the person's primary group to `groups`: it may be in the gone group.
    /// False: the primary group can't be read.
    async fn adds_primary(&mut self, rid: u32, groups: &mut Vec<Guid>) -> Result<bool> {
        if !self.snapshot.misses_a_group() {
            return Ok(true);
        }
        if !self.named.contains_key(&rid) {
            let filter = filter::with_sid(&self.domain.sid.with(rid).bytes());
            let what = "a primary group";
            let base = &self.domain.name;
            let query = Query { what, base, filter: &filter, attributes: &["objectGUID"] };
            let found = self.connection.search(query).await?;
            self.named.insert(rid, found.first().and_then(Entry::guid));
        }
        let group = self.named.get(&rid).copied().flatten();
        groups.extend(group);
        Ok(group.is_some())
    }

    /// Whether one of these groups is mapped, or is in a mapped group by its `memberOf`. An unreadable group
    /// is skipped, because the mapped groups were read from above; but not if a mapped group is gone.
    async fn may_be_below(&mut self, groups: Vec<Guid>) -> Result<bool> {
        let mut level = groups;
        let mut seen: HashSet<Guid> = level.iter().copied().collect();
        for _ in 0..=DEPTH {
            if level.iter().any(|group| self.snapshot.walked.contains(group)) {
                return Ok(true);
            }
            let mut above = Vec::new();
            for group in level {
                match self.above(group).await? {
                    None if self.snapshot.misses_a_group() => return Ok(true),
                    None => (),
                    Some(groups) => above.extend(groups.into_iter().filter(|it| seen.insert(*it))),
                }
            }
            if above.is_empty() {
                return Ok(false);
            }
            level = above;
        }
        Ok(false)
    }

    async fn above(&mut self, group: Guid) -> Result<Option<Vec<Guid>>> {
        if let Some(known) = self.above.get(&group) {
            return Ok(known.clone());
        }
        let mut found = named(self.connection, group, "memberOf", WHAT).await?;
        let token = &self.domain.token;
        let is_silent = self.snapshot.misses_a_group() && found.as_ref().is_some_and(Vec::is_empty);
        if is_silent && !token.may_read(self.connection, group, rights::MEMBER_OF).await? {
            found = None;
        }
        let above = found.map(|found| self.of_the_domain(&found));
        self.above.insert(group, above.clone());
        Ok(above)
    }

    fn of_the_domain(&self, groups: &[Member]) -> Vec<Guid> {
        groups.iter().filter(|it| self.domain.has(&it.dn)).map(|it| it.guid).collect()
    }
}

/// What a person's object says about them.
#[derive(Debug, PartialEq, Eq)]
enum Primary {
    Group(u32),
    Deleted,
}

/// `None`: it is another object, or an attribute that a finding needs can't be read.
fn primary_of(entry: &Entry, guid: Guid) -> Option<Primary> {
    if entry.guid() != Some(guid) {
        return None;
    }
    if entry.text("isdeleted") == Some("TRUE") {
        return Some(Primary::Deleted);
    }
    entry.number("useraccountcontrol")?;
    let rid = entry.number("primarygroupid")?;
    Some(Primary::Group(u32::try_from(rid).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: &str = "00112233-4455-6677-8899-aabbccddeeff";

    #[test]
    fn a_finding_needs_all_its_attributes() {
        let guid: Guid = PERSON.parse().unwrap();
        let bytes = guid.0.to_bytes_le();
        let own: (&str, &[u8]) = ("objectguid", &bytes);
        let control: (&str, &[u8]) = ("useraccountcontrol", b"512");
        let primary: (&str, &[u8]) = ("primarygroupid", b"513");
        let check = |values: &[(&str, &[u8])], expected: Option<Primary>| {
            assert_eq!(primary_of(&Entry::of("CN=a,DC=x", values), guid), expected, "{values:?}");
        };
        check(&[own, control, primary], Some(Primary::Group(513)));
        check(&[own, control], None);
        check(&[own, primary], None);
        check(&[control, primary], None);
        check(&[own, ("isdeleted", b"TRUE")], Some(Primary::Deleted));
    }
}
