//! Looking for somebody who is in no mapped group any more. Only two findings are evidence: there is
//! no such object, or it can be read and belongs to nothing that is mapped.

use roster::directory::protocol::{Finding, Guid};

use super::identity::Domain;
use super::member::Member;
use super::reader::named;
use super::rights;
use super::snapshot::Snapshot;
use crate::failure::Result;
use crate::ldap::search::{Found, Query, Values};
use crate::ldap::{Connection, Entry, filter};

pub async fn look_for(
    connection: &mut Connection,
    domain: &Domain,
    snapshot: &Snapshot,
    guid: Guid,
) -> Result<Finding> {
    let what = "somebody who was missing";
    let base = filter::base_of(guid);
    let attributes = ["objectGUID", "userAccountControl", "isDeleted", "primaryGroupID"];
    let query = Query { what, base: &base, filter: "(objectClass=*)", attributes: &attributes };
    let entry = match connection.read(query, Values::Plain).await? {
        Found::NoSuchObject => return Ok(Finding::NoSuchObject),
        Found::Elsewhere | Found::Hidden => return Ok(Finding::Unreadable),
        Found::Entry(entry) => entry,
    };
    let Some(primary) = own_word(&entry, guid) else { return Ok(Finding::Unreadable) };
    let Primary::Group(primary) = primary else { return Ok(Finding::NoSuchObject) };
    let groups = named(connection, guid, "memberOf", what).await?;
    if groups.is_empty() && !domain.token.may_read(connection, guid, rights::MEMBER_OF).await? {
        return Ok(Finding::Unreadable);
    }
    Ok(judge(&entry, domain, snapshot, primary, &groups))
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

fn judge(
    entry: &Entry,
    domain: &Domain,
    snapshot: &Snapshot,
    primary: u32,
    groups: &[Member],
) -> Finding {
    // Its own word against that of the groups: it was moved while they were read. The next run knows.
    let belongs = snapshot.rids.contains(&primary)
        || groups.iter().any(|group| snapshot.walked.contains(&group.guid));
    if belongs && domain.counts(&entry.dn) { Finding::Unreadable } else { Finding::LeftGroups }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use roster::directory::protocol::DirectoryIdentity;
    use roster::id::Timestamp;

    use super::*;
    use crate::directory::rights::Token;
    use crate::directory::sid::Sid;

    const PERSON: &str = "00112233-4455-6677-8899-aabbccddeeff";
    const GROUP: &str = "11112233-4455-6677-8899-aabbccddeeff";

    fn domain() -> Domain {
        let sid = Sid::parse(&[1, 1, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0]).unwrap();
        Domain {
            identity: DirectoryIdentity {
                domain: "x".into(),
                domain_guid: GROUP.parse().unwrap(),
                domain_sid: sid.to_string(),
            },
            sid,
            name: "DC=x".into(),
            base: "OU=People,DC=x".into(),
            controller: "dc1.x".into(),
            now: Timestamp(0),
            token: Token::default(),
        }
    }

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

    #[test]
    fn only_who_belongs_to_nothing_mapped_has_left() {
        let walked: Guid = GROUP.parse().unwrap();
        let snapshot = Snapshot {
            people: Vec::new(),
            groups: Vec::new(),
            walked: BTreeSet::from([walked]),
            rids: BTreeSet::from([1104]),
            unknown: Vec::new(),
            failures: Vec::new(),
        };
        let inside = "CN=a,OU=People,DC=x";
        let other = PERSON.parse().unwrap();
        for (dn, primary, group, expected) in [
            (inside, 513, other, Finding::LeftGroups),
            ("CN=a,DC=x", 513, other, Finding::LeftGroups),
            ("CN=a,DC=x", 513, walked, Finding::LeftGroups),
            (inside, 513, walked, Finding::Unreadable),
            (inside, 1104, other, Finding::Unreadable),
        ] {
            let groups = [Member { guid: group, dn: "CN=g,DC=x".into() }];
            let found = judge(&Entry::of(dn, &[]), &domain(), &snapshot, primary, &groups);
            assert_eq!(found, expected, "{dn} {primary} {group}");
        }
    }
}
