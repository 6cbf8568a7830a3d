//! A file that could be read: its cells, its heading, what was found out about it, and what is
//! wrong with the shape of single rows. Columnar: no string for a cell.

pub(super) mod edit;

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Choices;
use super::arena::Arena;
use super::check::Finding;
use super::decode::Encoding;
use super::delimiter::Delimiter;
use super::file_error::FileError;
use super::formula;
use super::header::{Header, Heading, Role, Source};
use super::values::Values;
use crate::fields::Field;
use crate::problem::Code;
use crate::text;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    #[serde(rename = "csv")]
    Csv,
    #[serde(rename = "json")]
    Json,
    /// One object a line.
    #[serde(rename = "ndjson")]
    JsonLines,
}

impl Format {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::JsonLines => "ndjson",
        }
    }

    /// As people read it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Json => "JSON",
            Self::JsonLines => "JSON, one object a line",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Sheet {
    pub(super) arena: Arena,
    pub(super) heading: Heading,
    pub(super) format: Format,
    pub(super) encoding: Encoding,
    /// `None` for JSON.
    pub(super) delimiter: Option<Delimiter>,
    /// How it was asked to be read.
    pub(super) choices: Choices,
    /// Of the file, in bytes.
    pub(super) size: usize,
    /// By row; also of columns that nobody reads.
    pub(super) findings: Vec<Finding>,
    /// By row; empty while nobody has taken a row out.
    pub(super) left_out: Vec<bool>,
}

impl Sheet {
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// `None` for JSON.
    #[must_use]
    pub fn delimiter(&self) -> Option<Delimiter> {
        self.delimiter
    }

    /// The line that the headers are on; `None` for JSON, and for a file without headers.
    #[must_use]
    pub fn header_line(&self) -> Option<u32> {
        self.heading.line
    }

    /// What is wrong with the columns, in a file that was read leniently.
    #[must_use]
    pub fn complaints(&self) -> Vec<FileError> {
        self.heading.complaints()
    }

    /// Takes columns for what somebody says they are; the others are found again.
    pub fn set_roles(&mut self, roles: &[(u16, Role)]) {
        self.heading = self.heading.with_roles(roles);
    }

    /// The file's size in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// The columns in the file's order; of JSON the keys, as they first appear.
    #[must_use]
    pub fn headers(&self) -> &[Header] {
        &self.heading.headers
    }

    #[must_use]
    pub fn row_count(&self) -> usize {
        self.arena.row_count()
    }

    /// The line on which the row begins, as an editor counts.
    #[must_use]
    pub fn line(&self, row: usize) -> u32 {
        self.arena.line(row)
    }

    /// The cell's text as it stands in the file; empty where there is none.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.arena.cell(row, column)
    }

    /// How many cells the row has; not always as many as there are columns.
    #[must_use]
    pub fn width(&self, row: usize) -> usize {
        self.arena.width(row)
    }

    /// About how much text the row has, in bytes.
    #[must_use]
    pub fn row_bytes(&self, row: usize) -> usize {
        self.arena.row_bytes(row)
    }

    /// The column in which a field's problems are to be shown.
    #[must_use]
    pub fn column_of(&self, field: Field) -> Option<usize> {
        self.heading.column_of(field)
    }

    /// The columns that match nothing and are ignored.
    pub fn ignored(&self) -> impl Iterator<Item = &Header> {
        self.heading.headers.iter().filter(|header| header.role == Role::Unknown)
    }

    /// The field's text as it is understood: trimmed, in normal form, without a formula's guard;
    /// a password as it stands.
    #[must_use]
    pub fn value(&self, row: usize, field: Field) -> Cow<'_, str> {
        self.value_among(&self.arena.cells_of(row), field)
    }

    pub(super) fn values(&self, row: usize) -> Values<'_> {
        let cells = self.arena.cells_of(row);
        Values(Field::ALL.map(|field| self.value_among(&cells, field)))
    }

    fn value_among(&self, cells: &Range<usize>, field: Field) -> Cow<'_, str> {
        let understood = |column: usize| self.understand(self.arena.cell_among(cells, column));
        match self.heading.sources[field.index()] {
            Source::Nowhere => Cow::Borrowed(""),
            Source::Column(column) if field == Field::Password => {
                Cow::Borrowed(self.arena.cell_among(cells, column))
            }
            Source::Column(column) => understood(column),
            Source::Joined { first, last, last_first } => {
                let (first, last) = (understood(first), understood(last));
                let (one, other) = if last_first { (last, first) } else { (first, last) };
                match (one.is_empty(), other.is_empty()) {
                    (_, true) => one,
                    (true, false) => other,
                    (false, false) => text::nfc(&format!("{one} {other}")).into_owned().into(),
                }
            }
        }
    }

    /// A cell as it is understood, whatever its column means.
    pub(super) fn understood(&self, row: usize, column: usize) -> Cow<'_, str> {
        self.understand(self.arena.cell(row, column))
    }

    fn understand<'a>(&self, cell: &'a str) -> Cow<'a, str> {
        let text = text::trim(cell);
        // JSON needs no guard against formulas, so that there is none to take off.
        let is_guarded = text.starts_with('\'') && self.format == Format::Csv;
        text::nfc(if is_guarded { text::trim(formula::unguard(text)) } else { text })
    }

    /// What is wrong with the row's shape.
    pub(super) fn findings_of(&self, row: usize) -> &[Finding] {
        Finding::of_row(&self.findings, row)
    }

    /// The columns of the row that may hold a password: its own; those to which it may have been
    /// shifted, in a row with cells too many; and those that are named alike.
    #[must_use]
    pub fn is_secret(&self, row: usize, column: usize) -> bool {
        let surplus = if self.findings_of(row).iter().any(|of| of.code == Code::RowTooManyCells) {
            self.width(row).saturating_sub(self.headers().len())
        } else {
            0
        };
        self.heading.secrets.iter().any(|secret| (*secret..=secret + surplus).contains(&column))
    }

    /// Somebody took the row out: it isn't checked, and isn't imported.
    #[must_use]
    pub fn is_left_out(&self, row: usize) -> bool {
        self.left_out.get(row).copied().unwrap_or_default()
    }
}
