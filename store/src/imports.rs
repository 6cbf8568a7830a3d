//! Imports as they are remembered: what was brought, which chunks are done, what became of each
//! row. Reading is in `read`, the rows in `rows`; what changes them is in `write`.

mod read;
mod rows;
mod write;

use roster::history::CHUNK_ROWS;
use roster::import::RowResult;

/// What became of a row, and what it takes to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRow {
    pub result: RowResult,
    /// The row's values as they were understood, a JSON object without the password; for rows that
    /// made no account.
    pub values: Option<String>,
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
const PLACES: i64 = 1000;
const _: () = assert!(CHUNK_ROWS <= 1000, "a chunk has more rows than places");

/// The place of a chunk's first row among the rows of its import.
fn first_place(number: u32) -> i64 {
    i64::from(number) * PLACES
}
