//! A table's rows as one checksum: the same for the same rows, whichever database they come from.

use std::fmt::Write as _;

use roster::hexadecimal;
use sha2::{Digest as _, Sha256};

use crate::batch::Value;

/// How many rows, and the SHA-256 over them in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    pub rows: u64,
    /// In hexadecimal.
    pub sha256: String,
}

#[derive(Default)]
pub(super) struct Summing {
    rows: u64,
    hash: Sha256,
    row: String,
}

impl Summing {
    /// A text with its length, so that no two rows look alike; a number by its digits.
    pub fn add(&mut self, values: &[Value]) {
        self.rows += 1;
        self.row.clear();
        for value in values {
            // Writing to a String can't fail.
            let _ = match value {
                Value::Text(Some(text)) => write!(self.row, "{}:{text}", text.len()),
                Value::Number(Some(number)) => write!(self.row, "{number}"),
                Value::Flag(flag) => write!(self.row, "{}", u8::from(*flag)),
                Value::Text(None) | Value::Number(None) => write!(self.row, "-"),
            };
            self.row.push('\t');
        }
        self.row.push('\n');
        self.hash.update(self.row.as_bytes());
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    pub fn end(self) -> Sum {
        Sum { rows: self.rows, sha256: hexadecimal::of(&self.hash.finalize()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_differ_have_another_sum() {
        let of = |rows: &[&[Value]]| {
            let mut summing = Summing::default();
            for row in rows {
                summing.add(row);
            }
            summing.end()
        };
        let rows: [&[Value]; 7] = [
            &["a".into(), "b".into()],
            &["a\t1:b".into(), "".into()],
            &["ab".into(), "".into()],
            &[Value::Text(None), "b".into()],
            &["".into(), "b".into()],
            &[1.into(), "b".into()],
            &["1".into(), "b".into()],
        ];
        for (place, one) in rows.iter().enumerate() {
            for (other_place, other) in rows.iter().enumerate() {
                assert_eq!(of(&[one]) == of(&[other]), place == other_place, "{one:?} {other:?}");
            }
        }
        assert_ne!(of(&[rows[0], rows[1]]), of(&[rows[1], rows[0]]), "their order counts");
        assert_eq!(of(&[&[true.into()]]), of(&[&[1.into()]]), "yes is 1");
    }
}
