//! Linux, with systemd where it runs.

mod install;
mod show;
mod unit;

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use roster::secret::Secret;
use sd_notify::NotifyState;

use super::{Shown, System};
use crate::configuration::Files;
use crate::failure::{Failure, Result};

/// The path of the unit's `StateDirectory` for other commands.
const STATE: &str = "/var/lib/muster-sync";

pub struct Linux;

impl System for Linux {
    fn name(&self) -> &'static str {
        "linux"
    }

    fn default_configuration(&self) -> PathBuf {
        PathBuf::from("/etc/muster-sync/muster-sync.toml")
    }

    fn credential(&self, name: &str) -> Option<PathBuf> {
        let path = Path::new(&env::var_os("CREDENTIALS_DIRECTORY")?).join(name);
        path.is_file().then_some(path)
    }

    fn state_folder(&self, default: bool) -> Option<PathBuf> {
        // systemd may name several, with colons between; the unit has one.
        let own = env::var_os("STATE_DIRECTORY").map(PathBuf::from);
        own.or_else(|| Some(PathBuf::from(STATE)).filter(|folder| default && folder.is_dir()))
    }

    fn read_secret(&self, path: &Path) -> io::Result<Secret> {
        match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                install::decrypted(path).unwrap_or(Err(error))
            }
            read => read.map(Secret::new),
        }
    }

    fn keep_secret(&self, path: &Path, secret: &Secret) -> io::Result<()> {
        // A new file replaces the old one, which is read-only and may be open.
        let next = path.with_added_extension("new");
        let _leftover = fs::remove_file(&next);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o400).open(&next)?;
        file.write_all(secret.reveal().as_bytes())?;
        file.sync_all()?;
        fs::rename(&next, path)?;
        install::encrypt_again(path)
    }

    fn show(&self, address: &str) -> io::Result<Shown> {
        show::show(address)
    }

    fn may_serve(&self) -> Result<()> {
        if is_root() { Err(Failure::Root {}) } else { Ok(()) }
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
        tell(&[NotifyState::Ready]);
    }

    fn alive(&self) {
        tell(&[NotifyState::Watchdog]);
    }

    fn stopping(&self) {
        tell(&[NotifyState::Stopping]);
    }
}

/// Does nothing if systemd didn't start the program.
fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "the service manager can't be notified");
    }
}

/// By the owner of the process's own folder in `/proc`.
fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}
