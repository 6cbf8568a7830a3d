//! From a file's bytes to a sheet.

use super::arena::Arena;
use super::check::{Finding, Place};
use super::csv_reader::{Dialect, Reader, Record};
use super::delimiter;
use super::file_error::{FileCode, FileError};
use super::header::Heading;
use super::sheet::{Format, Sheet};
use super::{Choices, Encoding, binary, decode, head, json, limit, lines};
use crate::problem::Code;

/// Progress is told so often.
const STEP: usize = 4096;

/// Rows of a glimpse, at most.
const GLIMPSED: usize = 200;

/// Reads a CSV or JSON file, whatever its name. `progress` is told the part that is done, from 0
/// to 1.
pub fn read(
    bytes: &[u8],
    choices: &Choices,
    progress: &mut dyn FnMut(f32),
) -> Result<Sheet, FileError> {
    refuse(bytes)?;
    read_owned(bytes.to_vec(), choices, progress)
}

/// As `read`, without holding the bytes beside the text.
pub(super) fn read_owned(
    bytes: Vec<u8>,
    choices: &Choices,
    progress: &mut dyn FnMut(f32),
) -> Result<Sheet, FileError> {
    refuse(&bytes)?;
    progress(0.0);
    let size = bytes.len();
    let (text, encoding) = decode::decode_owned(bytes, choices.encoding)?;
    let mut sheet = Reading { text, encoding, choices, most: None }.sheet(progress)?;
    sheet.size = size;
    progress(1.0);
    Ok(sheet)
}

/// What can't be text, and what is too much.
fn refuse(bytes: &[u8]) -> Result<(), FileError> {
    if bytes.is_empty() {
        return Err(empty());
    }
    if bytes.len() > limit::BYTES {
        return Err(FileError::new(
            FileCode::TooLarge,
            "The file is larger than 256 MiB. Split it into smaller files.",
        ));
    }
    binary::recognize(bytes).map_or(Ok(()), Err)
}

/// The first rows of a text that may end anywhere.
pub(super) fn glimpse(text: String, encoding: Encoding, choices: &Choices) -> Option<Sheet> {
    let choices = Choices { lenient: true, ..choices.clone() };
    let reading = Reading { text, encoding, choices: &choices, most: Some(GLIMPSED) };
    reading.sheet(&mut |_| ()).ok()
}

/// A text, and how it is to be read.
struct Reading<'a> {
    text: String,
    encoding: Encoding,
    choices: &'a Choices,
    /// Of a glimpse: what ends in the middle is no mistake.
    most: Option<usize>,
}

fn empty() -> FileError {
    FileError::new(
        FileCode::Empty,
        "The file is empty. It needs a first line that names the columns, and a row for each \
         technician.",
    )
}

fn no_rows(what: &str) -> FileError {
    FileError::new(FileCode::NoRows, format!("The file has {what}: there is nobody to import."))
}

