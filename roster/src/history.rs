//! Imports as they are remembered: who brought what when, and what became of each row.

use serde::{Deserialize, Serialize};

use crate::account::UnknownWord;
use crate::group::GroupPath;
use crate::id::{GroupId, ImportId, Timestamp};
use crate::import::{Existing, Outcome, RowResult, SubmittedRow, SubmittedValues};
use crate::password::Strength;

/// Rows of one chunk, at most: one chunk is one request and one transaction.
pub const CHUNK_ROWS: usize = 500;
/// Rows with a password in one chunk, at most: hashing them is what takes time, and progress and
/// cancelling happen between chunks.
pub const CHUNK_PASSWORDS: usize = 50;

/// What the browser or the command line says of an import before its first chunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewImport {
    pub id: ImportId,
    pub file_name: String,
    /// Of the file's bytes, in lower-case hexadecimal.
    pub file_sha256: String,
    pub rows: u32,
    /// The group for the whole file; `None`: each row names its own.
    pub group: Option<GroupId>,
    /// The file's columns in its order: for the file of failed rows.
    pub columns: Vec<String>,
    /// The file's delimiter; a comma for JSON.
    pub delimiter: char,
    #[serde(default)]
    pub existing: Existing,
    /// Every row, or none.
    #[serde(default)]
    pub all_or_nothing: bool,
    /// Tells which rows make which chunk: an import goes on only by the plan that it began with.
    #[serde(default)]
    pub plan: String,
}

/// An import can be undone for so long after its start.
pub const UNDO_DAYS: i64 = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    Running,
    Finished,
    Canceled,
    /// Being undone: some chunks are, and it can be gone on with.
    Undoing,
    Undone,
}

impl ImportState {
    pub const ALL: [Self; 5] =
        [Self::Running, Self::Finished, Self::Canceled, Self::Undoing, Self::Undone];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Canceled => "canceled",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }
}

impl std::str::FromStr for ImportState {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

/// How many rows ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub created: u32,
    pub updated: u32,
    pub unchanged: u32,
    pub skipped: u32,
    pub failed: u32,
}

impl Counts {
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Created => self.created += 1,
            Outcome::Updated => self.updated += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Skipped => self.skipped += 1,
            Outcome::Failed => self.failed += 1,
        }
    }

    #[must_use]
    pub fn done(&self) -> u32 {
        self.created + self.updated + self.unchanged + self.skipped + self.failed
    }
}

/// An import as its page and the history show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRecord {
    pub id: ImportId,
    pub by: String,
    pub file_name: String,
    pub file_sha256: String,
    pub rows: u32,
    pub group: Option<GroupId>,
    /// The way to the group, where one was chosen and still exists.
    pub group_path: Option<GroupPath>,
    pub columns: Vec<String>,
    pub delimiter: char,
    pub state: ImportState,
    pub counts: Counts,
    pub existing: Existing,
    pub all_or_nothing: bool,
    pub plan: String,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// It was undone, or that has begun.
    pub undone: Option<Undone>,
}

/// How far an import was undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    pub by: String,
    pub at: Timestamp,
    pub counts: UndoCounts,
}

/// How many of the rows that created or updated somebody were undone how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoCounts {
    pub reversed: u32,
    pub kept: u32,
    pub failed: u32,
}

impl UndoCounts {
    #[must_use]
    pub fn done(&self) -> u32 {
        self.reversed + self.kept + self.failed
    }
}

/// `POST /api/imports/{id}/undo` undoes some rows, and says how many are left: asked again, it goes
/// on with those.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoProgress {
    pub record: ImportRecord,
    pub left: u32,
}

/// What became of a row when its import was undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reversal {
    Reversed,
    /// And why, in a sentence: the person has signed in, was changed …
    Kept(String),
    Failed(String),
}

/// A failed or skipped row, for the form in which it is mended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowToMend {
    /// As the file had them, but for the password.
    pub values: SubmittedValues,
    /// The file had a password, which is not kept: without another one the organization's default
    /// password holds.
    pub had_password: bool,
    pub result: RowResult,
}

/// `POST /api/imports/{id}/retry`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryFrom {
    /// The place of the first row that is tried again.
    #[serde(default)]
    pub from: i64,
}

/// Some failed rows were tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retried {
    pub record: ImportRecord,
    /// From where to go on; `None`: every failed row was tried.
    pub next: Option<i64>,
}

/// A chunk as it is sent: `PUT /api/imports/{id}/chunks/{number}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    pub rows: Vec<SubmittedRow>,
}

/// What became of a chunk; the same when it is sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkResult {
    pub rows: Vec<RowResult>,
}

/// What the check in the browser needs to know of the organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRules {
    pub strength: Strength,
    pub organization: String,
    pub default_password_set: bool,
}
