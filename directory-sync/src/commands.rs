//! The commands, as used at a terminal.

pub mod check;
pub mod install;
pub mod once;
pub mod preview;
pub mod rotate;
pub mod setup;
pub mod status;
pub mod table;

use crate::configuration::{Files, Setting};
use crate::connect::Trust;
use crate::failure::Result;
use crate::server::{Server, Waits};
use crate::{connect, system};

/// The saved configuration, and the server it names.
pub struct Ready {
    pub setting: Setting,
    pub server: Server,
    pub trust: Trust,
}

impl Ready {
    pub fn read(files: Files, waits: Waits) -> Result<Self> {
        Self::of(Setting::read(files)?, waits)
    }

    pub fn of(setting: Setting, waits: Waits) -> Result<Self> {
        let trust = connect::trust(&setting.configuration)?;
        let address = &setting.configuration.server;
        let server = Server::new(address, setting.token.clone(), &trust.server, waits)?;
        Ok(Self { setting, server, trust })
    }
}

/// Prints what the service manager did.
fn said(lines: Vec<String>) -> Result<()> {
    lines.into_iter().try_for_each(crate::say::line)
}

fn service_state() -> Option<String> {
    system::this().service_state()
}
