//! The import: a file's bytes become a [`Sheet`], the sheet is [`check`]ed, its rows are
//! [`SubmittedRow`]s that the server checks anew by the same code. What files may be and which
//! codes there are stands in docs/import.md. Nothing here knows the accounts that exist.

mod alias;
mod arena;
mod binary;
mod check;
mod compare;
mod contract;
mod csv_reader;
mod decode;
mod delimiter;
mod example;
mod export;
mod failed;
mod file_error;
mod first_seen;
mod formula;
mod header;
mod json;
mod lines;
mod message;
mod outcome;
mod read;
mod sheet;
mod submit;
mod values;

pub use check::{Checked, Counts, Filter, Finding, Place, RowStatus, check};
pub use compare::{
    COMPARE_ROWS, CompareRow, Compared, Comparison, Difference, Existing, Expected, There, Update,
    Verdict,
};
pub use contract::{CheckedRow, FileErrorLine, Summary, checked_row, summary};
pub use decode::{Encoding, decode};
pub use delimiter::Delimiter;
pub use example::{example_csv, example_json};
pub use export::{ExportedRow, export_csv, export_json};
pub use failed::{FailedRow, failed_csv, failed_csv_from};
pub use file_error::{FileCode, FileError, Offer};
pub use header::{Header, Role};
pub use outcome::{Change, Outcome, RowResult, results_csv, results_json};
pub use read::read;
pub use sheet::{Format, Sheet};
pub use submit::{ReadyRow, SubmittedRow, SubmittedValues, check_submitted};
pub use values::Values;

use crate::password::Strength;
use serde::{Deserialize, Serialize};

/// What a file may be at most; looked at before the work, named in the messages.
pub mod limit {
    pub const BYTES: usize = 256 * 1024 * 1024;
    pub const ROWS: usize = 1_000_000;
    pub const COLUMNS: usize = 256;
    /// Of one cell, in bytes of UTF-8.
    pub const CELL_BYTES: usize = 32 * 1024;
    /// Lists and objects within each other.
    pub const JSON_DEPTH: usize = 32;
}

/// How to read the file; `None`: found by looking at its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    pub encoding: Option<Encoding>,
    pub delimiter: Option<Delimiter>,
}

/// What the organization asks of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// One group holds for the whole file; IDs in it are ignored.
    pub group_chosen: bool,
    pub strength: Strength,
    /// The organization's name, which no password may be made of.
    pub organization: String,
    /// A row without a password gets the organization's default.
    pub default_password_set: bool,
}
