//! Which rows make which chunk. By the file alone, whatever is mended in it, so that it is the same
//! when the same file is dropped again on another day.

use std::ops::Range;

use roster::fields::Field;
use roster::history::{CHUNK_PASSWORDS, CHUNK_ROWS};
use roster::import::Sheet;

/// Text of one chunk, about, in bytes: a request stays far below what the server takes.
const CHUNK_BYTES: usize = 256 * 1024;

/// Each chunk's rows.
pub fn chunks(sheet: &Sheet) -> Vec<Range<usize>> {
    let passwords = sheet.column_of(Field::Password);
    split((0..sheet.row_count()).map(|row| {
        let password = passwords.is_some_and(|column| !sheet.cell(row, column).is_empty());
        (sheet.row_bytes(row), password)
    }))
}

/// Tells one plan from another: how many chunks, and a hash of where they end.
pub fn name(chunks: &[Range<usize>]) -> String {
    let hash = chunks.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, chunk| {
        (hash ^ chunk.end as u64).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{}-{hash:016x}", chunks.len())
}

/// From each row's size and whether it has a password.
fn split(rows: impl Iterator<Item = (usize, bool)>) -> Vec<Range<usize>> {
    let mut chunks = Vec::new();
    let (mut start, mut end, mut size, mut passwords) = (0, 0, 0, 0);
    for (bytes, has_password) in rows {
        let full = end - start == CHUNK_ROWS
            || size + bytes > CHUNK_BYTES
            || has_password && passwords == CHUNK_PASSWORDS;
        if full && end > start {
            chunks.push(start..end);
            (start, size, passwords) = (end, 0, 0);
        }
        size += bytes;
        passwords += usize::from(has_password);
        end += 1;
    }
    if end > start {
        chunks.push(start..end);
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_small_enough() {
        let check = |rows: usize, bytes: usize, password: bool, expected: &[usize]| {
            let chunks = split(std::iter::repeat_n((bytes, password), rows));
            let sizes: Vec<_> = chunks.iter().map(ExactSizeIterator::len).collect();
            assert_eq!(sizes, expected, "{rows} {bytes} {password}");
            assert_eq!(chunks.last().map_or(0, |chunk| chunk.end), rows);
            assert_eq!(name(&chunks), name(&chunks.clone()));
        };
        check(0, 0, false, &[]);
        check(500, 100, false, &[500]);
        check(1100, 100, false, &[500, 500, 100]);
        check(120, 100, true, &[50, 50, 20]);
        check(3, 200 * 1024, false, &[1, 1, 1]);
        check(1, 1024 * 1024, true, &[1]);
    }
}
