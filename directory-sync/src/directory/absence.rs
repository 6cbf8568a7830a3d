//! Looking for somebody who is in no mapped group any more. Only two findings are evidence: there is
//! no such object, or it can be read and belongs to nothing that is mapped.

use std::collections::BTreeSet;

use roster::directory::protocol::{Finding, Guid};

use super::identity::Domain;
use super::member::Member;
use super::range;
use crate::failure::Result;
use crate::ldap::search::{Found, Names, Query};
use crate::ldap::{Connection, Entry, filter};

/// `walked`: the mapped groups and all that are nested in them.
pub async fn look_for(
    connection: &mut Connection,
    domain: &Domain,
    walked: &BTreeSet<Guid>,
    guid: Guid,
) -> Result<Finding> {
    let base = filter::base_of(guid);
    let groups = range::asked("memberOf", 0);
    let query = Query {
        what: "somebody who was missing",
        base: &base,
        filter: "(objectClass=*)",
        attributes: &["objectGUID", "userAccountControl", "isDeleted", &groups],
    };
    Ok(match connection.read(query, Names::WithGuids).await? {
        Found::NoSuchObject => Finding::NoSuchObject,
        Found::Elsewhere | Found::Hidden => Finding::Unreadable,
        Found::Entry(entry) => judge(&entry, domain, walked, guid),
    })
}

fn judge(entry: &Entry, domain: &Domain, walked: &BTreeSet<Guid>, guid: Guid) -> Finding {
    if entry.guid() != Some(guid) {
        return Finding::Unreadable;
    }
    if entry.text("isdeleted") == Some("TRUE") {
        return Finding::NoSuchObject;
    }
    if entry.number("useraccountcontrol").is_none() {
        return Finding::Unreadable;
    }
    // Its own word against that of the groups: it was moved while they were read. The next run knows.
    let groups = range::part(entry, "memberof", 0).map(|part| part.values).unwrap_or_default();
    let belongs = groups
        .iter()
        .filter_map(|value| Member::parse(value))
        .any(|group| walked.contains(&group.guid));
    let dn = plain(&entry.dn);
    if belongs && domain.counts(dn) { Finding::Unreadable } else { Finding::LeftGroups }
}

/// An entry's own name, which the control extends too.
fn plain(dn: &str) -> &str {
    dn.rsplit_once(">;").map_or(dn, |(_, plain)| plain)
}

#[cfg(test)]
mod tests {
    use roster::directory::protocol::DirectoryIdentity;
    use roster::id::Timestamp;

    use super::*;
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
        }
    }

    #[test]
    fn only_what_can_be_read_and_belongs_to_nothing_mapped_has_left() {
        let guid: Guid = PERSON.parse().unwrap();
        let bytes = guid.0.to_bytes_le();
        let control: (&str, &[u8]) = ("useraccountcontrol", b"512");
        let own: (&str, &[u8]) = ("objectguid", &bytes);
        let group = format!("<GUID={GROUP}>;CN=Support,DC=x");
        let belongs: (&str, &[u8]) = ("memberof", group.as_bytes());
        let check = |dn: &str, values: &[(&str, &[u8])], expected: Finding| {
            let walked = BTreeSet::from([GROUP.parse().unwrap()]);
            let entry = Entry::of(dn, values);
            assert_eq!(judge(&entry, &domain(), &walked, guid), expected, "{dn} {values:?}");
        };
        let inside = "<GUID=00112233-4455-6677-8899-aabbccddeeff>;CN=a,OU=People,DC=x";
        check(inside, &[own, control], Finding::LeftGroups);
        check("CN=a,DC=x", &[own, control], Finding::LeftGroups);
        check("CN=a,DC=x", &[own, control, belongs], Finding::LeftGroups);
        check(inside, &[own, control, belongs], Finding::Unreadable);
        check(inside, &[own], Finding::Unreadable);
        check(inside, &[], Finding::Unreadable);
        check(inside, &[own, control, ("isdeleted", b"TRUE")], Finding::NoSuchObject);
    }
}
