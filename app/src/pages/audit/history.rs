//! What was done to one group or person: for their own pages.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use roster::audit::TrailPage;
use roster::id::{AccountId, GroupId};
use serde::{Deserialize, Serialize};

use super::functions::ListHistory;
use super::table::{Entries, Older};
use crate::ask::fetch;
use crate::components::Loaded;

/// Whose history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryOf {
    Account(AccountId),
    Group(GroupId),
}

/// The entries about one group or person, the newest first; older ones by `?after=`.
#[component]
pub fn History(
    of: HistoryOf,
    /// Where it stands: `/organization/groups/7?view=history`.
    #[prop(into)]
    address: String,
) -> impl IntoView {
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|query| query.get("after").unwrap_or_default()));
    let page = fetch(move || Ok(ListHistory { of, after: after.get() }));
    let mark = if address.contains('?') { "&" } else { "?" };
    let list = move |TrailPage { lines, older }: TrailPage| {
        if lines.is_empty() {
            return view! { <p class="empty">"Nothing was changed here yet."</p> }.into_any();
        }
        let newest = after.with_untracked(|after| !after.is_empty()).then(|| address.clone());
        view! {
            <Entries lines=lines about=false/>
            <Older older=older href=[&address, mark, "after="].concat() newest=newest/>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="history">
            <h2 id="history">"History"</h2>
            <Loaded from=page view=list/>
        </section>
    }
}
