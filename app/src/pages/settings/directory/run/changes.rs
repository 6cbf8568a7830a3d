//! What a run did about each person, or would do: filtered (`?kind=`, `?held=yes`), searched (`?q=`)
//! and paged (`?from=`) by the database.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use roster::directory::protocol::RunId;
use roster::directory::view::{ChangeFilter, ChangeKind, ChangeLine, FieldChange};
use roster::page::{PAGE_SIZE, Page};

use super::address;
use crate::ask::fetch;
use crate::components::{Chip, Loaded, Pager, Tone};
use crate::pages::organization::Place;
use crate::pages::settings::directory::functions::ListDirectoryChanges;
use crate::pages::settings::directory::words;
use crate::text::{escaped, grouped};

/// What of the changes is wanted, as the address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wish {
    filter: ChangeFilter,
    from: u64,
}

impl Wish {
    fn address(&self, id: RunId) -> String {
        let ChangeFilter { kind, held, text } = &self.filter;
        let kind = kind.map(|kind| ["kind=", kind.as_str()].concat());
        let held = held.then(|| "held=yes".to_owned());
        let text = (!text.is_empty()).then(|| ["q=", &escaped(text)].concat());
        let from = (self.from > 0).then(|| ["from=", &self.from.to_string()].concat());
        let query = [kind, held, text, from].into_iter().flatten().collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        [&address(id), mark, &query].concat()
    }
}

