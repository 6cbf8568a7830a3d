//! The only place that writes to the terminal: results to standard output, what somebody there should
//! know beside them to standard error.

use std::fmt::Display;
use std::io::{self, Write};

use crate::failure::{Failure, Result};

pub fn line(text: impl Display) -> Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        // Whoever read it has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| Failure::Output { why: error.to_string() }),
    }
}

/// Nobody may be reading it: that is no reason to stop.
pub fn aside(text: impl Display) {
    let _unread = writeln!(io::stderr().lock(), "{text}");
}

/// Columns that stand below each other; the first row is their head.
pub fn table(rows: &[Vec<String>]) -> Result<()> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| {
                let blanks = width - cell.chars().count();
                // Numbers are compared at their ends.
                if cell.bytes().all(|byte| byte.is_ascii_digit()) {
                    " ".repeat(blanks) + cell
                } else {
                    cell.clone() + &" ".repeat(blanks)
                }
            })
            .collect();
        line(cells.join("  ").trim_end())?;
    }
    Ok(())
}
