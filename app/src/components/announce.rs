//! Says what happened: a toast that is also a polite live region, one for the whole application.
//! What can be taken back is taken back there.

use std::time::Duration;

use leptos::prelude::*;

/// How long a toast stays.
const SHOWN_FOR: Duration = Duration::from_secs(7);
/// The same where there is something to press.
const SHOWN_FOR_UNDO: Duration = Duration::from_secs(20);

#[derive(Clone, Default)]
struct Said {
    count: u32,
    text: String,
    undo: Option<Callback<()>>,
}

/// Says things in the page's live region. Get it with `use_announcer()` while a component is
/// made, keep the copy for event handlers and effects.
#[derive(Clone, Copy)]
pub struct Announcer {
    said: RwSignal<Said>,
    /// The pointer or the focus is on it: it stays.
    held: RwSignal<bool>,
}

impl Announcer {
    fn new() -> Self {
        Self { said: RwSignal::new(Said::default()), held: RwSignal::new(false) }
    }

    /// To be called once, by `App`.
    pub(crate) fn provide() {
        provide_context(Self::new());
    }

    /// Shows the text as a toast and has it read out.
    pub fn announce(self, text: impl Into<String>) {
        self.say(text.into(), None);
    }

    /// The same, with *Undo* beside it.
    pub fn announce_with_undo(self, text: impl Into<String>, undo: Callback<()>) {
        self.say(text.into(), Some(undo));
    }

    fn say(self, text: String, undo: Option<Callback<()>>) {
        self.said.update(|said| *said = Said { count: said.count + 1, text, undo });
    }

    fn clear(self, count: u32) {
        // The application may be gone by then.
        let held = self.held.try_get_untracked().unwrap_or(true);
        self.said.try_update(|said| {
            if said.count == count && !held {
                *said = Said { count, ..Said::default() };
            }
        });
    }

    fn undo(self) {
        let undo = self.said.with_untracked(|said| said.undo);
        self.held.set(false);
        self.said.update(|said| *said = Said { count: said.count, ..Said::default() });
        // Who could do it may be gone with their page.
        if let Some(undo) = undo {
            let _ = undo.try_run(());
        }
    }
}

/// The application's announcer.
#[must_use]
pub fn use_announcer() -> Announcer {
    use_context().unwrap_or_else(Announcer::new)
}

/// Where announcements appear; `App` has it once.
#[component]
pub fn LiveRegion() -> impl IntoView {
    let announcer = use_announcer();
    let Announcer { said, held } = announcer;
    Effect::new(move || {
        let (count, stays) = said.with(|said| {
            let stays = if said.undo.is_some() { SHOWN_FOR_UNDO } else { SHOWN_FOR };
            ((!said.text.is_empty()).then_some(said.count), stays)
        });
        if let Some(count) = count.filter(|_| !held.get()) {
            set_timeout(move || announcer.clear(count), stays);
        }
    });
    view! {
        <div
            class="toast"
            class:shown=move || said.with(|said| !said.text.is_empty())
            on:mouseenter=move |_| held.set(true)
            on:mouseleave=move |_| held.set(false)
            on:focusin=move |_| held.set(true)
            on:focusout=move |_| held.set(false)
        >
            <span role="status">{move || said.with(|said| said.text.clone())}</span>
            {move || {
                said.with(|said| said.undo.is_some())
                    .then(|| view! { <button type="button" class="undo" on:click=move |_| announcer.undo()>"Undo"</button> })
            }}
        </div>
    }
}
