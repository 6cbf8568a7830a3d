//! How a file comes to the page: chosen, or dropped.

use leptos::ev::{DragEvent, Event};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::open;

fn input(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn take(input: &HtmlInputElement) {
    let file = input.files().and_then(|files| files.get(0));
    if let Some(file) = file {
        // So that the same file, mended, can be chosen again.
        input.set_value("");
        open(file);
    }
}

/// A file was chosen.
pub fn choose(event: &Event) {
    if let Some(input) = event.target().and_then(|it| it.dyn_into().ok()) {
        take(&input);
    }
}

/// A file that was chosen before the page came alive.
pub fn choose_early(id: &str) {
    if let Some(input) = input(id) {
        take(&input);
    }
}

/// Opens the browser's file chooser.
pub fn press(id: &str) {
    if let Some(input) = input(id) {
        input.click();
    }
}

/// What is dragged are files, not text.
#[must_use]
pub fn has_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// The first of the files that were dropped.
pub fn drop(event: &DragEvent) {
    if let Some(file) = event.data_transfer().and_then(|data| data.files()?.get(0)) {
        open(file);
    }
}
