//! `muster-sync preview`: what a run would do.

use std::future::pending;
use std::sync::Arc;

use roster::directory::protocol::Mode;

use super::{Ready, table};
use crate::clock;
use crate::configuration::Files;
use crate::failure::{Exit, Result};
use crate::run::{Outcome, Run};
use crate::say;
use crate::server::Waits;

pub async fn run(files: Files) -> Result<Exit> {
    of(&Ready::read(files, Waits::of_a_person())?).await
}

pub async fn of(ready: &Ready) -> Result<Exit> {
    let Preview { outcome, address } = Preview::unless(pending(), ready).await?;
    table::outcome(&outcome)?;
    say::line(format_args!("\nPerson by person: {address}"))?;
    Ok(outcome.exit())
}

pub struct Preview {
    pub outcome: Outcome,
    /// The page on the server that shows it person by person.
    pub address: String,
}

impl Preview {
    /// Makes a preview; aborts it if `stop` completes first.
    pub async fn unless(stop: impl Future<Output = ()>, ready: &Ready) -> Result<Self> {
        let Ready { setting, server, trust } = ready;
        let (id, tls) = (clock::run_id(), Arc::clone(&trust.controllers));
        let run = Run { id, mode: Mode::Preview, setting, server, tls };
        let outcome = run.unless(stop).await?;
        let server = setting.configuration.server.trim_end_matches('/');
        Ok(Self { outcome, address: format!("{server}/settings/directory/runs/{id}") })
    }
}
