//! Says what happened: a toast that is also a polite live region, one for the whole application.

use std::time::Duration;

use leptos::prelude::*;

/// How long a toast stays.
const SHOWN_FOR: Duration = Duration::from_secs(7);

/// Says things in the page's live region. Get it with `use_announcer()` while a component is
/// made, keep the copy for event handlers and effects.
#[derive(Clone, Copy)]
pub struct Announcer(RwSignal<(u32, String)>);

impl Announcer {
    /// To be called once, by `App`.
    pub(crate) fn provide() {
        provide_context(Self(RwSignal::new((0, String::new()))));
    }

    /// Shows the text as a toast and has it read out.
    pub fn announce(self, text: impl Into<String>) {
        self.0.update(|(count, shown)| {
            *count += 1;
            *shown = text.into();
        });
    }

    fn clear(self, said: u32) {
        // The application may be gone by then.
        self.0.try_update(|(count, shown)| {
            if *count == said {
                shown.clear();
            }
        });
    }
}

/// The application's announcer.
#[must_use]
pub fn use_announcer() -> Announcer {
    use_context().unwrap_or_else(|| Announcer(RwSignal::new((0, String::new()))))
}

/// Where announcements appear; `App` has it once.
#[component]
pub fn LiveRegion() -> impl IntoView {
    let announcer = use_announcer();
    Effect::new(move || {
        let said = announcer.0.with(|(count, shown)| (!shown.is_empty()).then_some(*count));
        if let Some(said) = said {
            set_timeout(move || announcer.clear(said), SHOWN_FOR);
        }
    });
    view! {
        <div class="toast" class:shown=move || announcer.0.with(|(_, text)| !text.is_empty()) role="status">
            {move || announcer.0.with(|(_, text)| text.clone())}
        </div>
    }
}
