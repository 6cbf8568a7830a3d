//! What the import page and its worker say to each other. The page asks and shows; the worker holds
//! the file, checks it and sends it. No cell but those that are seen crosses, and no password.

use serde::{Deserialize, Serialize};

use crate::fields::Field;
use crate::history::{self, ImportRecord, ImportRules};
use crate::id::{GroupId, ImportId};
use crate::import::{Counts, Delimiter, Encoding, FileError, Filter, Format, Role, RowStatus};
use crate::problem::Severity;

/// How the file is to be read and checked; what is `None` is found by looking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub encoding: Option<Encoding>,
    pub delimiter: Option<Delimiter>,
    /// The group for the whole file.
    pub group: Option<GroupId>,
}

/// What the page asks of the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Read and check the file that lies beside this message.
    Open { rules: ImportRules, wanted: Wanted },
    /// Read and check the same file again.
    Again(Wanted),
    /// A window of rows for the grid.
    Rows { filter: Filter, from: u32, count: u32 },
    /// Begin the import with this id, or go on with it.
    Send(ImportId),
    /// Send nothing after the chunks that are under way.
    Stop,
    /// The failed rows as a file: of the check, or of the import once it has ended.
    FailedRows,
}

/// What the worker is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    Reading,
    Checking,
}

/// What the worker tells the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// The part that is done, from 0 to 1.
    Progress {
        step: Step,
        part: f32,
    },
    Unreadable(FileError),
    /// The file can't be read any more: changed, moved or deleted since it was chosen.
    Gone,
    /// A fault of the program: the worker can't go on.
    Broken,
    Checked(Overview),
    /// The SHA-256 of the file's bytes, in lower-case hexadecimal.
    Digest(String),
    Rows {
        filter: Filter,
        rows: Vec<GridRow>,
    },
    Sending(Sending),
    Interrupted(Trouble),
    /// The import has ended: finished or canceled. `failed_rows`: the worker knows what became of
    /// every row and can make the file of those that failed.
    Ended {
        record: ImportRecord,
        failed_rows: bool,
    },
    /// The failed rows lie beside this message.
    FailedRows {
        file_name: String,
    },
}

/// The file as it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub format: Format,
    pub encoding: Encoding,
    /// `None` where the format has none.
    pub delimiter: Option<Delimiter>,
    /// The line that the headers are on.
    pub header_line: Option<u32>,
    pub bytes: u64,
    pub counts: Counts,
    pub columns: Vec<ColumnView>,
    /// Optional fields that no column is for.
    pub absent: Vec<Field>,
    /// Rows name groups, and a group is chosen for the whole file.
    pub group_ignored: bool,
}

/// A column of the file, and what it is taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    pub header: String,
    pub role: Role,
    /// The field that an ignored column is perhaps meant for.
    pub offer: Option<Field>,
    /// Characters of the longest cell among some rows.
    pub width: u32,
}

/// A row as the grid shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridRow {
    /// Its place among the rows that are shown.
    pub place: u32,
    pub line: u32,
    pub status: RowStatus,
    /// One for each column, cut to what a cell bears; a password is `None` where it is set.
    pub cells: Vec<Option<String>>,
    pub problems: Vec<GridProblem>,
    /// The group that the row names, where it counts.
    pub group: Option<GroupId>,
}

/// A problem and the columns that it is about; none: the whole row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridProblem {
    pub columns: Vec<u16>,
    pub severity: Severity,
    pub message: String,
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sending {
    pub rows: u32,
    pub done: u32,
    pub counts: history::Counts,
    pub rows_per_second: f64,
    /// `None` until there is something to estimate from.
    pub seconds_left: Option<u32>,
    /// A chunk is being tried again: the connection or the server doesn't answer.
    pub retrying: bool,
}

/// Why sending stopped. All that was sent is kept; *Resume* goes on with what is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// The server can't be reached, or fails.
    NoAnswer,
    /// The session is over.
    SignedOut,
    /// The server says no, with this sentence.
    Refused(String),
}
