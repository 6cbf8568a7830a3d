//! *Upload file*: the button, and the page as a place to drop a file on.

use leptos::ev;
use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

use super::desk::{Desk, Stage, link};

pub(super) const INPUT: &str = "import-file";

/// The button that opens the browser's file chooser.
#[component]
pub fn FileButton(
    desk: Desk,
    #[prop(default = "Upload file")] label: &'static str,
) -> impl IntoView {
    let busy = move || desk.stage.with(Stage::is_under_way);
    view! {
        <button
            type="button"
            aria-disabled=move || busy().then_some("true")
            title=move || busy().then_some("A file is being imported.")
            on:click=move |_| if !desk.stage.with_untracked(Stage::is_under_way) { link::press(INPUT) }
        >
            {label}
        </button>
    }
}

/// The field behind the button. The format is found by looking at the bytes, so the chooser's
/// filter is only a help.
#[component]
pub fn FileInput() -> impl IntoView {
    Effect::new(|| link::choose_early(INPUT));
    view! {
        <input
            type="file"
            id=INPUT
            hidden
            aria-label="Upload file"
            accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,text/csv,text/plain,application/json"
            on:change=move |event| link::choose(&event)
        />
    }
}

/// Takes a file that is dropped anywhere on the page, or cells that are pasted; shows while a file
/// hovers that it may fall.
#[component]
pub fn DropZone(desk: Desk) -> impl IntoView {
    // Enter and leave come for every element on the way.
    let depth = RwSignal::new(0_i32);
    let welcome = move || !desk.stage.with_untracked(Stage::is_under_way);
    let enter = move |event: ev::DragEvent| {
        if link::has_files(&event) && welcome() {
            depth.update(|depth| *depth += 1);
        }
    };
    let leave = move |event: ev::DragEvent| {
        if link::has_files(&event) {
            depth.update(|depth| *depth = (*depth - 1).max(0));
        }
    };
    // Without this the browser would show the file in place of the page.
    let over = move |event: ev::DragEvent| {
        if link::has_files(&event) {
            event.prevent_default();
        }
    };
    let fall = move |event: ev::DragEvent| {
        if link::has_files(&event) {
            event.prevent_default();
            depth.set(0);
            link::drop(&event);
        }
    };
    let paste = move |event: ev::ClipboardEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let in_field = target
            .is_some_and(|it| matches!(it.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
        if !in_field && welcome() && link::paste(&event) {
            event.prevent_default();
        }
    };
    Effect::new(move || {
        let handles = [
            window_event_listener(ev::paste, paste),
            window_event_listener(ev::dragenter, enter),
            window_event_listener(ev::dragleave, leave),
            window_event_listener(ev::dragover, over),
            window_event_listener(ev::drop, fall),
        ];
        on_cleanup(move || {
            handles.into_iter().for_each(WindowListenerHandle::remove);
        });
    });
    view! {
        <div class="drop-zone" hidden=move || depth.get() == 0 aria-hidden="true">
            <p>"Drop the file to check it here. Nothing is sent."</p>
        </div>
    }
}
