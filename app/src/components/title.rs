//! The document's title, and the page's first heading as the place the focus goes to.

use leptos::prelude::*;
use leptos_meta::Title;

/// "Tier 2 · Muster" in the browser's tab.
#[component]
pub fn PageTitle(#[prop(into)] text: String) -> impl IntoView {
    view! { <Title text=text + " · Muster"/> }
}
