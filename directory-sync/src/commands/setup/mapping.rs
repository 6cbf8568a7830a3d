//! Which AD groups' members go where, as flags say it or by choosing.

use roster::directory::protocol::{GroupChoice, Mapping};
use roster::id::GroupId;

use super::ask::Questions;
use crate::directory::Domain;
use crate::directory::group::{self, AdGroup};
use crate::failure::{Failure, Result};
use crate::ldap::Connection;
use crate::server::Server;

/// `AD GROUP=ID|PATH`, each.
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

/// At the last sign: a distinguished name has others before it.
fn parts(flag: &str) -> Result<(&str, &str)> {
    let parts = flag.rsplit_once('=').map(|(ad_group, place)| (ad_group.trim(), place.trim()));
    parts.filter(|(ad_group, place)| !ad_group.is_empty() && !place.is_empty()).ok_or_else(|| {
        let why = format!("--map “{flag}” is no mapping. Give AD GROUP=ID or AD GROUP=PATH.");
        Failure::Usage { why }
    })
}

fn mapping(ad_group: AdGroup, technician_group_id: GroupId) -> Mapping {
    Mapping { ad_group_guid: ad_group.guid, ad_group_name: ad_group.name, technician_group_id }
}

/// By its ID, or by its path from the top.
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

/// One after the other, until nothing is typed. What is mapped already stays unless it is chosen anew.
pub async fn asked(
    questions: &Questions,
    server: &Server,
    connection: &mut Connection,
    domain: &Domain,
    before: &[Mapping],
) -> Result<Vec<Mapping>> {
    let mut mappings = before.to_vec();
    loop {
        for mapped in &mappings {
            let (name, id) = (&mapped.ad_group_name, mapped.technician_group_id);
            crate::say::line(format_args!("“{name}” goes to Technician Group #{id}."))?;
        }
        let more = if mappings.is_empty() { "" } else { " (empty: no more)" };
        let typed = questions.text(&format!("Search an AD group by its name{more}"), "")?;
        if typed.is_empty() {
            if mappings.is_empty() {
                continue;
            }
            return Ok(mappings);
        }
        let Some(ad_group) = choose_ad_group(questions, connection, domain, &typed).await? else {
            continue;
        };
        let Some(place) = choose_place(questions, server, &ad_group.name).await? else { continue };
        mappings.retain(|mapped| mapped.ad_group_guid != ad_group.guid);
        mappings.push(mapping(ad_group, place.id));
    }
}

async fn choose_ad_group(
    questions: &Questions,
    connection: &mut Connection,
    domain: &Domain,
    typed: &str,
) -> Result<Option<AdGroup>> {
    let mut found = group::search(connection, domain, typed).await?;
    let shown: Vec<String> = found.iter().map(|it| format!("{} ({})", it.name, it.dn)).collect();
    if shown.is_empty() {
        crate::say::aside(format_args!("No AD group has “{typed}” in its name."));
        return Ok(None);
    }
    let chosen = questions.choice("Which AD group? (Esc: another search)", &shown)?;
    Ok(chosen.map(|place| found.swap_remove(place)))
}

async fn choose_place(
    questions: &Questions,
    server: &Server,
    ad_group: &str,
) -> Result<Option<GroupChoice>> {
    let typed = questions.text(&format!("Technician Group for “{ad_group}” (search)"), "")?;
    let mut found = server.groups(&typed).await?;
    let shown: Vec<String> = found.iter().map(|it| format!("{} #{}", it.path, it.id)).collect();
    if shown.is_empty() {
        crate::say::aside(format_args!("No Technician Group has “{typed}” in its name."));
        return Ok(None);
    }
    let chosen = questions.choice("Which Technician Group? (Esc: another one)", &shown)?;
    Ok(chosen.map(|place| found.swap_remove(place)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_cut_at_its_last_sign() {
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
