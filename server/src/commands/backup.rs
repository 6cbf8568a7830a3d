//! `muster backup TO`: a consistent copy of the SQLite file, also while a server is using it.

use std::path::PathBuf;
use std::process::ExitCode;

use roster::authority::Caller;

use super::open;
use crate::failure::Result;
use crate::say;

pub async fn run(database: String, to: PathBuf) -> Result<ExitCode> {
    let operations = open(&database).await?;
    operations::backup::back_up(&operations, &Caller::operator(), &to).await?;
    operations.close().await;
    say::line(format_args!("The database is copied to {}.", to.display()))?;
    Ok(ExitCode::SUCCESS)
}
