//! Objects of a JSON text, written into an arena: a list of them, such a list inside an object, or
//! one a line. Our own reader, since a row must know its line, and a mistake its cure.

mod scan;
mod syntax;

use rustc_hash::FxHashMap;

use super::arena::{Arena, Span, wide};
use super::check::{Finding, Place};
use super::file_error::{FileCode, FileError};
use super::read::part;
use super::sheet::Format;
use super::{header, limit};
use crate::problem::Code;
use scan::{Kind, Scanner};

/// The list may stand under one of these keys.
const LISTS: [&str; 4] = ["technicians", "users", "data", "items"];
/// A list or object where a text belongs is shown in the preview if it isn't longer.
const SHOWN_BYTES: usize = 1024;

/// What was read; the arena's text is still the reader's.
pub(super) struct Rows {
    pub arena: Arena,
    pub format: Format,
    /// The columns: keys, as they first appear.
    pub keys: Vec<String>,
    pub findings: Vec<Finding>,
    /// At least one row is an object.
    pub has_objects: bool,
}

/// Reads a text whose first character is `[` or `{`.
pub(super) fn read(text: &str, progress: &mut dyn FnMut(f32)) -> Result<Rows, FileError> {
    let mut reader = Reader::new(text, progress);
    reader.scan.skip_blank();
    if reader.scan.peek() == Some(b'[') {
        reader.list(1)?;
        reader.scan.end()?;
        return Ok(reader.rows);
    }
    if reader.wrapped()? {
        reader.scan.end()?;
        return Ok(reader.rows);
    }
    let mut reader = Reader::new(text, progress);
    reader.rows.format = Format::JsonLines;
    reader.objects()?;
    let rows = reader.rows;
    let keys = rows.keys.iter().map(String::as_str);
    if rows.arena.row_count() == 1 && header::known(keys).0 == 0 {
        return Err(FileError::at(
            FileCode::JsonNotAList,
            rows.arena.line(0),
            "The file holds one object and no list of technicians. Write a list, [{…}, {…}], by \
             itself or under the key “technicians”; or one object a line.",
        ));
    }
    Ok(rows)
}

/// The first rows of a text that may end anywhere: those that are whole.
pub(super) fn glimpse(text: &str, most: usize) -> Rows {
    let (mut first, mut second) = (|_| (), |_| ());
    let mut reader = Reader { most, ..Reader::new(text, &mut first) };
    reader.scan.skip_blank();
    // However it ends: what there is, is what was asked for.
    let _ =
        if reader.scan.peek() == Some(b'[') { reader.list(1) } else { reader.wrapped().map(drop) };
    let rows = reader.whole_rows();
    if rows.arena.row_count() > 0 {
        return rows;
    }
    let mut reader = Reader { most, ..Reader::new(text, &mut second) };
    reader.rows.format = Format::JsonLines;
    let _ = reader.objects();
    reader.whole_rows()
}

struct Reader<'a, 'p> {
    scan: Scanner<'a>,
    rows: Rows,
    columns: FxHashMap<String, usize>,
    progress: &'p mut dyn FnMut(f32),
    /// No more rows than these.
    most: usize,
    /// The last row has begun and has not ended.
    in_row: bool,
}

impl<'a, 'p> Reader<'a, 'p> {
    fn new(text: &'a str, progress: &'p mut dyn FnMut(f32)) -> Self {
        let rows = Rows {
            arena: Arena::default(),
            format: Format::Json,
            keys: Vec::new(),
            findings: Vec::new(),
            has_objects: false,
        };
        Self {
            scan: Scanner::new(text),
            rows,
            columns: FxHashMap::default(),
            progress,
            most: limit::ROWS,
            in_row: false,
        }
    }

    /// Without one that was broken off.
    fn whole_rows(self) -> Rows {
        let mut rows = self.rows;
        if self.in_row {
            rows.arena.drop_row();
            let count = rows.arena.row_count();
            rows.findings.retain(|finding| wide(finding.row) < count);
        }
        rows
    }

    /// The rows of a list, which lies so many levels deep itself.
    fn list(&mut self, depth: usize) -> Result<(), FileError> {
        self.scan.open(depth)?;
        let mut more = self.scan.begins_item(b']')?;
        while more {
            self.row(depth + 1)?;
            more = self.scan.next_item(b']')?;
        }
        Ok(())
    }

