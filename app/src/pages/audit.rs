//! `/audit`: who did what, when, from where, before and after; filtered and paged by the address.
//! The same list of one group or person is [`History`].

mod entry;
mod filters;
mod functions;
mod history;
mod table;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use roster::audit::{TrailPage, Wish};

pub use self::entry::AuditEntryPage;
use self::filters::Filters;
use self::functions::ListAudit;
pub use self::history::{History, HistoryOf};
use self::table::{Entries, Older};
use crate::ask::fetch;
use crate::components::{Loaded, PageTitle};

/// The address of the trail.
const AUDIT: &str = "/audit";

#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query_map();
    let wish = Memo::new(move |_| {
        query.with(|query| {
            let text = |key| query.get(key).unwrap_or_default();
            Wish {
                by: text("by"),
                who: text("who"),
                action: text("action"),
                kind: text("kind"),
                id: text("id"),
                from: text("from"),
                to: text("to"),
                q: text("q"),
            }
        })
    });
    let after = Memo::new(move |_| query.with(|query| query.get("after").unwrap_or_default()));
    let page = fetch(move || Ok(ListAudit { wish: wish.get(), after: after.get() }));
    let file = move |format: &str| ["/api/audit.", format, &wish.with(Wish::query)].concat();
    view! {
        <PageTitle text="Audit trail"/>
        <main class="room single" id="content" tabindex="-1">
            <header class="head">
                <h1>"Audit trail"</h1>
                <div class="actions">
                    <a class="button" href=move || file("csv") rel="external" download="">"Export as CSV"</a>
                    <a class="button" href=move || file("json") rel="external" download="">"Export as JSON"</a>
                </div>
            </header>
            <Filters wish=wish/>
            <Loaded from=page view=move |page| list(page, &wish.get_untracked(), after)/>
        </main>
    }
}

fn list(page: TrailPage, wish: &Wish, after: Memo<String>) -> AnyView {
    let TrailPage { lines, older } = page;
    if lines.is_empty() {
        let words = if wish.is_empty() {
            "There are no entries here yet."
        } else {
            "No entry is like this. Take a filter away, or choose other days."
        };
        return view! { <p class="empty">{words}</p> }.into_any();
    }
    let query = wish.query();
    let mark = if query.is_empty() { "?" } else { "&" };
    let base = [AUDIT, &query].concat();
    let href = [&base, mark, "after="].concat();
    let newest = after.with_untracked(|after| !after.is_empty()).then_some(base);
    view! {
        <Entries lines=lines about=true/>
        <Older older=older href=href newest=newest/>
    }
    .into_any()
}
