//! The import: a file's bytes become a [`Sheet`], the sheet is [`check`]ed, its rows are
//! [`SubmittedRow`]s that the server checks anew by the same code. What files may be and which
//! codes there are stands in docs/import.md. Nothing here knows the accounts that exist.

mod alias;
mod arena;
mod binary;
mod cause;
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
mod head;
mod header;
mod intake;
mod json;
mod lines;
mod mend;
mod message;
mod outcome;
mod read;
mod review;
mod sample;
mod sheet;
mod submit;
mod values;

pub use cause::{Cause, Offer};
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
pub use file_error::{ColumnOffer, FileCode, FileError};
pub(crate) use formula::guard;
pub use header::{Header, Role};
pub use intake::Intake;
pub use mend::{Mend, Slip};
pub use outcome::{Change, Outcome, RowResult, results_csv, results_json, starting_csv};
pub use read::read;
pub use review::{Review, VerdictCounts, VerdictKind};
pub use sample::Other;
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
    /// Of a group's path, in characters: no tree has a longer one.
    pub const GROUP_PATH: usize = crate::group::MAX_DEPTH * (crate::group::MAX_NAME + 1);
    /// Lists and objects within each other.
    pub const JSON_DEPTH: usize = 32;
}

/// How to read the file; `None`: found by looking at its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    pub encoding: Option<Encoding>,
    pub delimiter: Option<Delimiter>,
    /// Of CSV.
    pub header: Option<HeaderAt>,
    /// What columns are, where somebody knows better than their names.
    pub roles: Vec<(u16, Role)>,
    /// Columns that won't do are no reason to refuse the file: `Sheet::complaints` tells of them.
    pub lenient: bool,
}

/// Where a CSV file's headers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderAt {
    /// What stands above this line is no row.
    Line(u32),
    /// Nowhere: every line is a row, the columns are numbered.
    None,
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
