//! A secret's file: encrypted for this machine by the Data Protection API, and readable by SYSTEM and
//! Administrators only. Both are needed: every user of this machine may use the API, and a stolen disk's files
//! can be read without permissions.

use std::fmt::Display;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use roster::secret::Secret;
use windows_dpapi::{Scope, decrypt_data, encrypt_data};

use super::{access, default_folder};

/// Keeps this program from decrypting another program's secrets.
const PURPOSE: &[u8] = b"muster-sync";

pub fn read(path: &Path) -> io::Result<Secret> {
    let text = decrypt_data(&fs::read(path)?, Scope::Machine, Some(PURPOSE))
        .map_err(|_| io::Error::other("it wasn't encrypted on this machine"))?;
    String::from_utf8(text).map(Secret::new).map_err(io::Error::other)
}

pub fn keep(path: &Path, secret: &Secret) -> io::Result<()> {
    // The line feed makes an empty secret encryptable; reading removes it.
    let text = format!("{}\n", secret.reveal());
    let encrypted =
        encrypt_data(text.as_bytes(), Scope::Machine, Some(PURPOSE)).map_err(unencrypted)?;
    if path.parent() == Some(&default_folder()) {
        access::own(&default_folder())?;
    }
    let next = path.with_added_extension("new");
    let _leftover = fs::remove_file(&next);
    let mut file = OpenOptions::new().write(true).create_new(true).open(&next)?;
    access::restrict(&next)?;
    file.write_all(&encrypted)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&next, path)
}

fn unencrypted(why: impl Display) -> io::Error {
    io::Error::other(format!("Windows doesn't encrypt it: {why:#}"))
}
