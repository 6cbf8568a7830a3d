//! `muster-sync run --once`.

use roster::directory::protocol::Mode;

use super::{Ready, table};
use crate::clock;
use crate::configuration::Files;
use crate::failure::{Exit, Failure, Result};
use crate::run::Run;
use crate::server::Waits;

pub async fn run(files: Files) -> Result<Exit> {
    let Ready { setting, server, trust } = Ready::read(files, Waits::of_the_service())?;
    let (id, tls) = (clock::run_id(), trust.controllers);
    let run = Run { id, mode: Mode::Apply, setting: &setting, server: &server, tls };
    let outcome = tokio::select! {
        outcome = run.carry_out() => outcome?,
        _ = tokio::signal::ctrl_c() => {
            run.give_up(&Failure::Stopped {}).await;
            return Err(Failure::Stopped {});
        }
    };
    table::outcome(&outcome)?;
    Ok(outcome.exit())
}
