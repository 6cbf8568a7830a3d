//! The keyboard in the tree, by the WAI-ARIA tree pattern.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::menu;
use super::rows::{Key, Row};
use super::state::TreeState;
use crate::browser;
use crate::text::grouped;

/// Letters typed within this time make one word.
const WORD_MILLISECONDS: f64 = 700.0;

/// What was typed to find a line by its beginning.
#[derive(Clone, Default)]
pub struct TypeAhead {
    word: String,
    at: f64,
}

/// Answers a key that was pressed in the tree.
pub fn press(event: &KeyboardEvent, state: TreeState, rows: &[Row], typed: StoredValue<TypeAhead>) {
    if event.alt_key() {
        return;
    }
    let Some(here) = rows.iter().position(|row| Some(row.key) == state.active.get_untracked())
    else {
        return;
    };
    let row = &rows[here];
    let group = row.key.group().filter(|_| row.opens);
    let open = group.is_some_and(|group| untrack(|| state.is_open(group)));
    let (command, shift) = (event.ctrl_key() || event.meta_key(), event.shift_key());
    let above = || here.checked_sub(1).and_then(|above| rows.get(above));
    if !shift && matches!(event.key().as_str(), "ArrowDown" | "ArrowUp" | "Home" | "End") {
        state.marks.begin(None);
    }
    match event.key().as_str() {
        "a" | "A" if command => mark_siblings(rows, here, state),
        _ if command => return,
        "ArrowDown" if shift => extend(rows, here, rows.get(here + 1), state),
        "ArrowUp" if shift => extend(rows, here, above(), state),
        "ContextMenu" => menu::open_at_line(state, row.key),
        "F10" if shift => menu::open_at_line(state, row.key),
        "Escape" if state.marks.any() => {
            state.marks.clear();
            state.announcer.announce("Nothing is marked any more.");
        }
        "ArrowDown" => go(rows.get(here + 1)),
        "ArrowUp" => go(above()),
        "Home" => go(rows.first()),
        "End" => go(rows.last()),
        "ArrowRight" => match group {
            Some(_) if open => go(rows.get(here + 1)),
            Some(group) => state.open(group),
            None => {}
        },
        "ArrowLeft" => match group {
            Some(group) if open => state.close(group),
            _ => go(parent(rows, here)),
        },
        "*" => open_siblings(rows, here, state),
        // A click goes the way of every link: through the router, and asking first where something
        // isn't saved.
        "Enter" => browser::click(&row.key.element()),
        " " => match row.key {
            Key::Place(place) => state.marks.toggle(place),
            _ => browser::click(&row.key.element()),
        },
        letter if letter.chars().count() == 1 => {
            find(rows, here, letter, event.time_stamp(), typed);
        }
        _ => return,
    }
    event.prevent_default();
}

fn go(row: Option<&Row>) {
    if let Some(row) = row {
        browser::focus(&row.key.element());
    }
}

fn parent(rows: &[Row], here: usize) -> Option<&Row> {
    rows[..here].iter().rev().find(|row| row.level < rows[here].level)
}

/// Goes to a line and marks all from where the marking began.
fn extend(rows: &[Row], here: usize, to: Option<&Row>, state: TreeState) {
    let (Key::Place(from), Some(to)) = (rows[here].key, to) else { return };
    if let Key::Place(place) = to.key {
        state.marks.range(rows, from, place);
    }
    go(Some(to));
}

/// Marks all lines beside this one that can be seen.
fn mark_siblings(rows: &[Row], here: usize, state: TreeState) {
    let level = rows[here].level;
    let before = rows[..here].iter().rev().take_while(|row| row.level >= level);
    let after = rows[here..].iter().take_while(|row| row.level >= level);
    let beside = before.chain(after).filter(|row| row.level == level);
    let places: Vec<_> = beside
        .filter_map(|row| match row.key {
            Key::Place(place) => Some(place),
            _ => None,
        })
        .collect();
    state.announcer.announce([&grouped(places.len() as u64), " marked"].concat());
    state.marks.set(places);
}

fn open_siblings(rows: &[Row], here: usize, state: TreeState) {
    let level = rows[here].level;
    let before = rows[..here].iter().rev().take_while(|row| row.level >= level);
    let after = rows[here..].iter().take_while(|row| row.level >= level);
    for row in before.chain(after).filter(|row| row.level == level && row.opens) {
        if let Some(group) = row.key.group() {
            state.open(group);
        }
    }
}

/// Goes to the next line whose label begins with what was typed.
fn find(rows: &[Row], here: usize, letter: &str, now: f64, typed: StoredValue<TypeAhead>) {
    let mut word = typed.get_value();
    if now - word.at > WORD_MILLISECONDS {
        word.word.clear();
    }
    word.word.push_str(&browser::lower_case(letter));
    word.at = now;
    // A word that grows may still mean this line; its first letter means the next one.
    let start = if word.word.chars().count() > 1 { here } else { here + 1 };
    let places = rows.iter().skip(start).chain(rows.iter().take(start));
    let found = places
        .filter(|row| matches!(row.key, Key::Place(_)))
        .find(|row| browser::lower_case(&row.label).starts_with(&word.word));
    typed.set_value(word);
    go(found);
}
