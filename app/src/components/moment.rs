//! A moment in time: UTC in the server's HTML, the person's own zone once the page is alive.

use leptos::prelude::*;
use roster::id::Timestamp;

use crate::{browser, text};

/// `<Moment at=session.created_at/>`
#[component]
pub fn Moment(at: Timestamp) -> impl IntoView {
    let local = RwSignal::new(None::<String>);
    // After hydration, so that both sides write the same at first.
    Effect::new(move || local.set(browser::local_time(at.0)));
    let utc = text::utc(at);
    let shown = utc.clone();
    view! {
        <time datetime=at.rfc3339() title=utc>
            {move || local.get().unwrap_or_else(|| shown.clone())}
        </time>
    }
}
