//! `muster key`: the file of the keys that lie outside the database.

use std::path::Path;
use std::process::ExitCode;

use operations::keys::{self, Rotated};
use roster::authority::Caller;

use super::open;
use crate::configuration::Database;
use crate::failure::{Failure, Result};
use crate::say;

pub fn make(file: &Path) -> Result<ExitCode> {
    keys::make_file(&Caller::operator(), file)
        .map_err(|error| Failure::failed(error.to_string()))?;
    say::line(format_args!(
        "{} is made. Keep a copy of it, apart from the backups of the database, which can’t be used \
         without it.",
        file.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

pub async fn rotate(database: Database) -> Result<ExitCode> {
    let operations = open(&database).await?;
    let Rotated { key, earlier } = keys::rotate(&operations, &Caller::operator()).await?;
    let file = operations.key_file().display().to_string();
    operations.close().await;
    say::line(format_args!(
        "Key {key} of {file} is in use, and all that was written with earlier ones is written anew. \
         Keep a copy of the file."
    ))?;
    if !earlier.is_empty() {
        let earlier: Vec<String> = earlier.iter().map(i64::to_string).collect();
        say::line(format_args!(
            "Backups from before need the earlier keys ({}); the database itself doesn’t any more: \
             once every server has this file, their lines can be removed.",
            earlier.join(", ")
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
