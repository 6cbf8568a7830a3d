//! The table of an import's rows: searched (`?q=`), filtered (`?outcome=`) and paged (`?from=`) by
//! the database.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use roster::id::ImportId;
use roster::import::{Outcome, RowResult};
use roster::page::{PAGE_SIZE, Page};

use super::outcomes::chip;
use crate::ask::fetch;
use crate::components::{Chip, Loaded, Pager};
use crate::pages::import::functions::ImportRows;

/// What of the rows is wanted, as the address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wish {
    outcome: Option<Outcome>,
    search: String,
    from: u64,
}

impl Wish {
    fn address(&self, id: ImportId) -> String {
        let mut parts = Vec::new();
        if let Some(outcome) = self.outcome {
            parts.push(format!("outcome={}", outcome.as_str()));
        }
        if !self.search.is_empty() {
            parts.push(format!("q={}", leptos_router::location::Url::escape(&self.search)));
        }
        if self.from > 0 {
            parts.push(format!("from={}", self.from));
        }
        let query = if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
        format!("/account/imports/{id}{query}")
    }
}

#[component]
pub fn Rows(id: ImportId, #[prop(into)] beat: Signal<u32>) -> impl IntoView {
    let query = use_query_map();
    let wish = Memo::new(move |_| {
        query.with(|query| Wish {
            outcome: query.get_str("outcome").and_then(|word| word.parse().ok()),
            search: query.get("q").unwrap_or_default(),
            from: query.get_str("from").and_then(|text| text.parse().ok()).unwrap_or_default(),
        })
    });
    let page = fetch(move || {
        let Wish { outcome, search, from: offset } = wish.get();
        Ok(ImportRows { id, outcome, search, offset })
    });
    Effect::new(move |before: Option<u32>| {
        let now = beat.get();
        if before.is_some_and(|before| before != now) {
            page.refetch();
        }
        now
    });
    view! {
        <SearchRows id=id wish=wish/>
        <Loaded from=page view=move |page| table(id, wish, page)/>
    }
}

/// The search is a form, so that it works before the page is alive.
#[component]
fn SearchRows(id: ImportId, wish: Memo<Wish>) -> impl IntoView {
    let navigate = use_navigate();
    let text = RwSignal::new(wish.with_untracked(|wish| wish.search.clone()));
    Effect::new(move || text.set(wish.with(|wish| wish.search.clone())));
    let search = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let wish = Wish {
            search: text.get_untracked().trim().to_owned(),
            from: 0,
            ..wish.get_untracked()
        };
        navigate(
            &wish.address(id),
            NavigateOptions { scroll: false, ..NavigateOptions::default() },
        );
    };
    let outcome = move || {
        wish.with(|wish| {
            wish.outcome.map(|outcome| {
                view! { <input type="hidden" name="outcome" value=outcome.as_str()/> }
            })
        })
    };
    view! {
        <form class="row-search" role="search" method="get" on:submit=search>
            <label for="row-search" class="unseen">"Search rows by name or email"</label>
            <input
                type="search"
                id="row-search"
                name="q"
                placeholder="Name or email"
                autocomplete="off"
                value=wish.with_untracked(|wish| wish.search.clone())
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
            />
            {outcome}
            <button type="submit">"Search"</button>
        </form>
    }
}

fn table(id: ImportId, wish: Memo<Wish>, page: Page<RowResult>) -> AnyView {
    let Page { items, total, offset } = page;
    let shown = items.len() as u64;
    if items.is_empty() {
        return view! { <p class="import-empty">"No row is like that."</p> }.into_any();
    }
    let href = move |from| Wish { from, ..wish.get_untracked() }.address(id);
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Rows of the import">
            <table>
                <thead>
                    <tr>
                        <th scope="col" class="num">"Line"</th>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Email"</th>
                        <th scope="col">"Outcome"</th>
                        <th scope="col">"What happened"</th>
                    </tr>
                </thead>
                <tbody>{items.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <Pager offset=offset shown=shown total=total size=u64::from(PAGE_SIZE) href=href/>
    }
    .into_any()
}

fn row(row: RowResult) -> impl IntoView {
    let (tone, word) = chip(row.outcome);
    let name = match row.account {
        Some(id) => {
            view! { <a href=format!("/organization/technicians/{id}")>{row.name}</a> }.into_any()
        }
        None => view! { {row.name} }.into_any(),
    };
    // The errors first: they are why.
    let mut problems = row.problems;
    problems.sort_by_key(|problem| !problem.is_error());
    let problems = problems.into_iter().map(|problem| {
        let class = if problem.is_error() { "bad" } else { "warn" };
        view! { <li class=class>{problem.message}</li> }
    });
    let problems: Vec<_> = problems.collect();
    let what = if problems.is_empty() {
        None
    } else {
        Some(view! { <ul class="what-list">{problems}</ul> })
    };
    view! {
        <tr>
            <td class="num dim">{row.line.to_string()}</td>
            <td>{name}</td>
            <td>{row.email}</td>
            <td><Chip tone=tone text=word/></td>
            <td class="what">{what}</td>
        </tr>
    }
}
