//! Imports as they are remembered: who brought what when, and what became of each row.

use serde::{Deserialize, Serialize};

use crate::account::UnknownWord;
use crate::group::GroupPath;
use crate::id::{GroupId, ImportId, Timestamp};
use crate::import::{Outcome, RowResult, SubmittedRow};
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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    Running,
    Finished,
    Canceled,
}

impl ImportState {
    pub const ALL: [Self; 3] = [Self::Running, Self::Finished, Self::Canceled];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Canceled => "canceled",
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
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
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
