//! Imports as they are remembered: what was brought, which chunks are done, what became of each
//! row. Reading is in `read`, the rows in `rows`; what changes them is in `write` and `save`. What
//! waits for the end of an import of all rows or none is in `staged`, going back in `undo`.

mod read;
mod rows;
mod save;
mod staged;
mod undo;
mod write;

use roster::fields::Person;
use roster::history::CHUNK_ROWS;
use roster::id::GroupId;
use roster::import::RowResult;
use serde::{Deserialize, Serialize};

pub use staged::Staged;
pub use undo::{ToUndo, UndoStep};

/// What became of a row, and what it takes to mend it or to undo it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRow {
    pub result: RowResult,
    /// The row's values as they were understood, a JSON object without the password; for rows that
    /// made no account.
    pub values: Option<String>,
    /// The row came with a password; it was not kept.
    pub had_password: bool,
    /// The version in which the row left its account.
    pub version: Option<i64>,
    /// What an updated account was before.
    pub before: Option<Before>,
}

/// What an account was before an import changed it: what undoing goes back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    pub person: Person,
    pub group: Option<GroupId>,
}

/// Whether a chunk was saved. If it was not, the transaction is to be dropped: what it did was
/// done before, or must not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum ChunkSaved {
    Saved,
    /// It was sent before; its results are there to be read.
    Already,
    /// The import has ended, or there is none.
    Ended,
}

/// Each chunk has so many places, whether it fills them or not.
pub(crate) const PLACES: i64 = 1000;
const _: () = assert!(CHUNK_ROWS <= 1000, "a chunk has more rows than places");

/// The place of a chunk's first row among the rows of its import.
fn first_place(number: u32) -> i64 {
    i64::from(number) * PLACES
}

/// The place of a row, by its chunk and where it stands there.
#[must_use]
pub fn row_place(number: u32, row: usize) -> i64 {
    first_place(number) + i64::try_from(row).unwrap_or(PLACES)
}
