//! Connecting to the directory: finding the controllers, choosing one, and the waiting time after a refused
//! sign-in.

use std::path::Path;
use std::sync::Arc;

use roster::id::Timestamp;
use rustls::ClientConfig;

use crate::configuration::{CA, Configuration, Setting};
use crate::directory::{Domain, Root};
use crate::failure::{Failure, Result};
use crate::ldap::{Account, Connection, Controller, locate};
use crate::state::State;
use crate::{system, tls};

/// The certificate authorities that connections trust.
#[derive(Clone)]
pub struct Trust {
    pub controllers: Arc<ClientConfig>,
    pub server: Arc<ClientConfig>,
}

pub fn trust(configuration: &Configuration) -> Result<Trust> {
    // The service may not be able to read the file itself.
    let handed = configuration.ca_file.as_ref().and_then(|_| system::this().credential(CA));
    let ca_file = handed.as_deref().or(configuration.ca_file.as_deref());
    Ok(Trust { controllers: tls::to_controllers(ca_file)?, server: tls::to_server(ca_file)? })
}

/// Signs in at the first usable controller, from which the whole run is read.
pub async fn to_directory(
    configuration: &Configuration,
    account: &Account,
    tls: &Arc<ClientConfig>,
) -> Result<(Connection, Domain)> {
    let mut last = None;
    for controller in controllers(configuration).await? {
        match open(configuration, account, tls, &controller).await {
            Ok(opened) => return Ok(opened),
            // At another controller the same password would count as another failed try.
            Err(failure) if failure.is_of_the_account() => return Err(failure),
            Err(failure) => {
                tracing::info!(code = failure.code(), %controller, "this controller is passed over");
                last.get_or_insert(failure);
            }
        }
    }
    let why = "none is named".to_owned();
    Err(last.unwrap_or(Failure::NoController { domain: configuration.domain.clone(), why }))
}

pub async fn controllers(configuration: &Configuration) -> Result<Vec<Controller>> {
    let named = configuration.named_controllers()?;
    if named.is_empty() {
        locate::controllers(&configuration.domain, configuration.start_tls).await
    } else {
        Ok(named)
    }
}

async fn open(
    configuration: &Configuration,
    account: &Account,
    tls: &Arc<ClientConfig>,
    controller: &Controller,
) -> Result<(Connection, Domain)> {
    let mut connection = Connection::open(controller, account, Arc::clone(tls)).await?;
    // Readable without a sign-in: a controller of another domain gets no password.
    let root = Root::read(&mut connection, &configuration.domain).await?;
    connection.sign_in(account).await?;
    let domain = root.domain(&mut connection, configuration.base.as_deref()).await?;
    Ok((connection, domain))
}

/// Like [`to_directory`], but doesn't try a refused account again for a while. Without a state that can be
/// written there is no sign-in: a wrong password would be tried again at each run, until it locks the account.
pub async fn carefully(
    setting: &Setting,
    tls: &Arc<ClientConfig>,
    now: Timestamp,
) -> Result<(Connection, Domain)> {
    let path = setting.files.state();
    let mut state = State::read(&path);
    state.may_try(&setting.account, &setting.token, now)?;
    state.write(&path)?;
    let before = state.clone();
    let opened = to_directory(&setting.configuration, &setting.account, tls).await;
    match &opened {
        Ok(_) => state.let_in(),
        Err(failure) if failure.is_counted() => {
            state.refused(&setting.account, &setting.token, now);
        }
        Err(_) => (),
    }
    if state != before {
        remember(&state, &path);
    }
    opened
}

/// Writes the state. A failure is only logged: the state can be lost without harm.
pub fn remember(state: &State, path: &Path) {
    if let Err(failure) = state.write(path) {
        tracing::warn!(code = failure.code(), "{failure}");
    }
}
