//! Windows: secrets with the Data Protection API, the service with the Service Control Manager.

mod access;
mod install;
mod managed;
mod secret;
mod show;

use std::env;
use std::io;
use std::path::{Path, PathBuf};

use roster::secret::Secret;

use super::{Shown, System};
use crate::configuration::Files;
use crate::failure::{Exit, Result};

/// The service's name in the Service Control Manager.
const NAME: &str = "muster-sync";

pub struct Windows;

impl System for Windows {
    fn name(&self) -> &'static str {
        "windows"
    }

    fn default_configuration(&self) -> PathBuf {
        default_folder().join("muster-sync.toml")
    }

    fn credential(&self, _name: &str) -> Option<PathBuf> {
        None
    }

    fn state_folder(&self, _default: bool) -> Option<PathBuf> {
        None
    }

    fn read_secret(&self, path: &Path) -> io::Result<Secret> {
        secret::read(path)
    }

    fn keep_secret(&self, path: &Path, secret: &Secret) -> io::Result<()> {
        secret::keep(path, secret)
    }

    fn show(&self, address: &str) -> io::Result<Shown> {
        show::show(address)
    }

    fn is_double_clicked(&self) -> bool {
        show::is_double_clicked()
    }

    fn may_serve(&self) -> Result<()> {
        Ok(())
    }

    fn serve(&self, files: Files) -> Result<Exit> {
        managed::serve(files)
    }

    fn install(&self, files: &Files) -> Result<Vec<String>> {
        install::install(files)
    }

    fn uninstall(&self) -> Result<Vec<String>> {
        install::uninstall()
    }

    fn service_state(&self) -> Option<String> {
        install::state()
    }

    fn ready(&self) {
        managed::ready();
    }

    /// Not needed: the manager notices when the process ends.
    fn alive(&self) {}

    fn stopping(&self) {
        managed::stopping();
    }
}

fn default_folder() -> PathBuf {
    place("ProgramData", r"C:\ProgramData").join(NAME)
}

/// A system folder by its environment variable.
fn place(variable: &str, usual: &str) -> PathBuf {
    env::var_os(variable).map_or_else(|| usual.into(), PathBuf::from)
}
