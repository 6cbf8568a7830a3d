//! The grid of all rows: only those that can be seen are in the document, some forty, whatever the
//! file's size. The worker holds the rest; it is asked for a window of rows whenever the grid is
//! scrolled. One cell is in the tab order (roving tabindex), by the WAI-ARIA grid pattern.

mod cell;
mod detail;
mod geometry;
mod head;
mod keys;
mod row;

use std::sync::Arc;

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use roster::import::Filter;
use roster::worker::{ColumnView, GridRow};

use super::desk::{Desk, Shown, Stage, link};
use cell::{cell_id, place_of};
use detail::Detail;
use geometry::Geometry;
use head::Head;
use keys::{Extent, Place, moved};
use row::row_view;

/// Columns that are the grid's own: the line, the state, what happens.
const OWN_COLUMNS: u32 = 3;

/// What the grid's parts share.
#[derive(Clone, Copy)]
struct Grid {
    epoch: RwSignal<u32>,
    shown: RwSignal<Shown>,
    show: Signal<Filter>,
    columns: Memo<Arc<Vec<ColumnView>>>,
    geometry: Memo<Geometry>,
    scroll: RwSignal<f64>,
    active: RwSignal<Place>,
    /// The cell that is in the tab order: the active one, or the one before while its row is
    /// not there yet.
    stop: StoredValue<Place>,
    /// The label of the group for the whole file.
    group: Signal<Option<String>>,
    /// The rows that are in the document.
    laid: StoredValue<Vec<Arc<GridRow>>>,
    focused: StoredValue<Option<u32>>,
    /// The focus is to follow the active cell as soon as its row is there.
    follow: StoredValue<bool>,
}

impl Grid {
    fn extent(self) -> Extent {
        let geometry = self.geometry.get_untracked();
        let columns = self.columns.with_untracked(|columns| columns.len());
        Extent {
            rows: geometry.rows,
            columns: u32::try_from(columns).unwrap_or(u32::MAX).saturating_add(OWN_COLUMNS),
            page: geometry.page().saturating_sub(1).max(1),
        }
    }

    /// The rows to be in the document: the window that came last, and those that must stay.
    fn rows(self) -> Vec<Arc<GridRow>> {
        let (epoch, show) = (self.epoch.get(), self.show.get());
        let mut rows = self.shown.with(|shown| {
            if shown.epoch == epoch && shown.filter == show {
                shown.rows.clone()
            } else {
                Vec::new()
            }
        });
        // Whatever the window is, these stay, so that neither the focus nor the grid's place in the
        // tab order is lost.
        let needed = [Some(self.stop.get_value().row), self.focused.get_value()];
        self.laid.update_value(|laid| {
            let is_needed = |row: &&Arc<GridRow>| needed.contains(&Some(row.place));
            let is_new = |row: &&Arc<GridRow>| rows.iter().all(|other| other.place != row.place);
            let staying: Vec<_> = laid.iter().filter(is_needed).filter(is_new).cloned().collect();
            rows.extend(staying);
            laid.clone_from(&rows);
        });
        rows
    }

    /// Another check or another filter: nothing of what was shown is left.
    fn reset(self) {
        self.laid.set_value(Vec::new());
        self.focused.set_value(None);
        self.stop.set_value(Place::default());
        self.active.set(Place::default());
    }

    /// Puts the active cell into the tab order, if its row is there.
    fn move_stop(self) {
        let (from, to) = (self.stop.get_value(), self.active.get_untracked());
        let Some(element) = element_at(to) else { return };
        if let Some(before) = element_at(from).filter(|_| from != to) {
            set_tab_stop(&before, false);
        }
        set_tab_stop(&element, true);
        self.stop.set_value(to);
    }
}

