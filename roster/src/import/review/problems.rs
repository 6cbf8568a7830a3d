//! From problem to problem, and what a row's problems are.

use super::{Review, narrow, wide};
use crate::import::check::{Place, RowStatus};
use crate::problem::{Problem, Severity};

impl Review {
    /// The row and column of the next cell with an error, from a cell or from the file's end; where
    /// there is no error at all, with a warning. `None` beyond the last.
    #[must_use]
    pub fn next_problem(&self, from: Option<(u32, u16)>, forward: bool) -> Option<(u32, u16)> {
        let conflicts = self.verdicts.conflicts().any(|(row, _)| self.is_sent(row));
        let errors = conflicts || self.checked.counts().errors > 0;
        let severity = if errors { Severity::Error } else { Severity::Warning };
        let (first, last) = (0, narrow(self.sheet.row_count()));
        let at = |row: u32| self.columns_with(row, severity);
        if forward {
            let after = |cell: &(u32, u16)| from.is_none_or(|from| *cell > from);
            let rows = from.map_or(first, |(row, _)| row)..last;
            rows.flat_map(|row| at(row).into_iter().map(move |column| (row, column))).find(after)
        } else {
            let before = |cell: &(u32, u16)| from.is_none_or(|from| *cell < from);
            let rows = first..from.map_or(last, |(row, _)| row.saturating_add(1).min(last));
            let cells = rows
                .rev()
                .flat_map(|row| at(row).into_iter().rev().map(move |column| (row, column)));
            cells.into_iter().find(before)
        }
    }

    /// In their order, each once. Most rows have nothing wrong, and need no look.
    fn columns_with(&self, row: u32, severity: Severity) -> Vec<u16> {
        let status = self.checked.status(wide(row));
        if matches!(status, RowStatus::Ok) && self.conflict(wide(row)).is_none()
            || matches!(status, RowStatus::LeftOut)
        {
            return Vec::new();
        }
        let own = self.checked.findings_of(wide(row)).iter();
        let own = own.filter(|of| of.code.severity() == severity).map(|of| of.place);
        let conflict = self.conflict(wide(row)).filter(|_| severity == Severity::Error);
        let places = own.chain(conflict.map(place_of));
        let mut columns: Vec<u16> = places.map(|place| self.column_of(place)).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    fn column_of(&self, place: Place) -> u16 {
        match place {
            Place::Row => 0,
            Place::Field(field) => {
                let column = self.sheet.column_of(field).unwrap_or_default();
                u16::try_from(column).unwrap_or_default()
            }
            Place::Column(column) => u16::from(column),
        }
    }

    /// The check's and the server's.
    #[must_use]
    pub fn problems_of(&self, row: usize) -> Vec<Problem> {
        let mut problems = self.checked.problems_of(&self.sheet, row);
        problems.extend(self.conflict(row).cloned());
        problems.sort_by_key(Problem::place);
        problems
    }

    /// An import sends the row to be imported.
    pub(super) fn is_sent(&self, row: u32) -> bool {
        matches!(self.checked.status(wide(row)), RowStatus::Ok | RowStatus::Warning)
    }
}

pub(super) fn place_of(problem: &Problem) -> Place {
    problem.field().map_or(Place::Row, Place::Field)
}
