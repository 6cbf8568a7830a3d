//! Opens what lies above every page: the command palette (Ctrl or Cmd and K) and the list of keys
//! (`?`). Their code is loaded when one of them is opened first.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, KeyboardEvent};

use crate::lazy;
use crate::pages::palette::{Overlay, Page};

/// Where a letter belongs to what is typed.
const TYPING: &str = "input, textarea, select, dialog, [role=grid], [role=tree]";

/// The button in the top bar, the keys, and what they open.
#[component]
pub fn Opener(
    pages: Vec<Page>,
    /// There are groups and people that this person may find.
    finds: bool,
) -> impl IntoView {
    let shown = RwSignal::new(None::<Overlay>);
    Effect::new(move || {
        let listener = window_event_listener(ev::keydown, move |key| {
            if let Some(wanted) = wanted(&key).filter(|_| shown.get_untracked().is_none()) {
                key.prevent_default();
                shown.set(Some(wanted));
            }
        });
        on_cleanup(move || listener.remove());
    });
    let close = Callback::new(move |()| shown.set(None));
    let overlay = move || {
        let pages = pages.clone();
        shown.get().map(|which| {
            view! {
                <Suspense fallback=|| ()>
                    {Suspend::new(lazy::overlay(which, pages, finds, close))}
                </Suspense>
            }
        })
    };
    view! {
        <button
            type="button"
            class="quiet opener"
            aria-haspopup="dialog"
            aria-keyshortcuts="Control+K Meta+K"
            on:click=move |_| shown.set(Some(Overlay::Palette))
        >
            "Go to…"
            <kbd aria-hidden="true">"Ctrl K"</kbd>
        </button>
        {overlay}
    }
}

fn wanted(key: &KeyboardEvent) -> Option<Overlay> {
    let letter = key.key();
    if (key.ctrl_key() || key.meta_key()) && !key.alt_key() && !key.shift_key() {
        return matches!(letter.as_str(), "k" | "K").then_some(Overlay::Palette);
    }
    let target = key.target().and_then(|target| target.dyn_into::<Element>().ok());
    let types = target.is_some_and(|it| it.closest(TYPING).ok().flatten().is_some());
    (letter == "?" && !types).then_some(Overlay::Keys)
}
