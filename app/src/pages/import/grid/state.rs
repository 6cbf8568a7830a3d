//! What the grid's parts share.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use roster::worker::{ColumnView, GridRow, Overview, View};

use super::edit::Editing;
use super::focus::after_laying;
use super::geometry::Geometry;
use super::keys::{Extent, Place};
use super::slices::{self, AT_ONCE};
use crate::pages::import::desk::Shown;

/// Columns that are the grid's own: the line, the state, what happens.
pub(super) const OWN_COLUMNS: u32 = 3;
/// Those of them that stand before the file's.
pub(super) const OWN_COLUMNS_LEFT: u32 = 2;

/// Where the focus is about to go.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Going {
    /// To the active cell, as soon as its row is there.
    pub follow: bool,
    /// The next problem is looked for downwards.
    pub forward: bool,
    /// Esc was pressed: the next Tab leaves the grid.
    pub leaving: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Grid {
    pub epoch: RwSignal<u32>,
    pub shown: RwSignal<Shown>,
    pub show: Memo<View>,
    pub columns: Memo<Arc<Vec<ColumnView>>>,
    pub geometry: Memo<Geometry>,
    pub scroll: RwSignal<f64>,
    /// The label of the group for the whole file.
    pub group: Signal<Option<String>>,
    pub active: RwSignal<Place>,
    /// The cell that is in the tab order: the active one, or the one before while its row is
    /// not there yet.
    pub stop: StoredValue<Place>,
    /// The row of the cell that has the focus.
    pub focused: StoredValue<Option<u32>>,
    pub going: StoredValue<Going>,
    /// The rows that are in the document.
    pub laid: StoredValue<Shown>,
    /// Counts the slices in which rows are laid.
    pub turn: RwSignal<u32>,
    pub overview: RwSignal<Option<Overview>>,
    /// The cell that is being edited.
    pub editing: RwSignal<Option<Editing>>,
    pub scroller: NodeRef<html::Div>,
}

impl Grid {
    /// The row at this place, if the page has it.
    pub fn row_at(self, place: u32) -> Option<Arc<GridRow>> {
        let find = |shown: &Shown| shown.rows.iter().find(|row| row.place == place).cloned();
        self.shown.with_untracked(find).or_else(|| self.laid.with_value(find))
    }

    pub fn extent(self) -> Extent {
        let geometry = self.geometry.get_untracked();
        let columns = self.columns.with_untracked(|columns| columns.len());
        Extent {
            rows: geometry.rows,
            columns: u32::try_from(columns).unwrap_or(u32::MAX).saturating_add(OWN_COLUMNS),
            page: geometry.page().saturating_sub(1).max(1),
        }
    }

    /// Scrolls so that the row can be seen.
    pub fn reveal(self, row: u32) {
        let geometry = self.geometry.get_untracked();
        if let (Some(top), Some(element)) =
            (geometry.reveal(row, self.scroll.get_untracked()), self.scroller.get_untracked())
        {
            // A scroll position is a whole number of pixels; rounding up shows the last row, too.
            #[expect(clippy::cast_possible_truncation, reason = "some 8 million at most")]
            element.set_scroll_top(top.ceil() as i32);
        }
    }

    /// The rows to be in the document: the window that came last, and those that must stay, so that
    /// neither the focus nor the grid's place in the tab order is lost; slice by slice.
    pub fn rows(self) -> Vec<Arc<GridRow>> {
        self.turn.track();
        let (epoch, view) = (self.epoch.get(), self.show.get());
        let is_current = |shown: &Shown| shown.epoch == epoch && shown.view == view;
        let wanted = self
            .shown
            .with(|shown| if is_current(shown) { shown.rows.clone() } else { Vec::new() });
        let needed = [Some(self.stop.get_value().row), self.focused.get_value()];
        let laid = self
            .laid
            .with_value(|laid| if is_current(laid) { laid.rows.clone() } else { Vec::new() });
        let (mut rows, more) = slices::slice(&wanted, &laid, AT_ONCE);
        let is_needed = |row: &Arc<GridRow>| needed.contains(&Some(row.place));
        let is_new = |row: &Arc<GridRow>| wanted.iter().all(|other| other.place != row.place);
        rows.extend(laid.into_iter().filter(|row| is_needed(row) && is_new(row)));
        // In their order, so that those that stay needn't be moved in the document.
        rows.sort_by_key(|row| row.place);
        self.laid.set_value(Shown { epoch, view, rows: rows.clone(), total: 0 });
        if more {
            slices::next_frame(self.turn);
        }
        after_laying(self);
        rows
    }

    /// Another check or another view: nothing of what was shown is left.
    pub fn reset(self) {
        self.focused.set_value(None);
        self.stop.set_value(Place::default());
        self.active.set(Place::default());
    }
}
