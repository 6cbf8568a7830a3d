//! Files that nobody but the user of this program may read: the database and copies of it.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Read and written by their owner alone.
const PRIVATE: u32 = 0o600;

/// A new file; an error where there is one.
pub(crate) fn create_new(file: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(file)
}

/// Makes the SQLite file if it is missing; SQLite gives its log the same permissions. Takes from
/// others what an earlier version or another program gave them. What can't be done here is no
/// failure: opening the database says what is wrong.
pub(crate) fn keep(database: &Path) {
    if create_new(database).is_ok() {
        return;
    }
    for end in ["", "-wal", "-shm"] {
        let mut name = database.as_os_str().to_owned();
        name.push(end);
        tighten(&PathBuf::from(name));
    }
}

fn tighten(file: &Path) {
    let Ok(about) = fs::metadata(file) else { return };
    let mode = about.permissions().mode() & 0o777;
    if !about.is_file() || mode & 0o077 == 0 {
        return;
    }
    let tightened = fs::set_permissions(file, Permissions::from_mode(PRIVATE));
    let (file, was) = (file.display(), format!("{mode:o}"));
    match tightened {
        Ok(()) => {
            tracing::warn!(%file, was, "other users could read this file: now its owner alone can");
        }
        Err(cause) => tracing::warn!(%file, mode = was, %cause, "other users can read this file"),
    }
}
