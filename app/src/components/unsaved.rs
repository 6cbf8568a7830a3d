//! Nothing that was typed is lost by a wrong click.

use leptos::html;
use leptos::prelude::*;

use crate::browser;

const QUESTION: &str = "What you changed here is not saved yet. Leave all the same?";

/// Watches a form: while it differs from what it was, leaving the page asks first. What it is when
/// `saved` changes is what it was from then on. Returns whether it differs.
pub fn warn_of_unsaved(form: NodeRef<html::Form>, saved: Signal<i64>) -> Signal<bool> {
    let saved_state = StoredValue::new(String::new());
    let differs = RwSignal::new(false);
    Effect::new(move || {
        saved.track();
        if let Some(form) = form.get() {
            // Fields that get their value by script have it one turn later.
            request_animation_frame(move || {
                saved_state.try_set_value(browser::form_state(&form));
                differs.try_set(false);
            });
        }
    });
    let look = move |_| {
        if let Some(form) = form.get_untracked() {
            let state = browser::form_state(&form);
            let now = saved_state.try_with_value(|saved| *saved != state).unwrap_or(false);
            if differs.try_get_untracked() == Some(!now) {
                differs.set(now);
            }
        }
    };
    let typed = window_event_listener(leptos::ev::input, look);
    let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
        if differs.try_get_untracked() == Some(true) {
            event.prevent_default();
        }
    });
    let following = browser::before_links(move || {
        differs.try_get_untracked() != Some(true) || browser::confirm(QUESTION)
    });
    on_cleanup(move || {
        typed.remove();
        leaving.remove();
        following();
    });
    differs.into()
}
