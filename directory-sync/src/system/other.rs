//! Systems without support for the service. Everything else works.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use roster::secret::Secret;

use super::{Shown, System};
use crate::configuration::Files;
use crate::failure::{Failure, Result};

pub struct Other;

fn no_service() -> Failure {
    Failure::Install {
        why: "there is no service for this system. Start “muster-sync run” yourself.".to_owned(),
    }
}

impl System for Other {
    fn name(&self) -> &'static str {
        std::env::consts::OS
    }

    fn default_configuration(&self) -> PathBuf {
        PathBuf::from("/usr/local/etc/muster-sync/muster-sync.toml")
    }

    fn credential(&self, _name: &str) -> Option<PathBuf> {
        None
    }

    fn state_folder(&self, _default: bool) -> Option<PathBuf> {
        None
    }

    fn read_secret(&self, path: &Path) -> io::Result<Secret> {
        fs::read_to_string(path).map(Secret::new)
    }

    fn keep_secret(&self, _path: &Path, _secret: &Secret) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "secrets can't be kept on this system"))
    }

    fn show(&self, _address: &str) -> io::Result<Shown> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "no browser is known on this system"))
    }

    fn may_serve(&self) -> Result<()> {
        Err(no_service())
    }

    fn install(&self, _files: &Files) -> Result<Vec<String>> {
        Err(no_service())
    }

    fn uninstall(&self) -> Result<Vec<String>> {
        Err(no_service())
    }

    fn service_state(&self) -> Option<String> {
        None
    }

    fn ready(&self) {}

    fn alive(&self) {}

    fn stopping(&self) {}
}
