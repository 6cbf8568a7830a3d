//! The file under review: people edit cells, leave rows out, take mends, undo; each change is
//! checked at once, in the rows that it concerns. Beside the check stands what a dry run says.

mod problems;
mod text;
mod verdicts;

use super::arena::{narrow, wide};
use super::cause::{self, Cause};
use super::check::{Before, Checked, Filter, Keys, inspect, recheck};
use super::header::Role;
use super::mend::{self, Mend};
use super::sheet::Sheet;
use super::sheet::edit::Step;
use super::{Rules, compare};

use verdicts::Verdicts;
pub use verdicts::{VerdictCounts, VerdictKind};

#[derive(Debug)]
pub struct Review {
    sheet: Sheet,
    checked: Checked,
    keys: Keys,
    verdicts: Verdicts,
    done: Vec<Change>,
    /// The next to be done again is the last.
    undone: Vec<Change>,
}

/// A change that was made, or undone.
#[derive(Debug)]
struct Change {
    label: String,
    /// In the file's order.
    rows: Vec<u32>,
    step: Step,
}

impl Review {
    /// Checks the sheet. `progress` is told the part that is done, from 0 to 1.
    pub fn new(sheet: Sheet, rules: Rules, progress: &mut dyn FnMut(f32)) -> Self {
        let (checked, keys) = inspect(&sheet, rules, progress);
        let verdicts = Verdicts::new(sheet.row_count());
        Self { sheet, checked, keys, verdicts, done: Vec::new(), undone: Vec::new() }
    }

    #[must_use]
    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    #[must_use]
    pub fn checked(&self) -> &Checked {
        &self.checked
    }

    #[must_use]
    pub fn rules(&self) -> &Rules {
        self.checked.rules()
    }

    /// Checks all rows by other rules; what was changed stays.
    pub fn set_rules(&mut self, rules: Rules, progress: &mut dyn FnMut(f32)) {
        (self.checked, self.keys) = inspect(&self.sheet, rules, progress);
        self.verdicts = Verdicts::new(self.sheet.row_count());
    }

    /// Takes columns for something else and checks all rows; what was changed stays.
    pub fn set_roles(&mut self, roles: &[(u16, Role)], progress: &mut dyn FnMut(f32)) {
        self.sheet.set_roles(roles);
        self.set_rules(self.rules().clone(), progress);
    }

    /// Writes a cell, one that a short row lacks, too. The same text is no change.
    pub fn edit(&mut self, row: usize, column: usize, text: &str) {
        let columns = self.sheet.headers().len().max(self.sheet.width(row));
        let there = row < self.sheet.row_count() && column < columns;
        if !there || self.sheet.cell(row, column) == text && column < self.sheet.width(row) {
            return;
        }
        let header = self.sheet.headers().get(column).map(|header| header.text.as_str());
        let label = format!(
            "{} on line {}",
            header
                .filter(|text| !text.is_empty())
                .map_or_else(|| format!("Column {}", column + 1), crate::text::shown),
            self.sheet.line(row)
        );
        self.change(
            &[narrow(row)],
            |_| label,
            |sheet, step| {
                sheet.write(row, column, text, step);
                vec![narrow(row)]
            },
        );
    }

    /// Takes the row out of the import, or in again.
    pub fn leave_out(&mut self, row: usize, out: bool) {
        if row >= self.sheet.row_count() || self.sheet.is_left_out(row) == out {
            return;
        }
        let line = self.sheet.line(row);
        let label =
            if out { format!("Line {line} left out") } else { format!("Line {line} taken in") };
        self.change(
            &[narrow(row)],
            |_| label,
            |sheet, step| {
                sheet.toggle(row, step);
                vec![narrow(row)]
            },
        );
    }

    /// Mends all rows that it is for. How many those are.
    pub fn mend(&mut self, mend: &Mend) -> u32 {
        let rows = self.rows_for(mend);
        let rules = self.rules().clone();
        let label = |rows: &[u32]| cause::done(mend, narrow(rows.len()));
        self.change(&rows, label, |sheet, step| {
            let mended = |row: &u32| match mend.remedy(sheet, &rules, wide(*row)) {
                Some(remedy) => {
                    remedy.take(sheet, wide(*row), step);
                    true
                }
                None => false,
            };
            rows.iter().copied().filter(mended).collect()
        })
    }

