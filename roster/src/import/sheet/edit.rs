//! A sheet is changed by steps. A step that is taken back can be taken again.

use std::collections::BTreeMap;

use super::Sheet;
use crate::import::arena::{Place as CellPlace, Span, narrow, wide};
use crate::import::check::{Finding, Place};
use crate::import::limit;
use crate::problem::Code;

/// What stood there before: cells, rows, what is wrong with rows' shapes, who was left out. Taken
/// into the sheet, it becomes what stands there now.
#[derive(Debug, Default)]
pub(in crate::import) struct Step {
    cells: Vec<(u32, Span)>,
    places: Vec<(u32, Option<CellPlace>)>,
    /// Until `finish`: what is to be.
    shapes: BTreeMap<u32, Vec<Finding>>,
    left_out: Vec<u32>,
    /// How much text had been edited.
    extra: usize,
}

impl Sheet {
    pub(in crate::import) fn begin(&self) -> Step {
        Step { extra: self.arena.extra_len(), ..Step::default() }
    }

    /// Writes a cell; one that a short row lacks makes the row whole.
    pub(in crate::import) fn write(
        &mut self,
        row: usize,
        column: usize,
        text: &str,
        step: &mut Step,
    ) {
        const OF_CELL: [Code; 4] =
            [Code::RowStrayQuote, Code::CellTooLarge, Code::CellWrongType, Code::RowDuplicateKey];
        let columns = self.heading.headers.len();
        if row >= self.row_count() || column >= columns.max(self.width(row)) {
            return;
        }
        if column >= self.width(row) {
            let place = self.arena.widened(row, columns);
            step.places.push((narrow(row), self.arena.relocate(narrow(row), Some(place))));
            self.reshape(row, step, |finding| {
                !matches!(finding.code, Code::RowTooFewCells | Code::RowNotAnObject)
            });
        }
        let cell = Place::column(column);
        self.reshape(row, step, |finding| {
            finding.place != cell || !OF_CELL.contains(&finding.code)
        });
        if text.len() > limit::CELL_BYTES {
            let too_large = Finding::new(row, Code::CellTooLarge, cell, 0);
            let shape = step.shapes.entry(narrow(row));
            shape.or_insert_with(|| self.findings_of(row).to_vec()).push(too_large);
        }
        if let Some(cell) = self.arena.number(row, column) {
            let span = self.arena.extra(|extra| extra.push_str(text));
            step.cells.push((cell, self.arena.exchange(cell, span)));
        }
    }

    /// Takes text after a closing quote for what is meant.
    pub(in crate::import) fn take_stray_quotes(&self, row: usize, step: &mut Step) {
        self.reshape(row, step, |finding| finding.code != Code::RowStrayQuote);
    }

    /// Puts `text` into the last column, and drops the cells after it.
    pub(in crate::import) fn join_surplus(&mut self, row: usize, text: &str, step: &mut Step) {
        let columns = self.heading.headers.len();
        let Some(last) = columns.checked_sub(1) else { return };
        self.reshape(row, step, |finding| match finding.place {
            Place::Column(column) => usize::from(column) < columns,
            _ => finding.code != Code::RowTooManyCells,
        });
        self.write(row, last, text, step);
        let place = self.arena.narrowed(row, columns);
        step.places.push((narrow(row), self.arena.relocate(narrow(row), Some(place))));
    }

    /// Takes the row out, or in again.
    pub(in crate::import) fn toggle(&mut self, row: usize, step: &mut Step) {
        if self.left_out.is_empty() {
            self.left_out = vec![false; self.row_count()];
        }
        if let Some(left_out) = self.left_out.get_mut(row) {
            *left_out = !*left_out;
            step.left_out.push(narrow(row));
        }
    }

    fn reshape(&self, row: usize, step: &mut Step, keep: impl Fn(&Finding) -> bool) {
        if let Some(shape) = step.shapes.get_mut(&narrow(row)) {
            shape.retain(keep);
        } else if !self.findings_of(row).iter().all(&keep) {
            let kept = self.findings_of(row).iter().filter(|finding| keep(finding));
            step.shapes.insert(narrow(row), kept.copied().collect());
        }
    }

    /// Ends a step: the shapes that it brought about hold from now on.
    pub(in crate::import) fn finish(&mut self, step: &mut Step) {
        exchange(&mut self.findings, &mut step.shapes);
    }

    /// Takes a step back, or again.
    pub(in crate::import) fn retrace(&mut self, step: &mut Step) {
        // What was changed last is changed back first.
        step.cells.reverse();
        step.places.reverse();
        for (cell, span) in &mut step.cells {
            *span = self.arena.exchange(*cell, *span);
        }
        for (row, place) in &mut step.places {
            *place = self.arena.relocate(*row, *place);
        }
        exchange(&mut self.findings, &mut step.shapes);
        for row in &step.left_out {
            if let Some(left_out) = self.left_out.get_mut(wide(*row)) {
                *left_out = !*left_out;
            }
        }
    }

    /// Forgets the texts of steps that will never be taken again; this was the first of them.
    pub(in crate::import) fn forget(&mut self, first: &Step) {
        self.arena.cut_extra(first.extra);
    }
}

/// Gives the rows these findings, and takes theirs.
fn exchange(findings: &mut Vec<Finding>, shapes: &mut BTreeMap<u32, Vec<Finding>>) {
    const FEW: usize = 8;
    if shapes.len() <= FEW {
        for (row, shape) in shapes {
            let start = findings.partition_point(|finding| finding.row < *row);
            let len = Finding::of_row(findings, wide(*row)).len();
            let after = std::mem::take(shape);
            shape.extend(findings.splice(start..start + len, after));
        }
        return;
    }
    let mut before: BTreeMap<u32, Vec<Finding>> =
        shapes.keys().map(|row| (*row, Vec::new())).collect();
    findings.retain(|finding| match before.get_mut(&finding.row) {
        Some(own) => {
            own.push(*finding);
            false
        }
        None => true,
    });
    findings.extend(shapes.values().flatten());
    findings.sort_by_key(|finding| finding.row);
    *shapes = before;
}
