//! `muster group`: the tree by path.

use std::process::ExitCode;

use operations::{Operations, groups};
use roster::authority::Caller;
use roster::group::GroupPath;
use roster::id::GroupId;
use serde::Serialize;

use super::table::Table;
use super::{open, open_to_read};
use crate::arguments::Group;
use crate::configuration::Database;
use crate::failure::Result;
use crate::say::Results;

/// A group as `--json` prints it.
#[derive(Serialize)]
struct Line<'a> {
    id: GroupId,
    path: &'a str,
}

pub async fn run(database: Database, verb: Group) -> Result<ExitCode> {
    let operations = match verb {
        Group::List { .. } => open_to_read(&database).await?,
        Group::Add { .. } => open(&database).await?,
    };
    match verb {
        Group::List { json } => list(&operations, json).await?,
        Group::Add { path, json } => add(&operations, &path, json).await?,
    }
    operations.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn list(operations: &Operations, json: bool) -> Result<()> {
    let paths = groups::all_paths(operations, &Caller::operator()).await?;
    let mut results = Results::new();
    let mut table = Table::new(["ID", "PATH"]);
    for path in &paths {
        let Some(id) = path.lineage().last().copied() else { continue };
        let path = path.path();
        if json {
            results.json(&Line { id, path: &path })?;
        } else {
            table.row([id.to_string(), path]);
        }
    }
    if !json {
        table.write(&mut results)?;
    }
    results.finish()
}

async fn add(operations: &Operations, path: &str, json: bool) -> Result<()> {
    let caller = Caller::operator();
    let id = groups::make_path(operations, &caller, path).await?;
    let mut results = Results::new();
    if json {
        let made: GroupPath = groups::find(operations, &caller, &id.to_string()).await?;
        results.json(&Line { id, path: &made.path() })?;
    } else {
        results.line(id)?;
    }
    results.finish()
}
