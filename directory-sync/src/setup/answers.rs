//! The answers that set-up needs.

use std::fs;
use std::path::PathBuf;

use roster::secret::Secret;

use crate::configuration::{Configuration, Files};
use crate::failure::{Failure, Result};
use crate::ldap::Account;

pub struct Answers {
    pub configuration: Configuration,
    pub account: Account,
    pub token: Secret,
    /// `None`: the saved token is enrolled already.
    pub holder: Option<Holder>,
}

/// The Master Account Holder, for the one request that enrolls.
pub struct Holder {
    pub email: String,
    pub password: Secret,
    pub code: Secret,
}

impl Answers {
    /// Writes the configuration. Copies the authority's file beside it, because the service may not be able to
    /// read the original.
    pub fn write(&self, files: &Files) -> Result<()> {
        let mut configuration = self.configuration.clone();
        if let Some(given) = &configuration.ca_file {
            let own = files.ca();
            let own = std::path::absolute(&own).unwrap_or(own);
            if *given != own {
                copy(given, &own)?;
            }
            configuration.ca_file = Some(own);
        }
        configuration.write(&files.configuration)
    }
}

fn copy(from: &PathBuf, to: &PathBuf) -> Result<()> {
    let failed = |error: std::io::Error| Failure::Write {
        path: to.display().to_string(),
        why: error.to_string(),
    };
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let text = fs::read(from).map_err(failed)?;
    fs::write(to, text).map_err(failed)
}

/// Splits controllers typed into one line.
#[must_use]
pub fn controllers_typed(typed: &str) -> Vec<String> {
    typed.split([' ', ',']).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}
