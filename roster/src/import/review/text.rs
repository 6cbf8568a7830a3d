//! Rows in which a text is looked for.

use super::{Review, wide};
use crate::text;

impl Review {
    /// Those of the rows that have the text in a cell, without regard to case and accents, or are on
    /// the line of this number. Passwords aren't looked into.
    #[must_use]
    pub fn with_text(&self, mut rows: Vec<u32>, text: &str) -> Vec<u32> {
        let key = text::unaccented(text);
        let line = key.parse().ok();
        let columns = 0..self.sheet.headers().len();
        rows.retain(|row| {
            let row = wide(*row);
            let has = |column: usize| {
                text::contains(self.sheet.cell(row, column), &key)
                    && !self.sheet.is_secret(row, column)
            };
            line == Some(self.sheet.line(row)) || columns.clone().any(has)
        });
        rows
    }
}
