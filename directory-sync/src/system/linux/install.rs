//! Installing the service with systemd, and encrypting its secrets.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use roster::secret::Secret;

use super::is_root;
use super::unit::{self, Secrets};
use crate::configuration::{Files, Kept};
use crate::failure::{Failure, Result};

const NAME: &str = "muster-sync.service";
const UNIT: &str = "/etc/systemd/system/muster-sync.service";
const PROGRAM: &str = "/usr/local/bin/muster-sync";

pub fn install(files: &Files) -> Result<Vec<String>> {
    let configuration = files.configuration.canonicalize().map_err(|_| {
        Failure::NoConfiguration { path: files.configuration.display().to_string() }
    })?;
    let files = Files::new(configuration);
    possible()?;
    let mut done = Vec::new();
    let program = placed(&mut done)?;
    let secrets = encrypt(&files, &mut done);
    fs::write(UNIT, unit::text(&program, &files, secrets))
        .map_err(|error| Failure::Write { path: UNIT.to_owned(), why: error.to_string() })?;
    done.push(format!("{UNIT} is written."));
    systemctl(&["daemon-reload"])?;
    systemctl(&["enable", NAME])?;
    systemctl(&["restart", NAME])?;
    done.push(format!("{NAME} is enabled and runs: journalctl -u {NAME} shows its log."));
    Ok(done)
}

pub fn uninstall() -> Result<Vec<String>> {
    possible()?;
    if !Path::new(UNIT).exists() {
        return Ok(vec!["No service is installed.".to_owned()]);
    }
    systemctl(&["disable", "--now", NAME])?;
    fs::remove_file(UNIT)
        .map_err(|error| Failure::Write { path: UNIT.to_owned(), why: error.to_string() })?;
    systemctl(&["daemon-reload"])?;
    Ok(vec![format!(
        "{NAME} is stopped and removed. Its configuration and secrets are still there."
    )])
}

pub fn state() -> Option<String> {
    if !Path::new(UNIT).exists() {
        return None;
    }
    let said = Command::new("systemctl").args(["is-active", NAME]).output().ok()?;
    Some(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

fn possible() -> Result<()> {
    let why = if !sd_notify::booted().unwrap_or(false) {
        "systemd doesn't run here. Start “muster-sync run” with this machine's service manager, \
         as a user of its own."
    } else if !is_root() {
        "this needs root. Run it with sudo."
    } else {
        return Ok(());
    };
    Err(Failure::Install { why: why.to_owned() })
}

/// Copies the program to a place that only root can change.
fn placed(done: &mut Vec<String>) -> Result<PathBuf> {
    let failed =
        |error: io::Error| Failure::Write { path: PROGRAM.to_owned(), why: error.to_string() };
    let own = std::env::current_exe().map_err(failed)?;
    if ["/usr/", "/opt/"].iter().any(|place| own.starts_with(place)) {
        return Ok(own);
    }
    // A running program can't be overwritten, but its file can be replaced.
    let next = format!("{PROGRAM}.new");
    fs::copy(&own, &next).and_then(|_| fs::rename(&next, PROGRAM)).map_err(failed)?;
    done.push(format!("The program is in {PROGRAM}."));
    Ok(PROGRAM.into())
}

/// Encrypts the secrets; if the machine can't, the plain files stay.
fn encrypt(files: &Files, done: &mut Vec<String>) -> Secrets {
    for kept in Kept::ALL {
        let path = files.secret(kept);
        let there = unit::encrypted(&path).exists() && !path.exists();
        if !there && encrypt_one(&path).is_err() {
            done.push(format!("{} stays unencrypted, readable by root only.", path.display()));
            return Secrets::Plain;
        }
    }
    // Plain files are removed only after all secrets are encrypted.
    for kept in Kept::ALL {
        let _gone = fs::remove_file(files.secret(kept));
    }
    done.push("The secrets are encrypted for this machine (systemd-creds).".to_owned());
    Secrets::Encrypted
}

fn encrypt_one(path: &Path) -> io::Result<()> {
    let said = Command::new("systemd-creds")
        .arg("encrypt")
        .arg(format!("--name={}", credential_name(path)))
        .arg(path)
        .arg(unit::encrypted(path))
        .stderr(Stdio::null())
        .output()?;
    if said.status.success() { Ok(()) } else { Err(io::Error::other("systemd-creds failed")) }
}

/// Encrypts a new secret if the old one was encrypted.
pub fn encrypt_again(path: &Path) -> io::Result<()> {
    if !unit::encrypted(path).exists() {
        return Ok(());
    }
    encrypt_one(path)?;
    fs::remove_file(path)
}

/// `None`: the secret isn't encrypted.
pub fn decrypted(path: &Path) -> Option<io::Result<Secret>> {
    let encrypted = unit::encrypted(path);
    if !encrypted.exists() {
        return None;
    }
    let said = Command::new("systemd-creds")
        .arg("decrypt")
        .arg(format!("--name={}", credential_name(path)))
        .arg(encrypted)
        .arg("-")
        .stderr(Stdio::null())
        .output();
    Some(said.and_then(|said| match (said.status.success(), String::from_utf8(said.stdout)) {
        (true, Ok(text)) => Ok(Secret::new(text)),
        _ => Err(io::Error::other("systemd-creds can't decrypt it (this needs root)")),
    }))
}

/// The file `muster-sync.token` has the credential `token`.
fn credential_name(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().into_owned()
}

fn systemctl(arguments: &[&str]) -> Result<()> {
    let failed = |why: String| Failure::Install {
        why: format!("systemctl {} failed: {why}", arguments.join(" ")),
    };
    let said = Command::new("systemctl").args(arguments).output();
    let said = said.map_err(|error| failed(error.to_string()))?;
    if said.status.success() {
        Ok(())
    } else {
        Err(failed(String::from_utf8_lossy(&said.stderr).trim().to_owned()))
    }
}
