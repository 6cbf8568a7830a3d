//! On the server there is no worker: nothing is asked, nothing comes.

use leptos::ev::{ClipboardEvent, DragEvent, Event};
use leptos::web_sys::Element;
use roster::id::ImportId;
use roster::worker::{Request, View, Wanted};

use super::Kept;

pub(super) fn kept() -> Kept {
    Kept::default()
}

pub fn start() {}
pub fn choose(_event: &Event) {}
pub fn choose_early(_input: &str) {}
pub fn drop(_event: &DragEvent) {}
pub fn press(_input: &str) {}
pub fn open_waiting() {}
pub fn again(_wanted: Wanted) {}
pub fn rows(_view: View, _from: u32, _count: u32) {}
pub fn tell(_request: &Request) {}
pub fn send(_id: ImportId, _all_or_nothing: bool) {}
pub fn stop() {}
pub fn failed_rows() {}
pub fn abandon() {}
pub fn focus_quietly(_element: &Element) {}

#[must_use]
pub fn paste(_event: &ClipboardEvent) -> bool {
    false
}

#[must_use]
pub fn place_of(_element: &Element) -> (f64, f64, f64) {
    (0.0, 0.0, 0.0)
}

#[must_use]
pub fn has_files(_event: &DragEvent) -> bool {
    false
}

#[must_use]
pub fn new_import() -> Option<ImportId> {
    None
}