    fn rows_for(&self, mend: &Mend) -> Vec<u32> {
        let mut rows = mend::rows_of(mend, self.checked.findings());
        rows.extend(self.verdicts.conflicts().filter_map(|(row, problem)| {
            let place = problems::place_of(problem);
            (self.is_sent(row) && mend.is_for(problem.code, place)).then_some(row)
        }));
        // What one row's group is, it is of every row: those that weren't compared yet, too.
        if let Mend::Group { value, .. } = mend
            && crate::fields::group(value).is_ok_and(|group| group.is_some())
        {
            let all = 0..narrow(self.sheet.row_count());
            rows.extend(all.filter(|row| self.is_sent(*row)));
        }
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// `write` changes some of the rows, which are in order, and says which; how many those are.
    fn change(
        &mut self,
        rows: &[u32],
        label: impl FnOnce(&[u32]) -> String,
        write: impl FnOnce(&mut Sheet, &mut Step) -> Vec<u32>,
    ) -> u32 {
        if let Some(first) = self.undone.last() {
            self.sheet.forget(&first.step);
            self.undone.clear();
        }
        let before = Before::of(&self.sheet, &self.keys, rows);
        let mut step = self.sheet.begin();
        let rows = write(&mut self.sheet, &mut step);
        self.sheet.finish(&mut step);
        let count = narrow(rows.len());
        if count > 0 {
            self.recheck(&rows, before);
            self.done.push(Change { label: label(&rows), rows, step });
        }
        count
    }

    fn recheck(&mut self, rows: &[u32], before: Before) {
        recheck(&self.sheet, rows, before, &mut self.checked, &mut self.keys);
        self.verdicts.forget(rows);
    }

    /// Takes the last change back. What it was, for people.
    pub fn undo(&mut self) -> Option<String> {
        let change = self.done.pop()?;
        let (label, change) = self.retrace(change);
        self.undone.push(change);
        Some(label)
    }

    /// Makes the last change that was undone again.
    pub fn redo(&mut self) -> Option<String> {
        let change = self.undone.pop()?;
        let (label, change) = self.retrace(change);
        self.done.push(change);
        Some(label)
    }

    fn retrace(&mut self, mut change: Change) -> (String, Change) {
        let before = Before::of(&self.sheet, &self.keys, &change.rows);
        self.sheet.retrace(&mut change.step);
        self.recheck(&change.rows, before);
        (change.label.clone(), change)
    }

    /// How many changes can be undone, and how many done again.
    #[must_use]
    pub fn steps(&self) -> (usize, usize) {
        (self.done.len(), self.undone.len())
    }

    /// The cell was edited or mended since the file was read.
    #[must_use]
    pub fn is_changed(&self, row: usize, column: usize) -> bool {
        self.sheet.arena.is_edited(row, column)
    }

    /// The problems, summed up, with what can be done about them: errors first, those that only the
    /// server knows after the others, then by rows.
    #[must_use]
    pub fn causes(&self) -> Vec<Cause> {
        let conflicts = self.verdicts.conflicts().filter(|(row, _)| self.is_sent(*row));
        let conflicts: Vec<_> =
            conflicts.map(|(row, of)| (row, of.code, problems::place_of(of))).collect();
        cause::of(&self.sheet, &self.checked, &conflicts)
    }

    /// The rows of the filter, in the file's order.
    #[must_use]
    pub fn rows(&self, filter: Filter) -> Vec<u32> {
        match VerdictKind::of_filter(filter) {
            None => self.checked.rows(filter),
            Some(kind) => {
                let rows = 0..narrow(self.sheet.row_count());
                rows.filter(|row| self.is_sent(*row) && self.verdict(wide(*row)) == Some(kind))
                    .collect()
            }
        }
    }
}
