//! The grid of all rows: only those that can be seen are in the document, some forty, whatever the
//! file's size. The worker holds the rest; it is asked for a window of rows whenever the grid is
//! scrolled. One cell is in the tab order (roving tabindex), by the WAI-ARIA grid pattern.

mod act;
mod cell;
mod detail;
mod edit;
mod focus;
mod geometry;
mod head;
mod keys;
mod problems;
mod row;
mod slices;
mod state;

use std::sync::Arc;

use leptos::ev::FocusEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use roster::import::Filter;
use roster::worker::{GridRow, View};

use super::desk::{Answer, Desk, Stage, link};
use super::filters;
use cell::place_of;
use detail::Detail;
use edit::Editor;
use focus::move_stop;
use geometry::Geometry;
use head::Head;
use keys::Place;
use row::row_view;
use state::Grid;

/// All rows of the file that the filter lets through and that have the text that is looked for.
#[component]
pub fn RowGrid(
    desk: Desk,
    #[prop(into)] show: Signal<Filter>,
    /// That is looked for in the file.
    text: RwSignal<String>,
    #[prop(into)] widen: Callback<Filter>,
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
    let show = Memo::new(move |_| View {
        filter: show.get(),
        text: text.with(|text| text.trim().to_owned()),
    });
    let geometry = Memo::new(move |_| Geometry {
        // The rows stay while cells are edited, though the counts change.
        rows: desk.shown.with(|shown| {
            let current = shown.epoch == desk.epoch.get() && show.with(|show| shown.view == *show);
            if current { shown.total } else { filters::count(desk, show.with(|it| it.filter)) }
        }),
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
        turn: RwSignal::new(0),
        focused: StoredValue::new(None),
        going: StoredValue::default(),
        overview: desk.overview,
        editing: RwSignal::new(None),
        scroller,
    };
    let measure = move || {
        // The grid may be gone by then.
        if let Some(element) = scroller.try_get_untracked().flatten() {
            let head = element.first_element_child().map_or(0, |head| head.client_height());
            view_height.set(f64::from((element.client_height() - head).max(0)));
            scroll.set(f64::from(element.scroll_top()));
        }
    };
    follow_changes(grid, scroller, measure);

    Effect::new(move || match desk.answer.get() {
        Some(Answer::Cell { row, column, text }) => edit::came(grid, row, column, text),
        Some(Answer::Next(place)) => problems::found(grid, place, |it| widen.run(it)),
        None => {}
    });
    let busy = move || desk.stage.with_untracked(|stage| *stage != Stage::Checked);
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
            aria-describedby="grid-keys"
            on:scroll=move |_| measure()
            on:keydown=move |key| act::press(grid, &key, !busy())
            on:dblclick=move |event| act::press_twice(grid, &event, !busy())
            on:focusin=on_focus
            on:focusout=move |_| grid.focused.set_value(None)
        >
            <Head desk=desk columns=columns/>
            <div class="grid-body" role="rowgroup" style:height=move || format!("{}px", geometry.get().space())>
                <For
                    each=move || grid.rows()
                    key=move |row| (grid.epoch.get_untracked(), Arc::as_ptr(row) as usize)
                    children=one
                />
                {move || (geometry.get().rows == 0).then(|| view! {
                    <div role="row" class="grid-none">
                        <div role="gridcell" tabindex="0">{show.with(nothing)}</div>
                    </div>
                })}
            </div>
        </div>
        <Editor grid=grid/>
        <Detail desk=desk grid=grid/>
        <p class="unseen" id="grid-keys">
            "Enter edits a cell, Tab goes to the next problem, Delete empties a cell or, on a line number, leaves the row out. Escape, then Tab, leaves the table."
        </p>
    }
}

fn nothing(view: &View) -> String {
    if !view.text.is_empty() {
        let among = if view.filter == Filter::All { "" } else { " of those that are shown" };
        return format!("No row{among} has “{}” in it.", view.text);
    }
    match view.filter {
        Filter::All => "There are no rows.",
        Filter::Ready => "No row is ready: every one has an error.",
        Filter::Errors => "No row has an error.",
        Filter::Warnings => "No row has a warning.",
        Filter::LeftOut => "No row is left out.",
        Filter::Create => "No row creates a technician.",
        Filter::Update => "No row updates a technician.",
        Filter::Unchanged => "No row is the same as what is there.",
        Filter::Skip => "No row is skipped.",
        Filter::Conflict => "No row is in conflict with what is there.",
    }
    .to_owned()
}

/// Asks for rows as the window moves, and moves the focus and the tab order with the active cell.
fn follow_changes(grid: Grid, scroller: NodeRef<html::Div>, measure: impl Fn() + Copy + 'static) {
    Effect::new(move || {
        let resized = window_event_listener(leptos::ev::resize, move |_| measure());
        on_cleanup(move || resized.remove());
    });
    // A new check or view begins at the top.
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
        move_stop(grid);
    });
}
