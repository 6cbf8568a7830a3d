//! `muster export`: accounts in the import's own format, to standard output.

use std::process::ExitCode;

use operations::{export, groups};
use roster::authority::Caller;

use super::open_existing;
use crate::arguments::{Export, Format};
use crate::configuration::Database;
use crate::failure::Result;
use crate::say;

pub async fn run(database: Database, wish: Export) -> Result<ExitCode> {
    let operations = open_existing(&database).await?;
    let caller = Caller::operator();
    let group = match &wish.group {
        Some(group) => groups::find(&operations, &caller, group).await?.lineage().last().copied(),
        None => None,
    };
    let format = match wish.format {
        Format::Csv => export::Format::Csv,
        Format::Json => export::Format::Json,
    };
    let bytes = export::export(&operations, &caller, group, format).await?;
    operations.close().await;
    say::bytes(&bytes)?;
    Ok(ExitCode::SUCCESS)
}
