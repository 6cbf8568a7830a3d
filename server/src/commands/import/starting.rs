//! `--starting-passwords FILE`: the file is there before anybody is created, so that none of them is
//! made that can't be written down.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;

use operations::{Operations, imports};
use roster::authority::Caller;
use roster::id::ImportId;

use crate::failure::{Failure, Result};
use crate::say;

/// The new file, readable by its owner alone.
pub fn open(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| {
        Failure::Usage(format!("--starting-passwords {}: {error}.", path.display()))
    })
}

/// Writes them; or, without a file, says how they are had.
pub async fn hand_out(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
    file: Option<(&Path, File)>,
) -> Result<()> {
    let waiting = imports::starting_passwords(operations, caller, id).await?;
    match (waiting, file) {
        (None, None) => {}
        (None, Some((path, file))) => {
            drop(file);
            // Nobody needs one. That an empty file stays does no harm.
            let _stays = fs::remove_file(path);
            say::aside("No starting password was needed.");
        }
        (Some(waiting), None) => say::aside(format_args!(
            "{} made for those without a password. A Master Administrator downloads them, once, \
             at /account/imports/{id}; with --starting-passwords FILE they are written to a file.",
            counted(waiting.count, "starting password was", "starting passwords were")
        )),
        (Some(waiting), Some((path, mut file))) => {
            let taken = imports::take_starting_passwords(operations, caller, id).await?;
            let written = file.write_all(&taken.bytes).and_then(|()| file.sync_all());
            written.map_err(|error| {
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

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
