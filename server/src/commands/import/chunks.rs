//! The rows of a sheet in chunks. The same file always gives the same chunks: that is what lets an
//! import go on.

use roster::fields::Field;
use roster::history::{CHUNK_PASSWORDS, CHUNK_ROWS, Chunk};
use roster::import::{Checked, Sheet};

pub fn of<'a>(sheet: &'a Sheet, checked: &'a Checked) -> impl Iterator<Item = Chunk> + 'a {
    let has_password = |row| !sheet.value(row, Field::Password).is_empty();
    let mut next = 0;
    std::iter::from_fn(move || {
        let end = end(next, sheet.row_count(), has_password);
        let rows: Vec<_> = (next..end).map(|row| sheet.submitted(row, checked)).collect();
        next = end;
        (!rows.is_empty()).then_some(Chunk { rows })
    })
}

/// Tells which rows make which chunk, so that an import that was stopped goes on only if this
/// program cuts the file as that one did.
pub fn plan(sheet: &Sheet) -> String {
    let has_password = |row| !sheet.value(row, Field::Password).is_empty();
    let (mut next, mut chunks) = (0, 0);
    while next < sheet.row_count() {
        next = end(next, sheet.row_count(), has_password);
        chunks += 1;
    }
    format!("cli-{chunks}")
}

/// After the last row of the chunk that begins with `start`.
fn end(start: usize, all: usize, has_password: impl Fn(usize) -> bool) -> usize {
    let mut passwords = 0;
    let most = all.min(start + CHUNK_ROWS);
    for row in start..most {
        passwords += usize::from(has_password(row));
        if passwords > CHUNK_PASSWORDS {
            return row;
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_end_after_their_rows_or_before_a_password_too_many() {
        let check = |start, all, has_password: fn(usize) -> bool, expected| {
            assert_eq!(end(start, all, has_password), expected);
        };
        check(0, 0, |_| false, 0);
        check(0, 499, |_| false, 499);
        check(0, 501, |_| false, 500);
        check(500, 501, |_| false, 501);
        check(0, 500, |_| true, 50);
        check(50, 500, |_| true, 100);
        check(0, 500, |row| row % 10 == 0, 500);
        check(0, 500, |row| row % 5 == 0, 250);
    }
}
