//! A few rows of a reading, and the reading that would be the next best, for people to tell which
//! is right. No password is in either.

use serde::{Deserialize, Serialize};

use super::{Choices, Sheet, delimiter, read};
use crate::text::shown;

/// Rows of another reading, below its headers.
const ROWS: usize = 3;
/// Characters of a cell.
const LONGEST: usize = 40;
const HIDDEN: &str = "•••";
/// So much of the text is read in another way.
const BEGINNING: usize = 64 * 1024;

/// Another way to read the file, which may be the right one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    pub choices: Choices,
    /// The headers, and the first rows.
    pub sample: Vec<Vec<String>>,
}

impl Sheet {
    /// The headers and the first rows, cut to what a small table bears.
    #[must_use]
    pub fn sample(&self, rows: usize) -> Vec<Vec<String>> {
        let headers = self.headers().iter().map(|header| cut(&header.text)).collect();
        let row = |row: usize| {
            let cell = |column: usize| match self.cell(row, column) {
                "" => String::new(),
                _ if self.is_secret(row, column) => HIDDEN.to_owned(),
                text => cut(text),
            };
            (0..self.width(row).max(self.headers().len())).map(cell).collect()
        };
        std::iter::once(headers).chain((0..rows.min(self.row_count())).map(row)).collect()
    }

    /// The next best reading, where this one was a close call: nobody chose the delimiter, and
    /// another finds as many headers.
    #[must_use]
    pub fn other_reading(&self) -> Option<Other> {
        if self.choices.delimiter.is_some() {
            return None;
        }
        let text = self.arena.text();
        let taken = self.delimiter?;
        let other = delimiter::close_call(text, taken)?;
        let choices = Choices { delimiter: Some(other), ..self.choices.clone() };
        let mut end = text.len().min(BEGINNING);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let sheet = read::glimpse(text[..end].to_owned(), self.encoding, &choices)?;
        Some(Other { sample: sheet.sample(ROWS), choices })
    }
}

fn cut(text: &str) -> String {
    let end = text.char_indices().nth(LONGEST).map(|(end, _)| end);
    let visible = shown(end.map_or(text, |end| &text[..end]));
    if end.is_some() { format!("{visible}…") } else { visible }
}
