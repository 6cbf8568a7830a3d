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
pub mod key;
pub mod move_database;
pub mod restore;
pub mod setup;
mod table;
pub mod verify;

use operations::Operations;

use crate::configuration::Database;
use crate::failure::{Failure, Result};

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Opens the database, and makes it if it is missing; the error says what is wrong and what to do.
pub async fn open(database: &Database) -> Result<Operations> {
    let opened = Operations::open(&database.url, database.key_file.as_deref()).await;
    opened.map_err(|error| Failure::failed(error.to_string()))
}

/// Opens a database that is only read: a hot standby, a read-only file or a backup will do.
pub async fn open_to_read(database: &Database) -> Result<Operations> {
    let opened = Operations::open_to_read(&database.url, database.key_file.as_deref()).await;
    opened.map_err(|error| Failure::failed(error.to_string()))
}

/// Where 1 says that something was found, what can't be read at all ends with 2.
fn unreadable(failure: Failure) -> Failure {
    match failure {
        Failure::Failed(sentence) => Failure::Usage(sentence),
        other => other,
    }
}

/// Opens a database that must be there: an empty one in its place would only mislead.
pub async fn open_existing(database: &Database) -> Result<Operations> {
    let opened = Operations::open_existing(&database.url, database.key_file.as_deref()).await;
    opened.map_err(|error| Failure::failed(error.to_string()))
}
