//! A table as a terminal shows it: columns as wide as they need to be, the last one as it is.

use crate::failure::Result;
use crate::say::Results;

pub struct Table<const N: usize> {
    header: [&'static str; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    pub fn new(header: [&'static str; N]) -> Self {
        Self { header, rows: Vec::new() }
    }

    /// Control characters of a value would be the terminal's: they are shown as spaces.
    pub fn row(&mut self, row: [String; N]) {
        self.rows.push(row.map(|cell| cell.replace(char::is_control, " ")));
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn write(&self, results: &mut Results) -> Result<()> {
        let header = self.header.map(str::to_owned);
        let widths = self.widths();
        for row in std::iter::once(&header).chain(&self.rows) {
            results.line(line(row, &widths))?;
        }
        Ok(())
    }

    fn widths(&self) -> [usize; N] {
        let mut widths = self.header.map(str::len);
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        widths
    }
}

fn line<const N: usize>(row: &[String; N], widths: &[usize; N]) -> String {
    let padded = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
    padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_need_to_be() {
        let mut table = Table::new(["ID", "PATH"]);
        table.row(["10000".to_owned(), "Größe\u{7}".to_owned()]);
        let widths = table.widths();
        assert_eq!(widths, [5, 6]);
        assert_eq!(line(&["1".to_owned(), "a".to_owned()], &widths), "1      a");
        assert_eq!(line(&table.rows[0], &widths), "10000  Größe");
    }
}