#[component]
pub fn Changes(
    id: RunId,
    kinds: Vec<(ChangeKind, u64)>,
    waiting: Vec<(ChangeKind, u64)>,
    /// Nobody has decided yet.
    open: bool,
    beat: Signal<u32>,
) -> impl IntoView {
    let query = use_query_map();
    let wish = Memo::new(move |_| {
        query.with(|query| Wish {
            filter: ChangeFilter {
                kind: query.get_str("kind").and_then(|word| word.parse().ok()),
                held: query.get_str("held") == Some("yes"),
                text: query.get("q").unwrap_or_default(),
            },
            from: query.get_str("from").and_then(|text| text.parse().ok()).unwrap_or_default(),
        })
    });
    let page = fetch(move || {
        beat.track();
        let Wish { filter, from } = wish.get();
        Ok(ListDirectoryChanges { id, filter, from })
    });
    let total: u64 = kinds.iter().map(|(_, count)| count).sum();
    view! {
        <section aria-labelledby="changes">
            <h2 id="changes">"People"</h2>
            {if total == 0 {
                view! { <p class="empty">"This run changed nobody, and nobody failed."</p> }.into_any()
            } else {
                view! {
                    <div class="bar">
                        <Filters id=id kinds=kinds waiting=waiting open=open wish=wish/>
                        <Search id=id wish=wish/>
                    </div>
                    <Loaded from=page view=move |page| table(id, open, wish, page)/>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn Filters(
    id: RunId,
    kinds: Vec<(ChangeKind, u64)>,
    waiting: Vec<(ChangeKind, u64)>,
    open: bool,
    wish: Memo<Wish>,
) -> impl IntoView {
    let all: u64 = kinds.iter().map(|(_, count)| count).sum();
    let waits: u64 = waiting.iter().map(|(_, count)| count).sum();
    let none = ChangeFilter::default();
    let held = ChangeFilter { held: true, ..ChangeFilter::default() };
    let of_kind = |kind| ChangeFilter { kind: Some(kind), ..ChangeFilter::default() };
    let mut links = vec![(none, "All", all)];
    if waits > 0 {
        let label = if open { "Waiting for approval" } else { "Waited for approval" };
        links.push((held, label, waits));
    }
    links.extend(kinds.into_iter().map(|(kind, count)| (of_kind(kind), kind.label(), count)));
    let link = move |(filter, label, count): (ChangeFilter, &'static str, u64)| {
        let href = Wish { filter: filter.clone(), from: 0 }.address(id);
        let current = move || {
            let chosen =
                wish.with(|wish| ChangeFilter { text: String::new(), ..wish.filter.clone() });
            (chosen == filter).then_some("true")
        };
        view! {
            <a class="button" href=href data-noscroll="true" aria-current=current>
                {label}" "<span class="count">{grouped(count)}</span>
            </a>
        }
    };
    view! { <nav class="filters" aria-label="Show people">{links.into_iter().map(link).collect_view()}</nav> }
}

/// The search is a form, so that it works before the page is alive.
#[component]
fn Search(id: RunId, wish: Memo<Wish>) -> impl IntoView {
    let navigate = use_navigate();
    let input = NodeRef::<leptos::html::Input>::new();
    let search = move |submit: leptos::ev::SubmitEvent| {
        submit.prevent_default();
        let Some(input) = input.get_untracked() else { return };
        let now = wish.get_untracked().filter;
        let filter = ChangeFilter { text: input.value().trim().to_owned(), ..now };
        let options = NavigateOptions { scroll: false, ..Default::default() };
        navigate(&Wish { filter, from: 0 }.address(id), options);
    };
    let kind = move || {
        let kind = wish.with(|wish| wish.filter.kind);
        kind.map(|kind| view! { <input type="hidden" name="kind" value=kind.as_str()/> })
    };
    let held = move || {
        let held = wish.with(|wish| wish.filter.held);
        held.then(|| view! { <input type="hidden" name="held" value="yes"/> })
    };
    view! {
        <form class="row-search" role="search" method="get" on:submit=search>
            <label for="person-search" class="unseen">"Search people by name or email"</label>
            <input
                type="search"
                id="person-search"
                name="q"
                node_ref=input
                placeholder="Name or email"
                autocomplete="off"
                value=wish.with_untracked(|wish| wish.filter.text.clone())
                prop:value=move || wish.with(|wish| wish.filter.text.clone())
            />
            {kind}
            {held}
            <button type="submit">"Search"</button>
        </form>
    }
}

fn table(id: RunId, open: bool, wish: Memo<Wish>, page: Page<ChangeLine>) -> AnyView {
    let (offset, shown, total) = (page.offset, page.items.len() as u64, page.total);
    if total == 0 {
        return view! { <p class="empty">"Nobody is like that."</p> }.into_any();
    }
    let href = move |from| Wish { from, ..wish.get_untracked() }.address(id);
    view! {
        <section class="table" aria-label="Table of people" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Email"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"Why, and before → after"</th>
                    </tr>
                </thead>
                <tbody>{page.items.into_iter().map(|change| line(change, open)).collect_view()}</tbody>
            </table>
        </section>
        <Pager offset=offset shown=shown total=total size=u64::from(PAGE_SIZE) href=href/>
    }
    .into_any()
}

fn line(change: ChangeLine, open: bool) -> impl IntoView {
    let name = if change.name.is_empty() { change.guid.to_string() } else { change.name };
    let name = match change.account {
        Some(account) => view! { <a href=Place::Technician(account).href()>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let failed = change.kind == ChangeKind::Failed;
    let class = if failed { "bad" } else { "" };
    let cure = change.code.as_deref().map(words::cure).filter(|cure| !cure.is_empty());
    let label = change.code.as_deref().and_then(words::fault_label);
    view! {
        <tr>
            <td title=change.guid.to_string()>{name}</td>
            <td>{change.email}</td>
            <td>
                <Chip tone=words::change_tone(change.kind) text=change.kind.label()/>
                {(open && change.held).then(|| view! { " " <Chip tone=Tone::Warning text="Waits"/> })}
            </td>
            <td class="what">
                {label.map(|label| view! { <b>{label}{if label.ends_with('?') { " " } else { ". " }}</b> })}
                <span class=class>{change.reason}</span>
                {cure.map(|cure| view! { <p class="dim">{cure}</p> })}
                {change.code.map(|code| view! { <p class="dim"><code>{code}</code></p> })}
                {fields(change.fields)}
            </td>
        </tr>
    }
}

fn fields(fields: Vec<FieldChange>) -> Option<impl IntoView> {
    let field = |FieldChange { field, before, after }: FieldChange| {
        let before = (!before.is_empty())
            .then(|| view! { <del><span class="unseen">"was "</span>{before}</del> " → " });
        view! {
            <li><span class="dim">{field}": "</span>{before}<ins>{after}</ins></li>
        }
    };
    let shown: Vec<_> = fields.into_iter().map(field).collect();
    (!shown.is_empty()).then(|| view! { <ul class="changes">{shown}</ul> })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_what_is_chosen_alone() {
        let id: RunId = "0192f0c1-2345-7abc-8def-0123456789ab".parse().unwrap();
        let check = |kind, held, text: &str, from, expected: &str| {
            let filter = ChangeFilter { kind, held, text: text.to_owned() };
            let address = Wish { filter, from }.address(id);
            assert_eq!(address.split_once("0123456789ab").map(|(_, query)| query), Some(expected));
        };
        check(None, false, "", 0, "");
        check(Some(ChangeKind::Disabled), false, "", 0, "?kind=disabled");
        check(None, true, "a b", 50, "?held=yes&q=a%20b&from=50");
    }
}
