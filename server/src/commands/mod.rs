//! The command line, one verb a file, by the same operations as the server: as the operator, who
//! may everything and is audited as that.

pub mod audit;
pub mod backup;
pub mod check;
pub mod directory;
pub mod export;
mod file;
pub mod group;
pub mod holder;
pub mod import;
pub mod setup;
mod table;

use operations::Operations;

use crate::failure::{Failure, Result};

/// Opens the database; the error says what is wrong and what to do.
pub async fn open(database: &str) -> Result<Operations> {
    Operations::open(database).await.map_err(|error| Failure::failed(error.to_string()))
}
