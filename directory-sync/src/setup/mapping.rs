//! Mappings from flags and choices.

use roster::directory::protocol::{GroupChoice, Mapping};
use roster::id::GroupId;

use crate::directory::Domain;
use crate::directory::group::{self, AdGroup};
use crate::failure::{Failure, Result};
use crate::ldap::Connection;
use crate::server::Server;

/// Resolves `--map` flags, each `AD GROUP=ID|PATH`.
pub async fn given(
    flags: &[String],
    server: &Server,
    connection: &mut Connection,
    domain: &Domain,
) -> Result<Vec<Mapping>> {
    let mut mappings = Vec::new();
    for flag in flags {
        let (ad_group, place) = parts(flag)?;
        let ad_group = group::exactly(connection, domain, ad_group).await?;
        let place = technician_group(server, place).await?;
        mappings.push(mapping(ad_group, place.id));
    }
    Ok(mappings)
}

/// Splits at the last `=`: a distinguished name contains others.
fn parts(flag: &str) -> Result<(&str, &str)> {
    let parts = flag.rsplit_once('=').map(|(ad_group, place)| (ad_group.trim(), place.trim()));
    parts.filter(|(ad_group, place)| !ad_group.is_empty() && !place.is_empty()).ok_or_else(|| {
        let why = format!("--map “{flag}” is not a mapping. Give AD GROUP=ID or AD GROUP=PATH.");
        Failure::Usage { why }
    })
}

#[must_use]
pub fn mapping(ad_group: AdGroup, technician_group_id: GroupId) -> Mapping {
    Mapping { ad_group_guid: ad_group.guid, ad_group_name: ad_group.name, technician_group_id }
}

/// Finds a Technician Group by its ID, or by its path from the root.
async fn technician_group(server: &Server, typed: &str) -> Result<GroupChoice> {
    let last = typed.rsplit('/').next().unwrap_or(typed).trim();
    let found = server.groups(last).await?;
    let wanted = comparable(typed);
    found
        .into_iter()
        .find(|group| typed.parse() == Ok(group.id) || comparable(&group.path) == wanted)
        .ok_or_else(|| Failure::TechnicianGroupNotFound { group: typed.to_owned() })
}

fn comparable(path: &str) -> Vec<String> {
    path.split('/').map(|part| part.trim().to_lowercase()).collect()
}

/// Appends a mapping, and removes an earlier one of the same AD group.
pub fn add(mappings: &mut Vec<Mapping>, mapping: Mapping) {
    mappings.retain(|mapped| mapped.ad_group_guid != mapping.ad_group_guid);
    mappings.push(mapping);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_split_at_its_last_equals_sign() {
        let check = |flag: &str, expected: Option<(&str, &str)>| {
            assert_eq!(parts(flag).ok(), expected, "{flag}");
        };
        check("Support=1001", Some(("Support", "1001")));
        check(
            "CN=Support,OU=Groups,DC=x=Support/Tier 1",
            Some(("CN=Support,OU=Groups,DC=x", "Support/Tier 1")),
        );
        check("Support, day = 7", Some(("Support, day", "7")));
        check("Support", None);
        check("=7", None);
        check("Support=", None);
    }

    #[test]
    fn paths_are_compared_by_their_parts() {
        assert_eq!(comparable("Support/Tier 1"), comparable(" support / tier 1"));
        assert_ne!(comparable("Support"), comparable("Support/Tier 1"));
    }
}
