//! What the systems do differently: how secrets are kept, how a service is installed, and how it
//! says that it is alive. The rest of the program knows this trait and no system.

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

    /// Where the configuration is unless it is said.
    fn default_configuration(&self) -> PathBuf;

    /// A secret that the service manager hands over.
    fn credential(&self, name: &str) -> Option<PathBuf>;

    /// Where the service manager lets the service write. For the `default` configuration it is known
    /// to others than the service, too.
    fn state_folder(&self, default: bool) -> Option<PathBuf>;

    fn read_secret(&self, path: &Path) -> io::Result<Secret>;

    /// Readable by its owner alone, from the first byte on.
    fn keep_secret(&self, path: &Path, secret: &Secret) -> io::Result<()>;

    /// Opens an address in the browser of whoever is at this machine, without a shell and where no other
    /// user of the machine can read it. Another way to it is said as well: it may not open.
    fn show(&self, address: &str) -> io::Result<Shown>;

    /// By no command, but in the system's own list of files.
    fn is_double_clicked(&self) -> bool {
        false
    }

    /// The service refuses more rights than it needs.
    fn may_serve(&self) -> Result<()>;

    /// Until it is told to stop, by whatever started the program.
    fn serve(&self, files: Files) -> Result<Exit> {
        service::until_signalled(files)
    }

    /// What was done, for the person at the terminal.
    fn install(&self, files: &Files) -> Result<Vec<String>>;

    fn uninstall(&self) -> Result<Vec<String>>;

    /// "active", "inactive", …; `None`: there is no service.
    fn service_state(&self) -> Option<String>;

    fn ready(&self);

    fn alive(&self);

    fn stopping(&self);
}

/// As long as it is needed: a file in which the address stands goes with it.
#[derive(Debug, Default)]
pub struct Shown {
    file: Option<PathBuf>,
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            // Of no use to anybody: the address works once.
            let _gone = fs::remove_file(file);
        }
    }
}

/// The one that this program was built for.
#[must_use]
pub fn this() -> &'static dyn System {
    #[cfg(target_os = "linux")]
    return &linux::Linux;
    #[cfg(windows)]
    return &windows::Windows;
    #[cfg(not(any(target_os = "linux", windows)))]
    return &other::Other;
}
