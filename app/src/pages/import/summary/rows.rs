//! The table of an import's rows: searched (`?q=`), filtered (`?outcome=`) and paged (`?from=`) by
//! the database.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use roster::history::Reversal;
use roster::id::ImportId;
use roster::import::{Outcome, RowResult};
use roster::page::{PAGE_SIZE, Page};

use super::outcomes::chip;
use super::retry::RetryForm;
use crate::ask::fetch;
use crate::components::{Chip, Loaded, Pager};
use crate::pages::import::functions::ImportRows;

/// What of the rows is wanted, as the address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wish {
    outcome: Option<Outcome>,
    search: String,
    from: u64,
    /// The place of the row that is edited.
    edit: Option<i64>,
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
        if let Some(place) = self.edit {
            parts.push(format!("edit={place}"));
        }
        let query = if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
        format!("/account/imports/{id}{query}")
    }
}

#[component]
pub fn Rows(
    id: ImportId,
    #[prop(into)] beat: Signal<u32>,
    /// A row was tried again.
    changed: Callback<()>,
) -> impl IntoView {
    let query = use_query_map();
    let wish = Memo::new(move |_| {
        query.with(|query| Wish {
            outcome: query.get_str("outcome").and_then(|word| word.parse().ok()),
            search: query.get("q").unwrap_or_default(),
            from: query.get_str("from").and_then(|text| text.parse().ok()).unwrap_or_default(),
            edit: query.get_str("edit").and_then(|text| text.parse().ok()),
        })
    });
    // A row is edited among the same rows.
    let rows = Memo::new(move |_| Wish { edit: None, ..wish.get() });
    let page = fetch(move || {
        let Wish { outcome, search, from: offset, .. } = rows.get();
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
        <Loaded from=page view=move |page| table(id, wish, changed, page)/>
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
            edit: None,
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

fn table(id: ImportId, wish: Memo<Wish>, changed: Callback<()>, page: Page<RowResult>) -> AnyView {
    let Page { items, total, offset } = page;
    let shown = items.len() as u64;
    if items.is_empty() {
        return view! { <p class="empty">"No row is like that."</p> }.into_any();
    }
    let href = move |from| Wish { from, edit: None, ..wish.get_untracked() }.address(id);
    view! {
        <div class="table-frame rows-of-import" tabindex="0" role="region" aria-label="Rows of the import">
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
                <tbody>{items.into_iter().map(|it| row(id, wish, changed, it)).collect_view()}</tbody>
            </table>
        </div>
        <Pager offset=offset shown=shown total=total size=u64::from(PAGE_SIZE) href=href/>
    }
    .into_any()
}

fn row(id: ImportId, wish: Memo<Wish>, changed: Callback<()>, row: RowResult) -> impl IntoView {
    let (tone, word) = chip(row.outcome);
    let removed =
        matches!(row.reversal, Some(Reversal::Reversed)) && row.outcome == Outcome::Created;
    let name = match row.account.filter(|_| !removed) {
        Some(account) => {
            let name = row.name.clone();
            view! { <a href=format!("/organization/technicians/{account}")>{name}</a> }.into_any()
        }
        None => row.name.clone().into_any(),
    };
    let what = what_happened(&row);
    let (place, line) = (row.place, row.line);
    let may_retry = row.outcome == Outcome::Failed && row.reversal.is_none();
    let edited = Memo::new(move |_| may_retry && wish.with(|wish| wish.edit == Some(place)));
    let retry = may_retry.then(|| {
        let here = Wish { edit: None, ..wish.get_untracked() }.address(id);
        let href = Wish { edit: Some(place), ..wish.get_untracked() }.address(id);
        let label = move || if edited.get() { "Close" } else { "Edit and retry" };
        let href = move || if edited.get() { here.clone() } else { href.clone() };
        view! {
            <a class="button quiet" href=href data-noscroll="true">
                {label}<span class="unseen">" line "{line.to_string()}</span>
            </a>
        }
    });
    let form = move || {
        edited.get().then(|| {
            let back = Wish { edit: None, ..wish.get_untracked() }.address(id);
            view! {
                <tr>
                    <td colspan="5"><RetryForm id=id place=place line=line back=back done=changed/></td>
                </tr>
            }
        })
    };
    view! {
        <tr>
            <td class="num dim">{row.line.to_string()}</td>
            <td>{name}</td>
            <td>{row.email}</td>
            <td><Chip tone=tone text=word/></td>
            <td class="what">{what}{retry}</td>
        </tr>
        {form}
    }
}

/// Why it failed, what was changed, what became of it when the import was undone.
fn what_happened(row: &RowResult) -> Option<impl IntoView + use<>> {
    let mut lines: Vec<(&'static str, String)> = Vec::new();
    match &row.reversal {
        Some(Reversal::Reversed) => lines.push(("dim", "Reversed.".to_owned())),
        Some(Reversal::Kept(why)) => lines.push(("warn", format!("Kept: {why}"))),
        Some(Reversal::Failed(why)) => lines.push(("bad", format!("Not reversed: {why}"))),
        None => {}
    }
    let text = |text: &str| if text.is_empty() { "empty".to_owned() } else { text.to_owned() };
    lines.extend(row.changes.iter().map(|change| {
        let (before, after) = (text(&change.before), text(&change.after));
        ("dim", format!("{}: {before} → {after}", change.field.header()))
    }));
    // The errors first: they are why.
    let mut problems = row.problems.clone();
    problems.sort_by_key(|problem| !problem.is_error());
    lines.extend(
        problems
            .into_iter()
            .map(|problem| (if problem.is_error() { "bad" } else { "warn" }, problem.message)),
    );
    let lines: Vec<_> =
        lines.into_iter().map(|(class, line)| view! { <li class=class>{line}</li> }).collect();
    (!lines.is_empty()).then(|| view! { <ul class="what-list">{lines}</ul> })
}
