//! `muster-sync status`: what is known on this machine, without a network request.

use serde::Serialize;

use super::service_state;
use crate::configuration::{Configuration, Files};
use crate::failure::{Exit, Failure, Result};
use crate::ldap::Account;
use crate::say;
use crate::state::State;

#[derive(Serialize)]
struct Status {
    server: String,
    domain: String,
    controllers: Vec<String>,
    bind_user: String,
    base: Option<String>,
    /// "active", "inactive", …; `null`: the service isn't installed.
    service: Option<String>,
    secrets_readable: bool,
    #[serde(flatten)]
    state: State,
}

pub fn run(files: &Files, json: bool) -> Result<Exit> {
    let configuration = Configuration::read(&files.configuration)?;
    let secrets = configuration.secrets();
    let status = Status {
        server: configuration.server,
        domain: configuration.domain,
        controllers: configuration.controllers,
        bind_user: configuration.bind_user.unwrap_or_else(|| Account::Own.user().to_owned()),
        base: configuration.base,
        service: service_state(),
        secrets_readable: secrets.iter().all(|kept| files.read_secret(*kept).is_ok()),
        state: State::read(&files.state()),
    };
    if json {
        let text = serde_json::to_string(&status)
            .map_err(|error| Failure::Output { why: error.to_string() })?;
        say::line(text)?;
    } else {
        say::table(&rows(&status))?;
    }
    Ok(Exit::Done)
}

fn rows(status: &Status) -> Vec<Vec<String>> {
    let row = |what: &str, value: &str| vec![what.to_owned(), value.to_owned()];
    let controllers = if status.controllers.is_empty() {
        "found by DNS".to_owned()
    } else {
        status.controllers.join(", ")
    };
    let success = status.state.last_success.map(roster::id::Timestamp::rfc3339);
    let mut rows = vec![
        row("Server", &status.server),
        row("Domain", &status.domain),
        row("Controllers", &controllers),
        row("Reads as", &status.bind_user),
        row("Service", status.service.as_deref().unwrap_or("not installed")),
        row("Last success", success.as_deref().unwrap_or("never")),
    ];
    if let Some(run) = &status.state.last_run {
        let result = match (&run.result, &run.code) {
            (Some(result), _) => format!("{result:?}").to_lowercase(),
            (None, Some(code)) => format!("failed ({code})"),
            (None, None) => "under way".to_owned(),
        };
        rows.push(row("Last run", &format!("{}, {result}", run.began.rfc3339())));
        if let Some(message) = &run.message {
            rows.push(row("", message));
        }
    }
    rows
}
