//! Looking for somebody who is in no mapped group any more. Only two findings are evidence: they were
//! deleted, or they can be read and belong to nothing that is mapped. To the account that reads, an object
//! that it may not see looks like one that isn't there: a deleted one is told from it by the deleted object
//! itself, or else by the groups, which name whoever is hidden and forget whoever was deleted.

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
const WHAT: &str = "somebody who was missing";

/// What became of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    Left,
    Deleted,
    /// There, and not all on which a verdict rests could be read.
    Unreadable,
    /// Not there for the account that reads, and nothing says whether they were deleted or are hidden.
    GoneOrHidden,
}

impl Whereabouts {
    /// As the server hears it.
    #[must_use]
    pub fn finding(self) -> Finding {
        match self {
            Self::Left => Finding::LeftGroups,
            Self::Deleted => Finding::NoSuchObject,
            Self::Unreadable | Self::GoneOrHidden => Finding::Unreadable,
        }
    }
}

/// Looks for one after the other.
pub struct Search<'a> {
    connection: &'a mut Connection,
    domain: &'a Domain,
    snapshot: &'a Snapshot,
    /// The groups in which a group is; `None`: they can't be read, or not all of them.
    above: HashMap<Guid, Option<Vec<Guid>>>,
    /// The groups that are named as primary ones; `None`: not one that can be read.
    named: HashMap<u32, Option<Guid>>,
}

impl<'a> Search<'a> {
    /// `snapshot`: a complete one, but for groups that are gone.
    pub fn new(connection: &'a mut Connection, domain: &'a Domain, snapshot: &'a Snapshot) -> Self {
        Self { connection, domain, snapshot, above: HashMap::new(), named: HashMap::new() }
    }

    /// `primary`: the primary group when somebody was last read, if that is known.
    pub async fn look_for(&mut self, guid: Guid, primary: Option<u32>) -> Result<Whereabouts> {
        let entry = match self.read(guid, Values::Plain).await? {
            Found::NoSuchObject => return self.gone_or_hidden(guid, primary).await,
            Found::Elsewhere | Found::Hidden => return Ok(Whereabouts::Unreadable),
            Found::Entry(entry) => entry,
        };
        let Some(primary) = own_word(&entry, guid) else { return Ok(Whereabouts::Unreadable) };
        let Primary::Group(primary) = primary else { return Ok(Whereabouts::Deleted) };
        let Some(groups) = named(self.connection, guid, "memberOf", WHAT).await? else {
            return Ok(Whereabouts::Unreadable);
        };
        let token = &self.domain.token;
        if groups.is_empty() && !token.may_read(self.connection, guid, rights::MEMBER_OF).await? {
            return Ok(Whereabouts::Unreadable);
        }
        // Own word against that of the groups: something was moved while they were read. The next run
        // knows.
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

    /// Nothing of them may be seen. The deleted object, where it can be read, proves that they were
    /// deleted; a group that still names them, that they are there. Else they belonged to what was read
    /// by `member` alone, where deletion leaves no trace and hiding does; or by their primary group, of
    /// which only they themselves could tell.
    async fn gone_or_hidden(&mut self, guid: Guid, primary: Option<u32>) -> Result<Whereabouts> {
        match self.read(guid, Values::OfDeleted).await? {
            Found::Entry(entry) => {
                let deleted = own_word(&entry, guid) == Some(Primary::Deleted);
                return Ok(if deleted { Whereabouts::Deleted } else { Whereabouts::Unreadable });
            }
            Found::Elsewhere | Found::Hidden => return Ok(Whereabouts::Unreadable),
            Found::NoSuchObject => (),
        }
        let filter = filter::groups_with(guid);
        let query = Query {
            what: "the groups of somebody who was missing",
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

    /// A mapped group that is gone was not read: it may be somebody's primary group, or have that in it. False:
    /// the primary group can't be read either.
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

    /// Whether one of these groups is a mapped one or in one, by the groups' own word. A group that can't
    /// be read says nothing here, since what is in the mapped ones was read from above; unless one of these is
    /// gone.
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

/// What somebody's own object says.
#[derive(Debug, PartialEq, Eq)]
enum Primary {
    Group(u32),
    Deleted,
}

/// `None`: it isn't that object, or one on which a verdict rests can't be read.
fn own_word(entry: &Entry, guid: Guid) -> Option<Primary> {
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
    fn a_verdict_rests_on_what_was_read() {
        let guid: Guid = PERSON.parse().unwrap();
        let bytes = guid.0.to_bytes_le();
        let own: (&str, &[u8]) = ("objectguid", &bytes);
        let control: (&str, &[u8]) = ("useraccountcontrol", b"512");
        let primary: (&str, &[u8]) = ("primarygroupid", b"513");
        let check = |values: &[(&str, &[u8])], expected: Option<Primary>| {
            assert_eq!(own_word(&Entry::of("CN=a,DC=x", values), guid), expected, "{values:?}");
        };
        check(&[own, control, primary], Some(Primary::Group(513)));
        check(&[own, control], None);
        check(&[own, primary], None);
        check(&[control, primary], None);
        check(&[own, ("isdeleted", b"TRUE")], Some(Primary::Deleted));
    }
}
