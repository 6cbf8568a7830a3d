//! The lines that are marked: what is done is done with all of them.

use std::collections::HashSet;

use leptos::prelude::*;

use super::super::place::Place;
use super::rows::{Key, Row};

#[derive(Clone, Copy)]
pub struct Marks {
    marked: RwSignal<HashSet<Place>>,
    /// Where a range begins.
    anchor: StoredValue<Option<Place>>,
}

impl Marks {
    #[must_use]
    pub fn new() -> Self {
        Self { marked: RwSignal::new(HashSet::new()), anchor: StoredValue::new(None) }
    }

    pub fn has(self, place: Place) -> bool {
        self.marked.with(|marked| marked.contains(&place))
    }

    pub fn count(self) -> usize {
        self.marked.with(HashSet::len)
    }

    #[must_use]
    pub fn any(self) -> bool {
        self.marked.with_untracked(|marked| !marked.is_empty())
    }

    #[must_use]
    pub fn all(self) -> HashSet<Place> {
        self.marked.get_untracked()
    }

    pub fn toggle(self, place: Place) {
        self.anchor.set_value(Some(place));
        self.marked.update(|marked| {
            if !marked.remove(&place) {
                marked.insert(place);
            }
        });
    }

    /// A range that begins next begins here.
    pub fn begin(self, place: Option<Place>) {
        self.anchor.set_value(place);
    }

    pub fn set(self, places: Vec<Place>) {
        self.marked.set(places.into_iter().collect());
    }

    pub fn clear(self) {
        self.anchor.set_value(None);
        if self.any() {
            self.marked.set(HashSet::new());
        }
    }

    /// Marks all lines from where the marking began, `from` if it begins here, to this one.
    pub fn range(self, rows: &[Row], from: Place, to: Place) {
        let begin = self.anchor.get_value().unwrap_or(from);
        self.anchor.set_value(Some(begin));
        let at = |place: Place| rows.iter().position(|row| row.key == Key::Place(place));
        let (Some(begin), Some(end)) = (at(begin), at(to)) else { return self.set(vec![to]) };
        let range = &rows[begin.min(end)..=begin.max(end)];
        let places = range.iter().filter_map(|row| match row.key {
            Key::Place(place) => Some(place),
            _ => None,
        });
        self.set(places.collect());
    }
}
