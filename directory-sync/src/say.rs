//! Writes to the terminal: results to standard output, other remarks to standard error. No other module
//! does. Names and messages of others may have control characters in them, which a terminal would obey: only
//! what can be seen is written.

use std::fmt::Display;
use std::io::{self, Write};

use roster::text::visible_lines;

use crate::failure::{Failure, Result};

pub fn line(text: impl Display) -> Result<()> {
    match writeln!(io::stdout().lock(), "{}", visible_lines(&text.to_string())) {
        // The reader, such as `head`, has ended.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| Failure::Output { why: error.to_string() }),
    }
}

/// Ignores failures: standard error may be closed.
pub fn aside(text: impl Display) {
    let _unread = writeln!(io::stderr().lock(), "{}", visible_lines(&text.to_string()));
}

/// Prints aligned columns; the first row has the heads.
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
                // Numbers are aligned to the right.
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
