//! Changes to the file as it is held: cells, whole rows, mends of many rows, and their undoing. The
//! file itself is never written.

use roster::worker::{Changed, Report, Request, View};

use crate::comparing::{self, wide};
use crate::state::Loaded;
use crate::{Shared, post};

/// Does what was asked, tells what has changed, and compares the rows concerned again.
pub fn change(shared: &Shared, request: &Request) {
    let mut state = shared.borrow_mut();
    if state.import.as_ref().is_some_and(crate::sending::Import::is_running) {
        return;
    }
    let Some(loaded) = &mut state.loaded else { return };
    let said = apply(loaded, request);
    // After a single cell they follow with the comparison, so that the cell is shown at once. Else
    // they go ahead: who sees the new counts sees what is left to mend.
    if !matches!(request, Request::Edit { .. } | Request::LeaveOut { .. }) {
        post::report(&Report::Causes(loaded.review.causes()));
    }
    let count = |steps: usize| u32::try_from(steps).unwrap_or(u32::MAX);
    let (undo, redo) = loaded.review.steps();
    post::report(&Report::Changed(Changed {
        counts: loaded.review.checked().counts(),
        steps: (count(undo), count(redo)),
        said,
    }));
    drop(state);
    comparing::begin(shared);
}

/// For people: what was done, where it isn't plain.
fn apply(loaded: &mut Loaded, request: &Request) -> Option<String> {
    let review = &mut loaded.review;
    match request {
        Request::Edit { row, column, text } => {
            review.edit(wide(*row), usize::from(*column), text);
            return None;
        }
        Request::LeaveOut { row, out } => {
            review.leave_out(wide(*row), *out);
            return None;
        }
        _ => {}
    }
    loaded.viewed = None;
    match request {
        Request::Mend(mend) => Some(match review.mend(mend) {
            0 => "Nothing was left to mend.".to_owned(),
            1 => "1 row mended.".to_owned(),
            rows => format!("{rows} rows mended."),
        }),
        Request::Undo => review.undo().map(|what| format!("Undone: {what}")),
        Request::Redo => review.redo().map(|what| format!("Done again: {what}")),
        _ => None,
    }
}

/// Where the next problem is, as a place among the view's rows. Where a text is looked for, problems of
/// other rows are passed over.
pub fn next(
    loaded: &mut Loaded,
    view: &View,
    mut from: Option<(u32, u16)>,
    forward: bool,
) -> Option<(u32, u16)> {
    loop {
        let (row, column) = loaded.review.next_problem(from, forward)?;
        match place(loaded, view, row) {
            Some(place) => return Some((place, column)),
            None if view.text.is_empty() => return None,
            None => from = Some((row, column)),
        }
    }
}

/// Where the row is among the view's.
pub fn place(loaded: &mut Loaded, view: &View, row: u32) -> Option<u32> {
    u32::try_from(loaded.rows(view).binary_search(&row).ok()?).ok()
}
