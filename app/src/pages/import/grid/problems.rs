//! From problem to problem: Tab and Shift+Tab. At the last one the focus goes on to what comes
//! after the grid; Esc lets Tab leave it at once.

use leptos::prelude::*;
use roster::import::Filter;
use roster::worker::{Request, View};

use super::focus::focus_active;
use super::keys::Place;
use super::state::{Grid, OWN_COLUMNS_LEFT};
use crate::browser;
use crate::pages::import::desk::link;
use crate::pages::import::start::START;

/// The file has problems to go to.
pub(super) fn has_any(grid: Grid) -> bool {
    grid.overview.with_untracked(|overview| {
        overview.as_ref().is_some_and(|it| it.counts.errors > 0 || it.counts.warnings > 0)
    })
}

/// Asks for the next one; the answer is taken by [`found`].
pub(super) fn step(grid: Grid, from: Option<(u32, u16)>, forward: bool) {
    grid.going.update_value(|going| going.forward = forward);
    link::tell(&Request::Next { view: grid.show.get_untracked(), from, forward });
}

/// The place of the active cell in the file.
pub(super) fn here(grid: Grid) -> Option<(u32, u16)> {
    let place = grid.active.get_untracked();
    let row = grid.row_at(place.row)?;
    let column = place.column.saturating_sub(OWN_COLUMNS_LEFT);
    Some((row.row, u16::try_from(column).unwrap_or(u16::MAX)))
}

/// Goes to the cell, or out of the grid where there is none.
pub(super) fn found(grid: Grid, place: Option<(u32, u16)>, widen: impl Fn(Filter)) {
    match place {
        Some((row, column)) => {
            let place = Place { row, column: u32::from(column) + OWN_COLUMNS_LEFT };
            grid.reveal(row);
            grid.active.set(place);
            grid.going.update_value(|going| going.follow = true);
            focus_active(grid);
        }
        // Among the rows that are shown there is none; among all, perhaps.
        None if grid.show.with_untracked(is_narrow) => widen(Filter::All),
        None if grid.going.with_value(|going| going.forward) => browser::focus(START),
        None => browser::focus("content"),
    }
}

/// Rows that it doesn't show may have problems. Who looks for a text looks for no others.
fn is_narrow(view: &View) -> bool {
    view.text.is_empty() && !matches!(view.filter, Filter::All | Filter::Errors)
}
