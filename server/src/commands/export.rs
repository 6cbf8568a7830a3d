//! `muster export`: accounts in the import's own format, to standard output.

use std::process::ExitCode;

use operations::{export, groups};
use roster::authority::Caller;

use super::{open_existing, open_to_read};
use crate::arguments::{Export, Format};
use crate::configuration::Database;
use crate::failure::Result;
use crate::say;

pub async fn run(database: Database, wish: Export) -> Result<ExitCode> {
    // Where nothing can be written, it is read all the same.
    let operations = match open_existing(&database).await {
        Ok(operations) => operations,
        Err(refused) => open_to_read(&database).await.map_err(|_| refused)?,
    };
    let caller = Caller::operator();
    let group = match &wish.group {
        Some(group) => groups::find(&operations, &caller, group).await?.lineage().last().copied(),
        None => None,
    };
    let format = match wish.format {
        Format::Csv => export::Format::Csv,
        Format::Json => export::Format::Json,
    };
    let exported = export::export(&operations, &caller, group, format).await?;
    operations.close().await;
    if !exported.noted {
        say::aside("muster: The database is read-only: this export is not in its audit trail.");
    }
    say::bytes(&exported.bytes)?;
    Ok(ExitCode::SUCCESS)
}
