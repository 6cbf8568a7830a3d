//! Finds AD groups by typed text.

use roster::directory::protocol::Guid;

use super::identity::Domain;
use crate::failure::{Failure, Result};
use crate::ldap::search::{Found, Query, Values};
use crate::ldap::{Connection, Entry, filter};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdGroup {
    pub guid: Guid,
    pub name: String,
    pub dn: String,
}

const ATTRIBUTES: [&str; 3] = ["objectClass", "objectGUID", "name"];

/// Groups whose name contains the text, sorted by name.
pub async fn search(
    connection: &mut Connection,
    domain: &Domain,
    text: &str,
) -> Result<Vec<AdGroup>> {
    find(connection, domain, &filter::groups_named(text, false)).await
}

/// The one group of that name, or distinguished name, or GUID.
pub async fn exactly(connection: &mut Connection, domain: &Domain, text: &str) -> Result<AdGroup> {
    let missing = || Failure::GroupNotFound { group: text.to_owned() };
    if let Ok(guid) = text.parse() {
        return by_base(connection, &filter::base_of(guid)).await?.ok_or_else(missing);
    }
    let mut found = find(connection, domain, &filter::groups_named(text, true)).await?;
    match found.len() {
        1 => Ok(found.remove(0)),
        // A distinguished name; a group's name can't look like one.
        0 if text.contains('=') => by_base(connection, text).await?.ok_or_else(missing),
        0 => Err(missing()),
        _ => {
            let found: Vec<String> = found.into_iter().map(|group| group.dn).collect();
            Err(Failure::GroupAmbiguous { group: text.to_owned(), found: found.join("; ") })
        }
    }
}

async fn find(connection: &mut Connection, domain: &Domain, filter: &str) -> Result<Vec<AdGroup>> {
    let query = Query { what: "the groups", base: &domain.name, filter, attributes: &ATTRIBUTES };
    let entries = connection.search(query).await?;
    let mut groups: Vec<AdGroup> = entries.into_iter().filter_map(group).collect();
    groups.sort_by(|one, other| (&one.name, &one.dn).cmp(&(&other.name, &other.dn)));
    Ok(groups)
}

async fn by_base(connection: &mut Connection, base: &str) -> Result<Option<AdGroup>> {
    let what = "the group";
    let query = Query { what, base, filter: "(objectClass=group)", attributes: &ATTRIBUTES };
    match connection.read(query, Values::Plain).await {
        Ok(Found::Entry(entry)) => Ok(group(entry)),
        // Not a valid distinguished name.
        Ok(_) | Err(Failure::SearchFailed { .. }) => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn group(entry: Entry) -> Option<AdGroup> {
    let guid = entry.guid().filter(|_| entry.is_a("group"))?;
    let name = entry.text("name").unwrap_or(&entry.dn).to_owned();
    Some(AdGroup { guid, name, dn: entry.dn })
}
