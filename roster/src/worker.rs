//! What the import page and its worker say to each other. The page asks and shows; the worker holds
//! the file, checks it, mends it, compares it and sends it. No cell but those that are seen crosses,
//! and no password.

use serde::{Deserialize, Serialize};

use crate::fields::Field;
use crate::history::{self, ImportRecord, ImportRules};
use crate::id::{GroupId, ImportId};
use crate::import::{
    Cause, Counts, Delimiter, Encoding, Existing, FileError, Filter, Format, HeaderAt, Mend, Other,
    Role, RowStatus, VerdictCounts, VerdictKind,
};
use crate::problem::Severity;

/// How the file is to be read and checked; what is `None` is found by looking.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub encoding: Option<Encoding>,
    pub delimiter: Option<Delimiter>,
    pub header: Option<HeaderAt>,
    /// What columns are taken for, where a person said so.
    pub roles: Vec<(u16, Role)>,
    /// The group for the whole file.
    pub group: Option<GroupId>,
    pub existing: Existing,
}

/// Which rows are shown: those that the filter lets through and that have the text in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    pub filter: Filter,
    /// Empty: all.
    pub text: String,
}

impl From<Filter> for View {
    fn from(filter: Filter) -> Self {
        Self { filter, text: String::new() }
    }
}

/// What the page asks of the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Read and check the file that lies beside this message.
    Open {
        rules: ImportRules,
        wanted: Wanted,
    },
    /// Read or check the same file again; what was mended stays where the reading is the same.
    Again(Wanted),
    /// A window of rows for the grid.
    Rows {
        view: View,
        from: u32,
        count: u32,
    },
    /// The whole text of a cell, to be edited.
    Cell {
        row: u32,
        column: u16,
    },
    Edit {
        row: u32,
        column: u16,
        text: String,
    },
    LeaveOut {
        row: u32,
        out: bool,
    },
    Mend(Mend),
    Undo,
    Redo,
    /// Where the next problem is, among the rows of the view.
    Next {
        view: View,
        from: Option<(u32, u16)>,
        forward: bool,
    },
    /// Where a row is among those of the view; answered like `Next`.
    Find {
        view: View,
        row: u32,
        column: u16,
    },
    /// Compare with the accounts that exist; what is compared already is not asked again.
    Compare,
    /// Begin the import with this id, or go on with it.
    Send {
        id: ImportId,
        all_or_nothing: bool,
    },
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
    /// The first rows, while the rest is still being read.
    Glimpse {
        overview: Overview,
        rows: Vec<GridRow>,
    },
    Checked(Overview),
    /// A cell, a row or many were changed.
    Changed(Changed),
    Causes(Vec<Cause>),
    DryRun(DryRun),
    /// The SHA-256 of the file's bytes, in lower-case hexadecimal.
    Digest(String),
    Rows {
        view: View,
        rows: Vec<GridRow>,
        /// How many rows the view has.
        total: u32,
    },
    /// `None`: a password, which the page never gets.
    Cell {
        row: u32,
        column: u16,
        text: Option<String>,
    },
    /// The place among the rows of the view, and the column; `None`: there is none.
    Next(Option<(u32, u16)>),
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
    /// The line that the headers are on; `None`: the file has none.
    pub header_line: Option<u32>,
    pub bytes: u64,
    pub counts: Counts,
    pub columns: Vec<ColumnView>,
    /// Optional fields that no column is for.
    pub absent: Vec<Field>,
    /// What keeps the whole file from being imported until columns are chosen.
    pub complaints: Vec<FileError>,
    /// Rows name groups, and a group is chosen for the whole file.
    pub group_ignored: bool,
    /// Another way to read the file that is about as likely, and how this one begins.
    pub other: Option<(Other, Vec<Vec<String>>)>,
    /// Which rows make which chunk; an import goes on only by the same plan.
    pub plan: String,
}

impl Overview {
    /// The file is still being read: these are its first rows.
    #[must_use]
    pub fn is_glimpse(&self) -> bool {
        self.plan.is_empty()
    }
}

/// What an edit, a mend or its undoing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub counts: Counts,
    /// Steps that can be undone and done again.
    pub steps: (u32, u32),
    /// For people: "Mended 368 emails".
    pub said: Option<String>,
}

/// How far the comparison with the accounts that exist has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRun {
    pub counts: VerdictCounts,
    pub standard: Seats,
    pub mobile: Seats,
    /// It stopped before its end.
    pub trouble: Option<Trouble>,
}

/// Seats that the rows to be created need, and those that are free; `None`: no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seats {
    pub needed: u32,
    pub free: Option<u32>,
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
    /// Its place in the file, which edits name it by.
    pub row: u32,
    pub line: u32,
    pub status: RowStatus,
    /// What would become of it, where that was compared.
    pub verdict: Option<VerdictKind>,
    /// One for each column, cut to what a cell bears; a password is `None` where it is set.
    pub cells: Vec<Option<String>>,
    /// Columns whose cells were edited or mended.
    pub changed: Vec<u16>,
    pub problems: Vec<GridProblem>,
    /// What an update would change.
    pub differences: Vec<GridDifference>,
    /// The group that the row names, where it counts.
    pub group: Option<GroupId>,
}

/// A field that would change, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridDifference {
    pub field: Field,
    /// None: the group for the whole file.
    pub columns: Vec<u16>,
    pub before: String,
    pub after: String,
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
    /// All is sent, and the server writes it in one piece.
    pub concluding: bool,
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