/// All rows of the file that the filter lets through.
#[component]
pub fn RowGrid(
    desk: Desk,
    #[prop(into)] show: Signal<Filter>,
    #[prop(into)] group: Signal<Option<String>>,
) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let view_height = RwSignal::new(0.0_f64);
    let scroll = RwSignal::new(0.0_f64);
    let columns = Memo::new(move |_| {
        Arc::new(
            desk.overview.with(|it| it.as_ref().map(|it| it.columns.clone()).unwrap_or_default()),
        )
    });
    let geometry = Memo::new(move |_| Geometry {
        rows: desk.overview.with(|it| it.as_ref().map_or(0, |it| it.counts.of(show.get()))),
        view: view_height.get(),
    });
    let grid = Grid {
        epoch: desk.epoch,
        shown: desk.shown,
        show,
        columns,
        geometry,
        scroll,
        active: RwSignal::new(Place::default()),
        stop: StoredValue::new(Place::default()),
        group,
        laid: StoredValue::default(),
        focused: StoredValue::new(None),
        follow: StoredValue::new(false),
    };
    let measure = move || {
        if let Some(element) = scroller.get_untracked() {
            let head = element.first_element_child().map_or(0, |head| head.client_height());
            view_height.set(f64::from((element.client_height() - head).max(0)));
            scroll.set(f64::from(element.scroll_top()));
        }
    };
    follow_changes(grid, scroller, measure);

    let on_key = move |key: KeyboardEvent| {
        let from = grid.active.get_untracked();
        let Some(to) = moved(from, &key.key(), key.ctrl_key() || key.meta_key(), grid.extent())
        else {
            return;
        };
        key.prevent_default();
        if let (Some(top), Some(element)) = (
            geometry.get_untracked().reveal(to.row, scroll.get_untracked()),
            scroller.get_untracked(),
        ) {
            // A scroll position is a whole number of pixels; rounding up shows the last row, too.
            #[expect(clippy::cast_possible_truncation, reason = "some 8 million at most")]
            element.set_scroll_top(top.ceil() as i32);
        }
        grid.active.set(to);
        grid.follow.set_value(true);
        focus_active(grid);
    };
    let on_focus = move |event: FocusEvent| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(place) = element.and_then(|element| place_of(&element)) {
            grid.focused.set_value(Some(place.row));
            grid.active.set(place);
        }
    };
    let one = move |row: Arc<GridRow>| row_view(grid, &row);
    view! {
        <div
            class="grid"
            role="grid"
            aria-label="Rows of the file"
            aria-rowcount=move || (geometry.get().rows.saturating_add(1)).to_string()
            aria-colcount=move || columns.with(|columns| columns.len() + 3).to_string()
            aria-busy=move || desk.stage.with(|stage| matches!(stage, Stage::Working(_))).to_string()
            style=("--columns", move || columns.with(|columns| head::track_list(columns)))
            style=("--wide", move || columns.with(|columns| head::whole_width(columns)))
            node_ref=scroller
            on:scroll=move |_| measure()
            on:keydown=on_key
            on:focusin=on_focus
            on:focusout=move |_| grid.focused.set_value(None)
        >
            <Head columns=columns/>
            <div class="grid-body" role="rowgroup" style:height=move || format!("{}px", geometry.get().space())>
                <For
                    each=move || grid.rows()
                    key=move |row| (grid.epoch.get_untracked(), grid.show.get_untracked(), row.place)
                    children=one
                />
                {move || (geometry.get().rows == 0).then(|| view! {
                    <div role="row" class="grid-none">
                        <div role="gridcell" tabindex="0">{nothing(show.get())}</div>
                    </div>
                })}
            </div>
        </div>
        <Detail grid=grid/>
    }
}

fn nothing(show: Filter) -> &'static str {
    match show {
        Filter::All => "There are no rows.",
        Filter::Ready => "No row is ready: every one has an error.",
        Filter::Errors => "No row has an error.",
        Filter::Warnings => "No row has a warning.",
    }
}

/// Asks for rows as the window moves, and moves the focus and the tab order with the active cell.
fn follow_changes(grid: Grid, scroller: NodeRef<html::Div>, measure: impl Fn() + Copy + 'static) {
    Effect::new(move || {
        let resized = window_event_listener(leptos::ev::resize, move |_| measure());
        on_cleanup(move || resized.remove());
    });
    // A new check or filter begins at the top.
    Effect::new(move |before: Option<_>| {
        let now = (grid.epoch.get(), grid.show.get());
        if before.is_some_and(|before| before != now) {
            grid.reset();
            if let Some(element) = scroller.get_untracked() {
                element.set_scroll_top(0);
            }
        }
        // The space around may have changed with it: once all of it is laid out.
        request_animation_frame(measure);
        now
    });
    let wanted = Memo::new(move |_| {
        let geometry = grid.geometry.get();
        // Not measured yet, there is nothing to be seen: the rows of a short file are the same then.
        let range = if geometry.view > 0.0 { geometry.visible(grid.scroll.get()) } else { 0..0 };
        (grid.epoch.get(), grid.show.get(), range)
    });
    Effect::new(move || {
        let (_, show, range) = wanted.get();
        if !range.is_empty() {
            link::rows(show, range.start, range.end - range.start);
        }
    });
    Effect::new(move || {
        grid.active.track();
        grid.move_stop();
    });
    Effect::new(move || {
        grid.shown.track();
        request_animation_frame(move || focus_active(grid));
    });
}

fn element_at(place: Place) -> Option<Element> {
    document().get_element_by_id(&cell_id(place))
}

fn set_tab_stop(element: &Element, on: bool) {
    // The attribute's name is a valid one: this can't fail.
    let _ = element.set_attribute("tabindex", if on { "0" } else { "-1" });
}

/// Moves the focus to the active cell, if it is to go there and the row has come.
fn focus_active(grid: Grid) {
    // The grid may be gone by the next frame.
    let Some(place) = grid.active.try_get_untracked() else { return };
    grid.move_stop();
    if !grid.follow.get_value() {
        return;
    }
    let element = element_at(place).and_then(|it| it.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        grid.follow.set_value(false);
        // Its row is there, so it can be focused.
        let _ = element.focus();
    }
}
