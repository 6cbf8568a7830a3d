//! `muster key`: the file of the keys that lie outside the database.

use std::io::{self, BufRead as _, Read as _};
use std::path::Path;
use std::process::ExitCode;

use operations::keys::{self, Dropped, Lost, Replaced, Rotated};
use roster::authority::Caller;

use super::open_existing;
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
    let operations = open_existing(&database).await?;
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

/// What is typed to go on.
const WORD: &str = "LOST";

pub async fn replace(database: Database, yes: bool) -> Result<ExitCode> {
    let operator = Caller::operator();
    let opened = Lost::open(&operator, &database.url, database.key_file.as_deref()).await;
    let lost = opened.map_err(|error| Failure::failed(error.to_string()))?;
    if !yes {
        ask(lost.file(), &lost.would_drop(&operator).await?)?;
    }
    let replaced = lost.replace(&operator).await;
    let Replaced { file, key, begins_after, dropped } =
        replaced.map_err(|error| Failure::failed(error.to_string()))?;
    say::line(format_args!(
        "{} is made, and its key {key} is in use. Keep a copy of it, apart from the backups of the \
         database.\nThis is dropped:\n{}\nThe audit trail begins anew: entries up to {begins_after} can’t be \
         verified any more. From now on: muster audit verify --begins-after {begins_after}",
        file.display(),
        list(&dropped)
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Goes on if the word is typed.
fn ask(file: &Path, dropped: &Dropped) -> Result<()> {
    say::aside(format_args!(
        "The key file {} is not there. If there is a copy of it anywhere, put it back instead. To go on \
         without it drops:\n{}\nPasswords and passkeys stay. The audit trail begins anew: entries so \
         far can’t be verified any more.\nThis can’t be taken back. Type {WORD} to go on:",
        file.display(),
        list(dropped)
    ));
    let mut typed = String::new();
    // What can't be read is no consent.
    let _unread = io::stdin().lock().take(64).read_line(&mut typed);
    if typed.trim() == WORD {
        Ok(())
    } else {
        Err(Failure::failed(format!("Nothing was changed: {WORD} was not typed.")))
    }
}

fn list(dropped: &Dropped) -> String {
    let Dropped { apps, codes, starting, sessions } = dropped;
    format!(
        "  apps of two-step verification: {apps}. A password or a passkey alone lets these people in until \
         they set an app up anew\n  \
           people with recovery codes: {codes}. New ones are made in My Account\n  \
           imports and directories whose starting passwords were not downloaded: {starting}\n  \
           sessions: {sessions}. Everybody signs in again"
    )
}
