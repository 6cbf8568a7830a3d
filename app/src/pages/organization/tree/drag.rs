//! Lines dragged onto groups. What can't fall there is refused while it hovers, with the reason.

use std::time::Duration;

use leptos::ev::DragEvent;
use leptos::prelude::*;
use roster::id::GroupId;
use roster::many::Change;

use super::super::place::Place;
use super::acts;
use super::doing::Lines;
use super::rows::Key;
use super::state::TreeState;
use crate::browser;

/// A closed group opens when something has hovered over it for so long.
const OPENS_AFTER: Duration = Duration::from_millis(700);

/// Something hovers over this line: it may fall, or it may not.
pub fn falls(state: TreeState, place: Place) -> Option<bool> {
    let Place::Group(group) = place else { return None };
    state.over.with(|over| match over {
        Some((here, refusal)) if *here == group => Some(refusal.is_none()),
        _ => None,
    })
}

pub fn begin(event: &DragEvent, state: TreeState, place: Place) {
    state.dragged.set(state.targets(place));
    browser::drag_as(event, "move");
}

pub fn over(event: &DragEvent, state: TreeState, place: Place) {
    let Place::Group(group) = place else { return };
    if state.dragged.with_untracked(Vec::is_empty) {
        return;
    }
    let known =
        state.over.with_untracked(|over| over.as_ref().is_some_and(|(here, _)| *here == group));
    if !known {
        state.over.set(Some((group, refusal(state, group))));
        set_timeout(move || open(state, group), OPENS_AFTER);
    }
    let refused =
        state.over.with_untracked(|over| over.as_ref().is_some_and(|(_, why)| why.is_some()));
    // Taken in either case: what is refused is told so when it falls.
    event.prevent_default();
    browser::drop_as(event, if refused { "none" } else { "move" });
}

/// What hovers may be meant for a group further down.
fn open(state: TreeState, group: GroupId) {
    let hovers =
        state.over.try_with_untracked(|over| matches!(over, Some((here, _)) if *here == group));
    if hovers == Some(true) && untrack(|| !state.is_open(group)) {
        state.open(group);
    }
}

pub fn leave(state: TreeState, place: Place) {
    let left = |over: &Option<(GroupId, Option<String>)>| {
        over.as_ref().is_some_and(|(here, _)| place == Place::Group(*here))
    };
    // With `none` as its effect a browser lets nothing fall, and says that it has left.
    if state.over.with_untracked(left) {
        state.refused.set_value(state.over.get_untracked().and_then(|(_, why)| why));
        state.over.set(None);
    }
}

pub fn fall(event: &DragEvent, state: TreeState, place: Place) {
    event.prevent_default();
    let Place::Group(group) = place else { return };
    let dragged = state.dragged.get_untracked();
    state.dragged.set(Vec::new());
    state.over.set(None);
    if dragged.is_empty() {
        return;
    }
    if let Some(why) = refusal_of(state, group, &dragged) {
        return state.announcer.announce(["Not moved. ", &why].concat());
    }
    let done = ["moved to “", &name(state, group), "”"].concat();
    state.change_at_once(Lines::from(&dragged[..]), Change::MoveTo(group), done);
}

/// Let go where nothing falls.
pub fn end(state: TreeState) {
    let refused = state.over.get_untracked().and_then(|(_, why)| why);
    let refused = refused.or_else(|| state.refused.get_value());
    if let Some(why) = refused.filter(|_| !state.dragged.with_untracked(Vec::is_empty)) {
        state.announcer.announce(["Not moved. ", &why].concat());
    }
    state.refused.set_value(None);
    state.dragged.set(Vec::new());
    state.over.set(None);
}

fn refusal(state: TreeState, group: GroupId) -> Option<String> {
    state.refused.set_value(None);
    state.dragged.with_untracked(|dragged| refusal_of(state, group, dragged))
}

fn refusal_of(state: TreeState, group: GroupId, dragged: &[acts::Target]) -> Option<String> {
    let rows = untrack(|| state.rows());
    let at = rows.iter().position(|row| row.key == Key::Place(Place::Group(group)))?;
    let to = acts::target(&rows, at)?;
    let actor = state.actor.get_untracked()?;
    acts::move_refusal(&actor, dragged, &to.lineage, &to.name)
}

fn name(state: TreeState, group: GroupId) -> String {
    let rows = untrack(|| state.rows());
    let row = rows.into_iter().find(|row| row.key == Key::Place(Place::Group(group)));
    row.map(|row| row.label).unwrap_or_default()
}

/// While something hovers where it can't fall: why.
#[component]
pub fn Note() -> impl IntoView {
    let state = expect_context::<TreeState>();
    let why = move || state.over.with(|over| over.as_ref().and_then(|(_, why)| why.clone()));
    move || why().map(|why| view! { <p class="drag-note">{why}</p> })
}
