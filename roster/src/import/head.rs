//! Where a CSV file's headers are: on its first line, below a title, where somebody says, or
//! nowhere. What they mean is `header`'s business.

use super::arena::Arena;
use super::csv_reader::{Dialect, Reader};
use super::file_error::{FileCode, FileError};
use super::{HeaderAt, header, lines};

/// A heading below a title is looked for on so many lines.
const LINES: u32 = 10;
/// A file without headers has as many columns as the widest of so many rows.
const ROWS: usize = 25;

pub(super) struct Head {
    pub texts: Vec<String>,
    /// `None`: the file has no headers.
    pub line: Option<u32>,
    /// The byte at which the rows begin, and its line.
    pub rows: (usize, u32),
}

/// Looks from the byte `start` on, which stands on `line`. `None`: there is nothing.
pub(super) fn find(
    text: &str,
    (start, line): (usize, u32),
    delimiter: u8,
    chosen: Option<HeaderAt>,
) -> Result<Option<Head>, FileError> {
    let reader = |(at, line)| Reader::new(text, at, line, Dialect { delimiter, columns: 0 });
    let mut sample = Arena::default();
    match chosen {
        None => {
            let mut ahead = reader((start, line));
            // A quote without an end is found when the rows are read.
            while sample.row_count() < wanted_lines()
                && matches!(ahead.record(&mut sample), Ok(Some(_)))
            {}
            let skipped = row(&sample, text);
            at(text, reader((start, line)), skipped)
        }
        Some(HeaderAt::Line(wanted)) => {
            let from = lines::start(&text.as_bytes()[start..], wanted.saturating_sub(line));
            let from = (start + from, line.max(wanted));
            match at(text, reader(from), 0)? {
                None => Err(FileError::at(
                    FileCode::NoRows,
                    wanted,
                    format!("There is nothing on line {wanted} or below it."),
                )),
                head => Ok(head),
            }
        }
        Some(HeaderAt::None) => {
            let mut ahead = reader((start, line));
            while sample.row_count() < ROWS && matches!(ahead.record(&mut sample), Ok(Some(_))) {}
            let columns = (0..sample.row_count()).map(|row| sample.width(row)).max();
            Ok(columns.map(|columns| Head {
                texts: (1..=columns).map(|column| format!("Column {column}")).collect(),
                line: None,
                rows: (start, line),
            }))
        }
    }
}

fn wanted_lines() -> usize {
    super::arena::wide(LINES)
}

/// The head that the reader comes to after so many records.
fn at(text: &str, mut reader: Reader<'_>, skipped: usize) -> Result<Option<Head>, FileError> {
    let mut arena = Arena::default();
    for _ in 0..skipped {
        reader.record(&mut arena).map_err(FileError::unclosed)?;
    }
    let Some(record) = reader.record(&mut arena).map_err(FileError::unclosed)? else {
        return Ok(None);
    };
    Ok(Some(Head {
        texts: arena.last_row(text).map(str::to_owned).collect(),
        line: Some(record.line),
        rows: reader.place(),
    }))
}

/// Which of the first rows holds the headers: the first, unless it names no field and one of the
/// next names the email and another.
pub(super) fn row(sample: &Arena, text: &str) -> usize {
    let known = |row: usize| header::known(sample.row_of(text, row));
    if known(0).0 > 0 {
        return 0;
    }
    let near = (1..sample.row_count()).take_while(|row| sample.line(*row) < sample.line(0) + LINES);
    near.into_iter().find(|row| matches!(known(*row), (2.., true))).unwrap_or(0)
}
