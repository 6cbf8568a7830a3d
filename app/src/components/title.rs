//! The document's title, and the page's first heading as the place the focus goes to.

use leptos::prelude::*;
use leptos_meta::Title;

/// "Tier 2 · Muster" in the browser's tab.
#[component]
pub fn PageTitle(#[prop(into)] text: String) -> impl IntoView {
    view! { <Title text=written(text + " · Muster")/> }
}

/// `leptos_meta` writes the title into the document as it is. A name may hold tags.
#[cfg(feature = "ssr")]
fn written(title: String) -> String {
    title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The browser takes the title as text.
#[cfg(not(feature = "ssr"))]
fn written(title: String) -> String {
    title
}
