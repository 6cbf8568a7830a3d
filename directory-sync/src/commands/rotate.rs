//! `muster-sync rotate-token`: gets a new token that replaces the old one.

use super::{Ready, service_state};
use crate::configuration::{Files, Kept};
use crate::failure::{Exit, Failure, Result};
use crate::say;
use crate::server::Waits;

pub async fn run(files: Files) -> Result<Exit> {
    let Ready { setting, server, .. } = Ready::read(files, Waits::of_a_person())?;
    // The token's file must be writable before a new token is requested.
    setting.files.keep_secret(Kept::Token, &setting.token)?;
    let token = server.rotate().await?;
    setting.files.keep_secret(Kept::Token, &token).map_err(|failure| match failure {
        Failure::Write { path, why } => {
            Failure::Write { path, why: format!("{why}; the old token works for another 24 hours") }
        }
        other => other,
    })?;
    say::line("The service has a new token. The old one works for another 24 hours.")?;
    if service_state().is_some() {
        say::line("Restart the service, so that it takes the new one: muster-sync install")?;
    }
    Ok(Exit::Done)
}
