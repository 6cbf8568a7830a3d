//! Choosing mappings at the terminal.

use roster::directory::protocol::{GroupChoice, Mapping};
use roster::text::{shown, visible_lines};

use super::ask::Questions;
use crate::directory::Domain;
use crate::directory::group::{self, AdGroup};
use crate::failure::Result;
use crate::ldap::Connection;
use crate::server::Server;
use crate::setup::mapping::{add, mapping};

/// Asks for mappings until the answer is empty. Earlier mappings stay, except for AD groups chosen again.
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
        add(&mut mappings, mapping(ad_group, place.id));
    }
}

async fn choose_ad_group(
    questions: &Questions,
    connection: &mut Connection,
    domain: &Domain,
    typed: &str,
) -> Result<Option<AdGroup>> {
    let mut found = group::search(connection, domain, typed).await?;
    let lines: Vec<String> =
        found.iter().map(|it| format!("{} ({})", shown(&it.name), visible_lines(&it.dn))).collect();
    if lines.is_empty() {
        crate::say::aside(format_args!("No AD group has “{typed}” in its name."));
        return Ok(None);
    }
    let chosen = questions.choice("Which AD group? (Esc: another search)", &lines)?;
    Ok(chosen.map(|place| found.swap_remove(place)))
}

async fn choose_place(
    questions: &Questions,
    server: &Server,
    ad_group: &str,
) -> Result<Option<GroupChoice>> {
    let typed =
        questions.text(&format!("Technician Group for “{}” (search)", shown(ad_group)), "")?;
    let mut found = server.groups(&typed).await?;
    let lines: Vec<String> =
        found.iter().map(|it| format!("{} #{}", visible_lines(&it.path), it.id)).collect();
    if lines.is_empty() {
        crate::say::aside(format_args!("No Technician Group has “{typed}” in its name."));
        return Ok(None);
    }
    let chosen = questions.choice("Which Technician Group? (Esc: another one)", &lines)?;
    Ok(chosen.map(|place| found.swap_remove(place)))
}
