//! What keys and clicks do to the grid: move, edit, empty, leave out, go to the next problem.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, EventTarget};
use roster::import::RowStatus;
use roster::worker::Request;

use super::cell::place_of;
use super::focus::focus_active;
use super::keys::{Place, moved};
use super::state::Grid;
use super::{edit, problems};
use crate::pages::import::desk::link;

/// A key on a cell. While the file can't be changed it only moves.
pub(super) fn press(grid: Grid, key: &KeyboardEvent, may_change: bool) {
    let target = element(key.target());
    if target.and_then(|target| place_of(&target)).is_none() {
        return;
    }
    let from = grid.active.get_untracked();
    let command = key.ctrl_key() || key.meta_key();
    if let Some(to) = moved(from, &key.key(), command, grid.extent()) {
        grid.reveal(to.row);
        grid.active.set(to);
        grid.going.update_value(|going| going.follow = true);
        focus_active(grid);
    } else if !may_change || !acted(grid, from, key) {
        return;
    }
    key.prevent_default();
}

/// Twice on a cell edits it.
pub(super) fn press_twice(grid: Grid, event: &MouseEvent, may_change: bool) {
    let target = element(event.target());
    let cell = target.and_then(|target| target.closest("[id^=cell-]").ok().flatten());
    if let Some(place) = cell.and_then(|cell| place_of(&cell)).filter(|_| may_change) {
        grid.active.set(place);
        edit::begin(grid, place, None);
    }
}

fn element(target: Option<EventTarget>) -> Option<Element> {
    target?.dyn_into().ok()
}

/// False: the key is not the grid's.
fn acted(grid: Grid, place: Place, key: &KeyboardEvent) -> bool {
    let word = key.key();
    let command = key.ctrl_key() || key.meta_key() || key.alt_key();
    let leaving = grid.going.with_value(|going| going.leaving);
    grid.going.update_value(|going| going.leaving = word == "Escape");
    match word.as_str() {
        "Tab" if !leaving && problems::has_any(grid) => {
            problems::step(grid, problems::here(grid), !key.shift_key());
        }
        "Enter" | "F2" => edit::begin(grid, place, None),
        "Delete" if place.column == 0 => leave_out(grid, place),
        "Delete" | "Backspace" => edit::clear(grid, place),
        _ if !command && word.chars().count() == 1 && word != " " => {
            edit::begin(grid, place, Some(word));
        }
        _ => return false,
    }
    true
}

/// Leaves the row out of the import, or takes it in again.
pub(super) fn leave_out(grid: Grid, place: Place) {
    if let Some(row) = grid.row_at(place.row) {
        let out = row.status != RowStatus::LeftOut;
        link::tell(&Request::LeaveOut { row: row.row, out });
    }
}