    /// An object with the list under a known key; `false` where it has none.
    fn wrapped(&mut self) -> Result<bool, FileError> {
        let mut found = false;
        self.scan.open(1)?;
        let mut more = self.scan.begins_item(b'}')?;
        while more {
            let mut key = String::new();
            self.scan.key(&mut key)?;
            if !found && self.scan.peek() == Some(b'[') && LISTS.contains(&key.as_str()) {
                found = true;
                self.list(2)?;
            } else {
                self.scan.skip_value(2)?;
            }
            more = self.scan.next_item(b'}')?;
        }
        Ok(found)
    }

    /// One object after the other.
    fn objects(&mut self) -> Result<(), FileError> {
        loop {
            self.scan.skip_blank();
            if self.scan.peek().is_none() {
                return Ok(());
            }
            self.row(1)?;
        }
    }

    fn row(&mut self, depth: usize) -> Result<(), FileError> {
        const STEP: usize = 4096;
        let row = self.rows.arena.row_count();
        if row == self.most {
            return Err(FileError::too_many_rows());
        }
        if row.is_multiple_of(STEP) {
            (self.progress)(part(self.scan.position(), self.scan.len()));
        }
        self.rows.arena.begin_row(self.scan.line());
        self.in_row = true;
        if self.scan.peek() == Some(b'{') {
            self.rows.has_objects = true;
            self.object(row, depth)?;
        } else {
            self.find(row, Code::RowNotAnObject, Place::Row);
            self.scan.skip_value(depth)?;
        }
        self.in_row = false;
        Ok(())
    }

    fn object(&mut self, row: usize, depth: usize) -> Result<(), FileError> {
        for _ in 0..self.rows.keys.len() {
            self.rows.arena.push_absent();
        }
        self.scan.open(depth)?;
        let mut key = String::new();
        let mut expected = 0;
        let mut more = self.scan.begins_item(b'}')?;
        while more {
            self.scan.key(&mut key)?;
            let column = self.column(&key, expected)?;
            expected = column + 1;
            let twice = self.rows.arena.is_filled(column);
            let span = self.value(row, column, depth + 1)?;
            if twice {
                self.find(row, Code::RowDuplicateKey, Place::column(column));
            } else {
                self.rows.arena.fill(column, span);
            }
            more = self.scan.next_item(b'}')?;
        }
        let large: Vec<usize> = self.rows.arena.too_large(row).collect();
        for column in large {
            self.find(row, Code::CellTooLarge, Place::column(column));
        }
        Ok(())
    }

    /// The key's column. Most objects have the same keys in the same order.
    fn column(&mut self, key: &str, expected: usize) -> Result<usize, FileError> {
        if self.rows.keys.get(expected).is_some_and(|next| next == key) {
            return Ok(expected);
        }
        if let Some(column) = self.columns.get(key) {
            return Ok(*column);
        }
        let column = self.rows.keys.len();
        if column == limit::COLUMNS {
            return Err(FileError::too_many_columns(self.scan.line()));
        }
        self.rows.keys.push(key.to_owned());
        self.columns.insert(key.to_owned(), column);
        self.rows.arena.push_absent();
        Ok(column)
    }

    fn value(&mut self, row: usize, column: usize, depth: usize) -> Result<Span, FileError> {
        let start = self.scan.position();
        match self.scan.kind()? {
            Kind::Text => {
                let text = self.scan.string()?;
                if !text.escaped {
                    return Ok(Span::of_text(text.start, text.end));
                }
                let reader = &self.scan;
                let mut result = Ok(());
                let span = self.rows.arena.extra(|extra| result = reader.unescape(&text, extra));
                result.map(|()| span)
            }
            Kind::Null => self.scan.skip_value(depth).map(|()| Span::EMPTY),
            Kind::Number | Kind::Boolean => {
                self.scan.skip_value(depth)?;
                Ok(Span::of_text(start, self.scan.position()))
            }
            Kind::List | Kind::Object => {
                self.scan.skip_value(depth)?;
                self.find(row, Code::CellWrongType, Place::column(column));
                let end = self.scan.position();
                let short = end - start <= SHOWN_BYTES;
                Ok(if short { Span::of_text(start, end) } else { Span::EMPTY })
            }
        }
    }

    fn find(&mut self, row: usize, code: Code, place: Place) {
        self.rows.findings.push(Finding::new(row, code, place, 0));
    }
}

#[cfg(test)]
mod tests;
