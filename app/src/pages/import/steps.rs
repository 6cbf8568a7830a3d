//! Undo and redo of what was edited and mended: two buttons, Ctrl+Z and Ctrl+Shift+Z.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use roster::worker::Request;

use super::desk::{Desk, Stage, link};

#[component]
pub fn Steps(desk: Desk) -> impl IntoView {
    let steps = Memo::new(move |_| {
        desk.changed.with(|changed| changed.as_ref().map_or((0, 0), |changed| changed.steps))
    });
    let may = move || desk.stage.with_untracked(|stage| *stage == Stage::Checked);
    Effect::new(move || {
        let pressed = window_event_listener(ev::keydown, move |key: KeyboardEvent| {
            if let Some(request) = asked(&key).filter(|_| may() && !in_a_field(&key)) {
                key.prevent_default();
                link::tell(&request);
            }
        });
        on_cleanup(move || pressed.remove());
    });
    view! {
        <Show when=move || steps.get() != (0, 0)>
            <div class="steps" role="group" aria-label="Changes">
                // Not `disabled`: that would throw the focus away; without a step nothing happens.
                <button type="button" title="Ctrl+Z"
                    aria-disabled=move || (steps.get().0 == 0).then_some("true")
                    on:click=|_| link::tell(&Request::Undo)>"Undo"</button>
                <button type="button" title="Ctrl+Shift+Z"
                    aria-disabled=move || (steps.get().1 == 0).then_some("true")
                    on:click=|_| link::tell(&Request::Redo)>"Redo"</button>
            </div>
        </Show>
    }
}

fn asked(key: &KeyboardEvent) -> Option<Request> {
    if !(key.ctrl_key() || key.meta_key()) || key.alt_key() {
        return None;
    }
    match (key.key().as_str(), key.shift_key()) {
        ("z" | "Z", false) => Some(Request::Undo),
        ("z" | "Z", true) | ("y" | "Y", false) => Some(Request::Redo),
        _ => None,
    }
}

/// There the keys belong to the field.
fn in_a_field(key: &KeyboardEvent) -> bool {
    let target = key.target().and_then(|target| target.dyn_into::<Element>().ok());
    target
        .is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}
