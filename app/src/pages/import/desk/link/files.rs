//! How a file comes to the page: chosen, or dropped.

use leptos::ev::{ClipboardEvent, DragEvent, Event};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{File, FileList, FilePropertyBag, HtmlInputElement};

use super::{kept, open};

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

/// Files were dropped: the first of them is taken.
pub fn drop(event: &DragEvent) {
    if let Some(files) = event.data_transfer().and_then(|data| data.files()) {
        take_first(&files);
    }
}

fn take_first(files: &FileList) {
    let Some(file) = files.get(0) else { return };
    let note = (files.length() > 1).then(|| {
        format!(
            "{} files came; one is imported at a time. “{}” was taken.",
            files.length(),
            file.name()
        )
    });
    open(file);
    kept().note.set(note);
}

/// A file, or cells of a spreadsheet as text; false where neither was pasted.
#[must_use]
pub fn paste(event: &ClipboardEvent) -> bool {
    let Some(data) = event.clipboard_data() else { return false };
    if let Some(files) = data.files().filter(|files| files.length() > 0) {
        take_first(&files);
        return true;
    }
    let text = data.get_data("text/plain").unwrap_or_default();
    if text.trim().is_empty() {
        return false;
    }
    let options = FilePropertyBag::new();
    options.set_type("text/tab-separated-values");
    let parts = js_sys::Array::of1(&text.into());
    match File::new_with_str_sequence_and_options(&parts, "Pasted cells.tsv", &options) {
        Ok(file) => {
            open(file);
            true
        }
        Err(_) => false,
    }
}