impl Reading<'_> {
    fn sheet(self, progress: &mut dyn FnMut(f32)) -> Result<Sheet, FileError> {
        let start = self.text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        match start.bytes().next() {
            None => Err(empty()),
            Some(b'[' | b'{') => self.json(progress),
            Some(_) => self.csv(progress),
        }
    }

    fn json(self, progress: &mut dyn FnMut(f32)) -> Result<Sheet, FileError> {
        let Self { text, encoding, choices, most } = self;
        let mut rows = match most {
            None => json::read(&text, progress)?,
            Some(most) => json::glimpse(&text, most),
        };
        let heading = Heading::new(rows.keys.iter().map(String::as_str), None, &choices.roles);
        if rows.arena.row_count() == 0 {
            return Err(no_rows("an empty list"));
        }
        // Where no row is an object, every row says so.
        if rows.has_objects {
            accept(&heading, choices)?;
        }
        rows.arena.set_text(text);
        Ok(Sheet {
            arena: rows.arena,
            heading,
            format: rows.format,
            encoding,
            delimiter: None,
            choices: choices.clone(),
            size: 0,
            findings: rows.findings,
            left_out: Vec::new(),
        })
    }

    fn csv(self, progress: &mut dyn FnMut(f32)) -> Result<Sheet, FileError> {
        let Self { text, encoding, choices, most } = self;
        let (named, start) = match delimiter::named(&text) {
            Some((delimiter, start)) => (Some(delimiter), start),
            None => (None, 0),
        };
        let delimiter =
            choices.delimiter.or(named).unwrap_or_else(|| delimiter::guess(&text[start..]));
        let first_line = 1 + lines::count(&text.as_bytes()[..start]);
        let head = head::find(&text, (start, first_line), delimiter.byte(), choices.header)?;
        let head = head.ok_or_else(empty)?;
        let columns = head.texts.len();
        if columns > limit::COLUMNS {
            return Err(FileError::too_many_columns(head.line.unwrap_or(first_line)));
        }
        let texts = head.texts.iter().map(String::as_str);
        let heading = Heading::new(texts, head.line, &choices.roles);
        accept(&heading, choices)?;
        let (start, line) = head.rows;
        let dialect = Dialect { delimiter: delimiter.byte(), columns };
        let mut reader = Reader::new(&text, start, line, dialect);
        let mut arena = Arena::default();
        let mut findings = Vec::new();
        if most.is_none() {
            reserve(&mut arena, &text, start, columns);
        }
        loop {
            let record = match reader.record(&mut arena) {
                Ok(Some(record)) => record,
                Ok(None) => break,
                Err(_) if most.is_some() => {
                    arena.drop_row();
                    break;
                }
                Err(unclosed) => return Err(FileError::unclosed(unclosed)),
            };
            let row = arena.row_count() - 1;
            if row == limit::ROWS {
                return Err(FileError::too_many_rows());
            }
            shape(&arena, row, columns, &record, &mut findings);
            if row.is_multiple_of(STEP) {
                progress(part(reader.place().0, text.len()));
            }
            if most.is_some_and(|most| row + 1 >= most) {
                break;
            }
        }
        if arena.row_count() == 0 {
            return Err(no_rows("a heading, but no rows below it"));
        }
        arena.set_text(text);
        Ok(Sheet {
            arena,
            heading,
            format: Format::Csv,
            encoding,
            delimiter: Some(delimiter),
            choices: choices.clone(),
            size: 0,
            findings,
            left_out: Vec::new(),
        })
    }
}

fn accept(heading: &Heading, choices: &Choices) -> Result<(), FileError> {
    match heading.complaints().into_iter().next() {
        Some(complaint) if !choices.lenient => Err(complaint),
        _ => Ok(()),
    }
}

/// Most files have a row for each line: their ends are counted in no time, and then nothing grows.
fn reserve(arena: &mut Arena, text: &str, start: usize, columns: usize) {
    let lines = memchr::memchr_iter(b'\n', &text.as_bytes()[start..]).count() + 1;
    let rows = lines.min(limit::ROWS + 1);
    // A row of so many columns has at least so many bytes.
    arena.reserve(rows, (rows * columns).min(text.len() + 1));
}

fn shape(arena: &Arena, row: usize, columns: usize, record: &Record, findings: &mut Vec<Finding>) {
    let width = arena.width(row);
    if width > columns {
        findings.push(Finding::new(row, Code::RowTooManyCells, Place::Row, width));
    } else if width < columns {
        findings.push(Finding::new(row, Code::RowTooFewCells, Place::Row, width));
    }
    if let Some(column) = record.stray_quote {
        findings.push(Finding::new(row, Code::RowStrayQuote, Place::column(column), 0));
    }
    for column in arena.too_large(row) {
        findings.push(Finding::new(row, Code::CellTooLarge, Place::column(column), 0));
    }
}

pub(super) fn part(done: usize, of: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a progress bar has some hundred pixels")]
    let part = done as f32 / of.max(1) as f32;
    part
}
