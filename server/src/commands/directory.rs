//! `muster directory`: what Global Settings does for directory synchronization.

use std::process::ExitCode;

use operations::{Operations, directory};
use roster::authority::Caller;
use roster::directory::protocol::{HeldReason, Mode, RunId};
use roster::directory::view::{RunCounts, RunLine, RunState};
use roster::page::Window;
use serde::Serialize;

use super::table::Table;
use super::{open, open_to_read};
use crate::arguments::Directory;
use crate::configuration::Database;
use crate::failure::{Failure, Result};
use crate::program;
use crate::say::Results;

/// Runs that are read at a time.
const PAGE: u32 = 500;

/// What `token --json` prints.
#[derive(Serialize)]
struct Token<'a> {
    token: &'a str,
}

/// A run as `--json` prints it.
#[derive(Serialize)]
struct Line<'a> {
    run: RunId,
    directory: &'a str,
    mode: Mode,
    state: RunState,
    began_at: String,
    ended_at: Option<String>,
    #[serde(flatten)]
    counts: RunCounts,
    held: Option<HeldReason>,
    /// Changes that wait, or waited.
    waiting: u64,
    message: Option<&'a str>,
}

pub async fn run(database: Database, verb: Directory) -> Result<ExitCode> {
    if let Directory::Program { json } = verb {
        return programs(json);
    }
    let operations = match verb {
        Directory::Runs { .. } => open_to_read(&database).await?,
        _ => open(&database).await?,
    };
    match verb {
        Directory::Token { json } => token(&operations, json).await?,
        // It needs no database.
        Directory::Program { .. } => {}
        Directory::Runs { json } => runs(&operations, json).await?,
        Directory::Approve { run, json } => {
            let id = id(&run)?;
            say(&directory::approve(&operations, &Caller::operator(), id).await?, json)?;
        }
        Directory::Drop { run, json } => {
            let id = id(&run)?;
            say(&directory::drop_run(&operations, &Caller::operator(), id).await?, json)?;
        }
    }
    operations.close().await;
    Ok(ExitCode::SUCCESS)
}

fn programs(json: bool) -> Result<ExitCode> {
    let offered = program::offered();
    let mut results = Results::new();
    for download in &offered {
        if json {
            results.json(download)?;
        } else {
            // As sha256sum writes it, and takes it with --check.
            results.line(format_args!("{}  {}", download.sha256, download.system.program()))?;
        }
    }
    results.finish()?;
    if offered.is_empty() {
        return Err(Failure::failed("There is no muster-sync beside this program."));
    }
    Ok(ExitCode::SUCCESS)
}

fn id(text: &str) -> Result<RunId> {
    text.trim().parse().map_err(|_| {
        Failure::usage(format!("“{text}” is no run’s ID. “muster directory runs” shows them."))
    })
}

/// The one secret that it prints, by design: whoever runs it takes it to the domain controller.
async fn token(operations: &Operations, json: bool) -> Result<()> {
    let token = directory::create_token(operations, &Caller::operator()).await?;
    let mut results = Results::new();
    if json {
        results.json(&Token { token: token.reveal() })?;
    } else {
        results.line(token.reveal())?;
    }
    results.finish()
}

async fn runs(operations: &Operations, json: bool) -> Result<()> {
    let caller = Caller::operator();
    let mut results = Results::new();
    let mut table = Table::new(["RUN", "BEGAN", "DIRECTORY", "STATE", "CHANGES"]);
    let mut window = Window { offset: 0, limit: PAGE };
    loop {
        let page = directory::runs(operations, &caller, None, window).await?;
        for run in &page.items {
            if json {
                results.json(&line(run))?;
            } else {
                table.row([
                    run.id.to_string(),
                    run.began_at.rfc3339(),
                    run.domain.clone(),
                    run.state.label().to_owned(),
                    changes(run),
                ]);
            }
        }
        let Some(offset) = page.next_offset() else { break };
        window.offset = offset;
    }
    if !json {
        table.write(&mut results)?;
    }
    results.finish()
}

fn say(run: &RunLine, json: bool) -> Result<()> {
    let mut results = Results::new();
    if json {
        results.json(&line(run))?;
    } else {
        results.line(format_args!("{}: {}.", run.state.label(), changes(run)))?;
    }
    results.finish()
}

fn line(run: &RunLine) -> Line<'_> {
    Line {
        run: run.id,
        directory: &run.domain,
        mode: run.mode,
        state: run.state,
        began_at: run.began_at.rfc3339(),
        ended_at: run.ended_at.map(roster::id::Timestamp::rfc3339),
        counts: run.counts,
        held: run.held.as_ref().map(|held| held.reason),
        waiting: run.held.as_ref().map_or(0, |held| held.count),
        message: run.message.as_deref(),
    }
}

/// "3 created, 1 disabled, 12 waiting"
fn changes(run: &RunLine) -> String {
    let counts = &run.counts;
    let waiting = match run.state {
        RunState::Held | RunState::HeldBefore => run.held.as_ref().map_or(0, |held| held.count),
        _ => 0,
    };
    let said: Vec<String> = [
        (counts.created, "created"),
        (counts.updated, "changed"),
        (counts.disabled, "disabled"),
        (counts.enabled, "enabled"),
        (counts.failed, "failed"),
        (waiting, "waiting"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    match (said.is_empty(), &run.message) {
        (true, Some(message)) => message.clone(),
        (true, None) => "nothing changed".to_owned(),
        (false, _) => said.join(", "),
    }
}
