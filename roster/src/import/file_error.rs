//! Why a file can't be read at all: a code, a sentence, the line.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::csv_reader::Unclosed;
use crate::fields::Field;

macro_rules! file_codes {
    ($($name:ident = $text:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum FileCode {
            $(#[serde(rename = $text)] $name,)*
        }

        impl FileCode {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

file_codes! {
    Empty = "file.empty";
    TooLarge = "file.too_large";
    TooManyRows = "file.too_many_rows";
    TooManyColumns = "file.too_many_columns";
    Encoding = "file.encoding";
    Binary = "file.binary";
    UnclosedQuote = "file.unclosed_quote";
    MissingColumn = "file.missing_column";
    DuplicateColumn = "file.duplicate_column";
    NoRows = "file.no_rows";
    JsonSyntax = "json.syntax";
    JsonNotAList = "json.not_a_list";
    JsonTooDeep = "json.too_deep";
}

impl fmt::Display for FileCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A column that may be meant for a field: offered, never taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnOffer {
    pub header: String,
    pub field: Field,
}

/// Nothing of the file was taken, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct FileError {
    pub code: FileCode,
    /// Says what is wrong and what to do.
    pub message: String,
    pub line: Option<u32>,
    /// With `file.missing_column`: what the columns may have meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<ColumnOffer>,
}

impl FileError {
    pub(super) fn new(code: FileCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), line: None, offers: Vec::new() }
    }

    pub(super) fn at(code: FileCode, line: u32, message: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::new(code, message) }
    }

    pub(super) fn unclosed(Unclosed { line }: Unclosed) -> Self {
        Self::at(
            FileCode::UnclosedQuote,
            line,
            format!(
                "The quote that opens on line {line} is never closed, so that the rows below it \
                 run into one cell. Close it, or write a quote that belongs to the text twice \
                 (\"\")."
            ),
        )
    }

    pub(super) fn too_many_rows() -> Self {
        Self::new(
            FileCode::TooManyRows,
            "The file has more than 1,000,000 rows. Split it into smaller files.",
        )
    }

    pub(super) fn too_many_columns(line: u32) -> Self {
        Self::at(
            FileCode::TooManyColumns,
            line,
            "The file has more than 256 columns. Keep those that Muster reads, and leave out the \
             others.",
        )
    }
}
