//! Rows are laid a few at a time, a frame apart: forty at once keep the page from answering.

use std::sync::Arc;

use leptos::prelude::*;
use roster::worker::GridRow;

/// So many new rows are laid at once.
pub(super) const AT_ONCE: usize = 10;

/// The rows to be laid now, of those that are wanted, and whether some are still to come. Who waits
/// for its turn is stood in for by the row that is laid in its place.
pub(super) fn slice(
    wanted: &[Arc<GridRow>],
    laid: &[Arc<GridRow>],
    at_once: usize,
) -> (Vec<Arc<GridRow>>, bool) {
    let mut left = at_once;
    let mut more = false;
    let rows = wanted.iter().filter_map(|row| {
        let before = laid.iter().find(|before| before.place == row.place);
        if before.is_some_and(|before| Arc::ptr_eq(before, row)) {
            return Some(row.clone());
        }
        if left > 0 {
            left -= 1;
            return Some(row.clone());
        }
        more = true;
        before.cloned()
    });
    (rows.collect(), more)
}

/// Has the next slice laid once this one was drawn.
pub(super) fn next_frame(turn: RwSignal<u32>) {
    request_animation_frame(move || {
        set_timeout(
            move || {
                // The grid may be gone by then.
                turn.try_update(|turn| *turn = turn.wrapping_add(1));
            },
            std::time::Duration::ZERO,
        );
    });
}

#[cfg(test)]
mod tests {
    use roster::import::RowStatus;

    use super::*;

    fn row(place: u32, line: u32) -> Arc<GridRow> {
        Arc::new(GridRow {
            place,
            row: place,
            line,
            status: RowStatus::Ok,
            verdict: None,
            cells: Vec::new(),
            changed: Vec::new(),
            problems: Vec::new(),
            differences: Vec::new(),
            group: None,
        })
    }

    #[test]
    fn rows_come_slice_by_slice_and_none_is_missed() {
        let old: Vec<_> = (0..5).map(|place| row(place, 1)).collect();
        let new: Vec<_> = (0..5).map(|place| row(place, 2)).collect();
        let check = |wanted: &[Arc<GridRow>], laid: &[Arc<GridRow>], lines: &[u32], more: bool| {
            let (rows, found) = slice(wanted, laid, 2);
            assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), lines);
            assert_eq!(found, more);
            rows
        };
        // Nothing is there yet.
        let first = check(&new, &[], &[2, 2], true);
        let second = check(&new, &first, &[2, 2, 2, 2], true);
        let third = check(&new, &second, &[2; 5], false);
        check(&new, &third, &[2; 5], false);
        // Others stand in their place meanwhile.
        let first = check(&new, &old, &[2, 2, 1, 1, 1], true);
        check(&new, &first, &[2, 2, 2, 2, 1], true);
        // Who isn't wanted any more goes at once.
        check(&new[3..], &old, &[2, 2], false);
        check(&[], &old, &[], false);
    }
}
