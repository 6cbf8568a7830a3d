//! `muster-sync preview`: what a run would do.

use std::sync::Arc;

use roster::directory::protocol::Mode;

use super::{Ready, table};
use crate::clock;
use crate::configuration::Files;
use crate::failure::{Exit, Result};
use crate::run::Run;
use crate::say;
use crate::server::Waits;

pub async fn run(files: Files) -> Result<Exit> {
    of(&Ready::read(files, Waits::of_a_person())?).await
}

pub async fn of(ready: &Ready) -> Result<Exit> {
    let Ready { setting, server, trust } = ready;
    let (id, tls) = (clock::run_id(), Arc::clone(&trust.controllers));
    let run = Run { id, mode: Mode::Preview, setting, server, tls };
    let outcome = run.carry_out().await?;
    table::outcome(&outcome)?;
    let server = setting.configuration.server.trim_end_matches('/');
    say::line(format_args!("\nPerson by person: {server}/settings/directory/runs/{id}"))?;
    Ok(outcome.exit())
}
