//! `--starting-passwords FILE`: the file is there before anybody is created, so that none of them is
//! made that can't be written down.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use operations::{Operations, imports};
use roster::authority::Caller;
use roster::id::ImportId;

use crate::commands::counted;
use crate::failure::{Failure, Result};
use crate::say;

/// The new file. Unless starting passwords are written to it, it is taken away again, so that the same
/// command can go on with an import that was stopped.
pub struct NewFile<'a> {
    path: &'a Path,
    file: File,
    written: bool,
}

impl<'a> NewFile<'a> {
    /// Readable by its owner alone.
    pub fn make(path: &'a Path) -> Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| {
            let why = match error.kind() {
                ErrorKind::AlreadyExists => {
                    "This file is there already, and is never written over: name a new one."
                        .to_owned()
                }
                _ => format!("This file can't be made: {error}."),
            };
            Failure::Usage(format!("--starting-passwords {}: {why}", path.display()))
        })?;
        Ok(Self { path, file, written: false })
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written = true;
        self.file.write_all(bytes)?;
        self.file.sync_all()
    }
}

impl Drop for NewFile<'_> {
    fn drop(&mut self) {
        if !self.written {
            // That an empty file stays does no harm.
            let _stays = fs::remove_file(self.path);
        }
    }
}

/// Writes them; or, without a file, says how they are had.
pub async fn hand_out(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
    file: Option<NewFile<'_>>,
) -> Result<()> {
    let waiting = imports::starting_passwords(operations, caller, id).await?;
    match (waiting, file) {
        (None, None) => {}
        (None, Some(_)) => say::aside("No starting password was made."),
        (Some(waiting), None) => say::aside(format_args!(
            "{} made for those without a password. A Master Administrator downloads them, once, \
             at /account/imports/{id}; with --starting-passwords FILE they are written to a file.",
            counted(waiting.count, "starting password was", "starting passwords were")
        )),
        (Some(waiting), Some(mut file)) => {
            let taken = imports::take_starting_passwords(operations, caller, id).await?;
            let path = file.path;
            file.write(&taken.bytes).map_err(|error| {
                Failure::Failed(format!(
                    "The starting passwords can't be written to {}: {error}. Reset the passwords \
                     of those who need one.",
                    path.display()
                ))
            })?;
            say::aside(format_args!(
                "{} written to {}.",
                counted(waiting.count, "starting password is", "starting passwords are"),
                path.display()
            ));
        }
    }
    Ok(())
}
