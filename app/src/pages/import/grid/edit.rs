//! Editing one cell: Enter, F2, a double click or simply typing. The cell's text comes from the
//! worker in full; what is typed goes back to it, and the row is checked anew at once.

use leptos::ev::{Event, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::HtmlTextAreaElement;
use roster::worker::Request;

use super::cell::cell_id;
use super::focus::focus_active;
use super::keys::Place;
use super::problems;
use super::state::{Grid, OWN_COLUMNS_LEFT};
use crate::pages::import::desk::link;

/// A cell that is being edited, and where it is on the screen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Editing {
    pub place: Place,
    pub row: u32,
    pub column: u16,
    pub label: String,
    /// `None`: not there yet.
    pub text: Option<String>,
    /// The text is what was typed on the cell: what is typed next comes after it.
    pub typed: bool,
    pub secret: bool,
    /// Left, top and width in pixels of the window.
    pub rect: (f64, f64, f64),
}

/// Begins with the cell's own text, or with what was typed over it.
pub(super) fn begin(grid: Grid, place: Place, typed: Option<String>) {
    let Some(column) = place.column.checked_sub(OWN_COLUMNS_LEFT) else { return };
    let Some(row) = grid.row_at(place.row) else { return };
    let at = usize::try_from(column).unwrap_or(usize::MAX);
    let (Some(cell), Ok(column)) = (row.cells.get(at), u16::try_from(column)) else { return };
    let Some(element) = document().get_element_by_id(&cell_id(place)) else { return };
    let header = grid.columns.with_untracked(|columns| columns.get(at).map(|it| it.header.clone()));
    let header = header.filter(|header| !header.is_empty()).unwrap_or_else(|| "Cell".to_owned());
    let over = typed.is_some();
    grid.editing.set(Some(Editing {
        place,
        row: row.row,
        column,
        label: format!("{header}, line {}", row.line),
        text: typed,
        typed: over,
        secret: cell.is_none(),
        rect: link::place_of(&element),
    }));
    if !over {
        link::tell(&Request::Cell { row: row.row, column });
    }
}

/// The cell's text has come.
pub(super) fn came(grid: Grid, row: u32, column: u16, text: Option<String>) {
    grid.editing.update(|editing| {
        if let Some(editing) = editing
            && (editing.row, editing.column) == (row, column)
        {
            editing.secret |= text.is_none();
            editing.text.get_or_insert(text.unwrap_or_default());
        }
    });
}

/// Empties a cell.
pub(super) fn clear(grid: Grid, place: Place) {
    let column = place.column.checked_sub(OWN_COLUMNS_LEFT).and_then(|it| u16::try_from(it).ok());
    if let (Some(row), Some(column)) = (grid.row_at(place.row), column)
        && usize::from(column) < row.cells.len()
    {
        link::tell(&Request::Edit { row: row.row, column, text: String::new() });
    }
}

/// The field over the cell; nothing while no cell is edited.
#[component]
pub(super) fn Editor(grid: Grid) -> impl IntoView {
    let there = Memo::new(move |_| {
        grid.editing.with(|it| it.as_ref().filter(|it| it.text.is_some()).cloned())
    });
    move || there.get().map(|editing| view! { <Field grid=grid editing=editing/> })
}

#[component]
fn Field(grid: Grid, editing: Editing) -> impl IntoView {
    let field = NodeRef::<html::Textarea>::new();
    let Editing { row, column, label, text, typed, secret, rect: (left, top, width), .. } = editing;
    let text = text.unwrap_or_default();
    let before = text.clone();
    Effect::new(move || {
        if let Some(field) = field.get() {
            field.set_value(&text);
            // It is in the document by now.
            let _ = field.focus();
            fit(&field);
            if !typed {
                field.select();
            }
        }
    });
    let ended = StoredValue::new(false);
    let end = move |keep: bool| {
        if ended.try_get_value() != Some(false) {
            return;
        }
        ended.set_value(true);
        let text = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        if keep && (typed || secret || text != before) && !(secret && text.is_empty()) {
            link::tell(&Request::Edit { row, column, text });
        }
        grid.editing.set(None);
    };
    let end = StoredValue::new(end);
    let finish = move |keep: bool| {
        // The field loses the focus once more when it is taken away.
        end.try_with_value(|end| end(keep));
    };
    let back = move || {
        grid.going.update_value(|going| going.follow = true);
        focus_active(grid);
    };
    let on_key = move |key: KeyboardEvent| {
        key.stop_propagation();
        match key.key().as_str() {
            // A line break within the cell.
            "Enter" if key.alt_key() || key.shift_key() => return,
            "Enter" => {
                finish(true);
                back();
            }
            "Escape" => {
                finish(false);
                back();
            }
            "Tab" => {
                finish(true);
                problems::step(grid, Some((row, column)), !key.shift_key());
            }
            _ => return,
        }
        key.prevent_default();
    };
    let hint = if secret { "The password is not shown. What you type replaces it." } else { "" };
    view! {
        <textarea
            class="cell-editor"
            aria-label=label
            title=hint
            rows="1"
            spellcheck="false"
            autocomplete="off"
            placeholder=if secret { "New password" } else { "" }
            node_ref=field
            style:left=format!("{left}px")
            style:top=format!("{top}px")
            style:width=format!("{}px", width.max(260.0))
            on:keydown=on_key
            on:input=move |event: Event| fit(&event_target::<HtmlTextAreaElement>(&event))
            on:blur=move |_| finish(true)
        ></textarea>
    }
}

/// As high as its text, up to a limit that the style sheet sets.
fn fit(field: &HtmlTextAreaElement) {
    field.set_rows(1);
    let lines = field.value().lines().count().clamp(1, 8);
    field.set_rows(u32::try_from(lines).unwrap_or(1));
}
