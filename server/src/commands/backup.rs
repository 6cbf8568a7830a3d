//! `muster backup TO`: a consistent copy of the SQLite file, also while a server is using it.

use std::path::PathBuf;
use std::process::ExitCode;

use roster::authority::Caller;

use super::open_existing;
use crate::configuration::Database;
use crate::failure::Result;
use crate::say;

pub async fn run(database: Database, to: PathBuf) -> Result<ExitCode> {
    let operations = open_existing(&database).await?;
    operations::backup::back_up(&operations, &Caller::operator(), &to).await?;
    let key_file = operations.key_file().display().to_string();
    operations.close().await;
    say::line(format_args!("The database is copied to {}.", to.display()))?;
    say::line(format_args!(
        "It can be used only together with the key file {key_file}: keep a copy of that as well, \
         apart from this one."
    ))?;
    Ok(ExitCode::SUCCESS)
}
