//! `muster verify`: whether a database, or a backup of one, is whole. Exit code 0: it is; 1: it isn't;
//! 2: it can't be read, or an option is wrong.

use std::process::ExitCode;

use operations::audit::Expected;
use operations::verify::{self, Count, Counted, Found};
use roster::authority::Caller;
use serde::Serialize;

use super::{audit, open_to_read, unreadable};
use crate::arguments::Verify;
use crate::configuration::Database;
use crate::failure::Result;
use crate::say::Results;

/// What `--json` prints.
#[derive(Serialize)]
struct Line<'a> {
    whole: bool,
    damage: &'a [String],
    miscounts: Vec<String>,
    audit: Option<audit::Line<'a>>,
}

pub async fn run(database: Database, wish: Verify) -> Result<ExitCode> {
    let operations = open_to_read(&database).await.map_err(unreadable)?;
    let expected = Expected { begins_after: wish.begins_after, since: None };
    let found = verify::verify_database(&operations, &Caller::operator(), expected).await;
    let key_file = operations.key_file().display().to_string();
    operations.close().await;
    let found = found.map_err(|error| unreadable(error.into()))?;
    let mut results = Results::new();
    if wish.json {
        results.json(&Line {
            whole: found.is_whole(),
            damage: &found.damage,
            miscounts: found.miscounts.iter().map(miscount).collect(),
            audit: found.trail.as_ref().map(audit::Line::of),
        })?;
    } else {
        tell(&found, &database.url, &key_file, &mut results)?;
    }
    results.finish()?;
    Ok(if found.is_whole() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(found: &Found, url: &str, key_file: &str, results: &mut Results) -> Result<()> {
    let Some(trail) = &found.trail else {
        results.line("The file is damaged. Restore a backup: muster restore --help")?;
        return found.damage.iter().try_for_each(|fault| results.line(format_args!("  {fault}")));
    };
    if url.starts_with("sqlite:") {
        results.line("The file is sound.")?;
    }
    if found.miscounts.is_empty() {
        results.line("The counts of groups and seats add up.")?;
    } else {
        results.line("Counts don’t add up:")?;
        for count in &found.miscounts {
            results.line(format_args!("  {}", miscount(count)))?;
        }
    }
    results.line(format_args!("The key file {key_file} is the one of this database."))?;
    results.line(audit::in_words(trail))
}

fn miscount(Count { what, kept, counted }: &Count) -> String {
    let what = match what {
        Counted::Technicians(group) => format!("technicians in group {group}"),
        Counted::TechniciansBelow(group) => format!("technicians in and below group {group}"),
        Counted::ChildGroups(group) => format!("groups directly below group {group}"),
        Counted::StandardSeats => "standard licenses in use".to_owned(),
        Counted::MobileSeats => "mobile licenses in use".to_owned(),
    };
    format!("{what}: {kept} are kept, {counted} are there")
}
