//! Where one is in a list that the database pages.

use leptos::prelude::*;

use crate::text::grouped;

/// "51–100 of 386" with links to the pages before and after.
#[component]
pub fn Pager(
    /// Entries before this page.
    offset: u64,
    /// Entries on this page.
    shown: u64,
    /// Entries of the whole list.
    total: u64,
    /// Entries on a full page.
    size: u64,
    /// The address of the page that begins after so many entries.
    #[prop(into)]
    href: Callback<u64, String>,
) -> impl IntoView {
    let before = (offset > 0).then(|| href.run(offset.saturating_sub(size)));
    let end = offset + shown;
    let after = (end < total && shown > 0).then(|| href.run(end));
    let place = if shown == 0 {
        ["0 of ", &grouped(total)].concat()
    } else {
        [&grouped(offset + 1), "–", &grouped(end), " of ", &grouped(total)].concat()
    };
    let several = before.is_some() || after.is_some();
    let step = |href: Option<String>, name: &'static str| match href {
        Some(href) => view! { <a class="button" href=href>{name}</a> }.into_any(),
        None => view! { <span class="button off" aria-hidden="true">{name}</span> }.into_any(),
    };
    view! {
        <nav class="pager" aria-label="Pages">
            <span class="place">{place}</span>
            {several.then(|| view! { {step(before, "Previous")} {step(after, "Next")} })}
        </nav>
    }
}
