//! The differences between operating systems: storing secrets, installing the service and notifying the
//! service manager. The rest of the program only uses this trait.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(any(target_os = "linux", windows)))]
mod other;
#[cfg(windows)]
mod windows;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use roster::secret::Secret;

use crate::configuration::Files;
use crate::failure::{Exit, Result};
use crate::service;

pub trait System {
    /// "linux", for the list of runs.
    fn name(&self) -> &'static str;

    /// The configuration's path unless one is given.
    fn default_configuration(&self) -> PathBuf;

    /// The file with a credential from the service manager.
    fn credential(&self, name: &str) -> Option<PathBuf>;

    /// The folder that the service manager gives the service. With the `default` configuration, other
    /// commands find it, too.
    fn state_folder(&self, default: bool) -> Option<PathBuf>;

    fn read_secret(&self, path: &Path) -> io::Result<Secret>;

    /// Writes a secret that is never readable to others, not even while it is written.
    fn keep_secret(&self, path: &Path, secret: &Secret) -> io::Result<()>;

    /// Opens an address in this user's browser, without a shell, and so that no other user of the machine can
    /// read it. The caller also prints the address, because opening may fail.
    fn show(&self, address: &str) -> io::Result<Shown>;

    /// Whether the program was started by a double click.
    fn is_double_clicked(&self) -> bool {
        false
    }

    /// Fails if the service would run with more rights than it needs.
    fn may_serve(&self) -> Result<()>;

    /// Runs the service until the service manager or the terminal stops it.
    fn serve(&self, files: Files) -> Result<Exit> {
        service::until_signalled(files)
    }

    /// Installs the service; returns what was done, as lines for the terminal.
    fn install(&self, files: &Files) -> Result<Vec<String>>;

    fn uninstall(&self) -> Result<Vec<String>>;

    /// "active", "inactive", …; `None`: there is no service.
    fn service_state(&self) -> Option<String>;

    fn ready(&self);

    fn alive(&self);

    fn stopping(&self);
}

/// An address shown in the browser. Dropping it deletes the file that contains the address, if there is one.
#[derive(Debug, Default)]
pub struct Shown {
    file: Option<PathBuf>,
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            // A file that stays is harmless: the address works once.
            let _gone = fs::remove_file(file);
        }
    }
}

/// The system that this program was built for.
#[must_use]
pub fn this() -> &'static dyn System {
    #[cfg(target_os = "linux")]
    return &linux::Linux;
    #[cfg(windows)]
    return &windows::Windows;
    #[cfg(not(any(target_os = "linux", windows)))]
    return &other::Other;
}
