//! Nothing that was typed is lost by a wrong click.

use leptos::html;
use leptos::prelude::*;

use crate::browser;

const QUESTION: &str = "What you changed here is not saved yet. Leave all the same?";

/// How many forms below hold what isn't saved: who else changes what they show, or leads away from
/// them, looks here first.
#[derive(Clone, Copy)]
pub struct Unsaved(RwSignal<u32>);

impl Unsaved {
    #[must_use]
    pub fn new() -> Self {
        Self(RwSignal::new(0))
    }

    pub fn any(self) -> bool {
        self.0.get() > 0
    }

    /// There is nothing to lose, or it may be lost.
    #[must_use]
    pub fn may_leave(self) -> bool {
        self.0.get_untracked() == 0 || browser::confirm(QUESTION)
    }

    fn count(self, one_more: bool) {
        // The page around it may be gone by now.
        self.0.try_update(|forms| {
            *forms = if one_more { *forms + 1 } else { forms.saturating_sub(1) };
        });
    }
}

/// Watches a form: while it differs from what it was, leaving the page asks first. What it is when
/// `saved` changes is what it was from then on. Returns whether it differs.
pub fn warn_of_unsaved(form: NodeRef<html::Form>, saved: Signal<i64>) -> Signal<bool> {
    let saved_state = StoredValue::new(String::new());
    let differs = RwSignal::new(false);
    let others = use_context::<Unsaved>();
    let set = move |now: bool| {
        if differs.try_get_untracked() == Some(!now) {
            differs.set(now);
            if let Some(others) = others {
                others.count(now);
            }
        }
    };
    Effect::new(move || {
        saved.track();
        if let Some(form) = form.get() {
            // Fields that get their value by script have it one turn later.
            request_animation_frame(move || {
                saved_state.try_set_value(browser::form_state(&form));
                set(false);
            });
        }
    });
    let look = move |_| {
        if let Some(form) = form.get_untracked() {
            let state = browser::form_state(&form);
            set(saved_state.try_with_value(|saved| *saved != state).unwrap_or(false));
        }
    };
    let typed = window_event_listener(leptos::ev::input, look);
    let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
        if differs.try_get_untracked() == Some(true) && !browser::is_saved() {
            event.prevent_default();
        }
    });
    let following = browser::before_links(move || {
        differs.try_get_untracked() != Some(true) || browser::confirm(QUESTION)
    });
    on_cleanup(move || {
        set(false);
        typed.remove();
        leaving.remove();
        following();
    });
    differs.into()
}
