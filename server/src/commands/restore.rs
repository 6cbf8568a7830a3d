//! `muster restore FROM`: a backup of an SQLite database in the database's place.

use std::process::ExitCode;

use operations::restore::{Restore, Restored};
use roster::authority::Caller;

use crate::arguments;
use crate::configuration::Database;
use crate::failure::{Failure, Result};
use crate::say;

pub async fn run(database: Database, wish: arguments::Restore) -> Result<ExitCode> {
    let restored = restore(&database, &wish).await;
    let Restored { file, key_file, aside } =
        restored.map_err(|error| Failure::failed(error.to_string()))?;
    say::line(format_args!(
        "{} is restored to {}. It is used with the key file {}.",
        wish.from.display(),
        file.display(),
        key_file.display()
    ))?;
    if let Some(aside) = aside {
        say::line(format_args!("What was there is now {}.", aside.display()))?;
    }
    say::line("All sessions are ended: people sign in again.")?;
    Ok(ExitCode::SUCCESS)
}

async fn restore(
    database: &Database,
    wish: &arguments::Restore,
) -> std::result::Result<Restored, operations::restore::RestoreError> {
    let restore = Restore::to(&database.url, database.key_file.as_deref())?;
    restore.run(&Caller::operator(), &wish.from, wish.set_aside).await
}
