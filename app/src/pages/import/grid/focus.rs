//! The focus and the tab order follow the active cell, though rows come and go below it.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use super::cell::{cell_id, place_of};
use super::keys::Place;
use super::state::Grid;
use crate::pages::import::desk::link;

fn element_at(place: Place) -> Option<Element> {
    document().get_element_by_id(&cell_id(place))
}

fn set_tab_stop(element: &Element, on: bool) {
    // The attribute's name is a valid one: this can't fail.
    let _ = element.set_attribute("tabindex", if on { "0" } else { "-1" });
}

/// Puts the active cell into the tab order, if its row is there.
pub(super) fn move_stop(grid: Grid) {
    let (from, to) = (grid.stop.get_value(), grid.active.get_untracked());
    let Some(element) = element_at(to) else { return };
    if let Some(before) = element_at(from).filter(|_| from != to) {
        set_tab_stop(&before, false);
    }
    set_tab_stop(&element, true);
    grid.stop.set_value(to);
}

/// Moves the focus to the active cell, if it is to go there and the row has come.
pub(super) fn focus_active(grid: Grid) {
    let place = grid.active.get_untracked();
    move_stop(grid);
    if !grid.going.with_value(|going| going.follow) {
        return;
    }
    if let Some(element) = element_at(place).and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        grid.going.update_value(|going| going.follow = false);
        // Its row is there, so it can be focused.
        let _ = element.focus();
    }
}

/// The cell that has the focus, of any grid on the page.
fn focused_cell() -> Option<Place> {
    place_of(&document().active_element()?)
}

/// To be called when rows are about to be laid: once they are, the focus goes where it belongs. A
/// row that is moved in the document loses it.
pub(super) fn after_laying(grid: Grid) {
    let before = focused_cell();
    queue_microtask(move || {
        // The grid may be gone by then.
        if grid.active.try_get_untracked().is_none() {
            return;
        }
        focus_active(grid);
        if let Some(place) = before.filter(|_| focused_cell().is_none())
            && let Some(element) = element_at(place)
        {
            // It comes back to where it was; where it is about to go stays the same.
            let to = grid.active.get_untracked();
            link::focus_quietly(&element);
            grid.active.set(to);
        }
    });
}
