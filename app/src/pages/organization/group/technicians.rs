//! The technicians of a group as a table: filtered and paged by the address.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use roster::account::TechnicianLine;
use roster::id::GroupId;
use roster::page::{PAGE_SIZE, Page};

use super::functions::ListTechnicians;
use crate::ask::fetch;
use crate::components::{Chip, Loaded, Moment, Pager, Tone};
use crate::pages::organization::place::Place;
use crate::text;

/// A filter is asked for when nothing was typed for so long.
const PAUSE: Duration = Duration::from_millis(250);

#[component]
pub fn Technicians(group: GroupId, has_groups: bool) -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| query.with(|query| query.get("q").unwrap_or_default()));
    let from =
        Memo::new(move |_| query.with(|query| query.get("from")?.parse::<u64>().ok()).unwrap_or(0));
    let page = fetch(move || Ok(ListTechnicians { group, filter: filter.get(), from: from.get() }));
    let table = move |page: Page<TechnicianLine>| {
        let filter = filter.get_untracked();
        if page.total == 0 {
            return view! { <p class="empty">{nothing(&filter, has_groups)}</p> }.into_any();
        }
        view! { <Table page=page group=group filter=filter/> }.into_any()
    };
    view! {
        <section aria-label="Technicians">
            <Filter group=group filter=filter/>
            <Loaded from=page view=table/>
        </section>
    }
}

fn nothing(filter: &str, has_groups: bool) -> String {
    if !filter.is_empty() {
        return ["No technician of this group matches “", filter, "”."].concat();
    }
    let words = if has_groups {
        "Nobody is in this group itself; look in the groups below it."
    } else {
        "Nobody is in this group yet. Create a technician, or import them from a file."
    };
    words.to_owned()
}

#[component]
fn Filter(group: GroupId, filter: Memo<String>) -> impl IntoView {
    let href = Place::Group(group).href();
    let input = NodeRef::<html::Input>::new();
    let navigate = use_navigate();
    let path = href.clone();
    let apply = move || {
        let Some(input) = input.get_untracked() else { return };
        let wanted = input.value();
        if wanted.trim() != filter.get_untracked() {
            let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
            navigate(&address(&path, wanted.trim(), 0), options);
        }
    };
    let typed = StoredValue::new(0_u32);
    let later = apply.clone();
    let type_on = move |_| {
        typed.update_value(|count| *count += 1);
        let (mine, apply) = (typed.get_value(), later.clone());
        set_timeout(
            move || {
                if typed.try_get_value() == Some(mine) {
                    apply();
                }
            },
            PAUSE,
        );
    };
    view! {
        <form
            class="bar"
            role="search"
            method="get"
            action=href
            on:submit=move |event| {
                event.prevent_default();
                apply();
            }
        >
            <label class="unseen" for="filter">"Filter technicians"</label>
            <input
                type="search"
                id="filter"
                name="q"
                node_ref=input
                value=filter.get_untracked()
                placeholder="Filter by name, nickname or email"
                autocomplete="off"
                on:input=type_on
            />
            <button type="submit">"Filter"</button>
        </form>
    }
}

/// The address of a page of the list.
fn address(path: &str, filter: &str, from: u64) -> String {
    let mut address = path.to_owned();
    let mut mark = '?';
    if !filter.is_empty() {
        address.push_str("?q=");
        address.push_str(&text::escaped(filter));
        mark = '&';
    }
    if from > 0 {
        address.push(mark);
        address.push_str("from=");
        address.push_str(&from.to_string());
    }
    address
}

#[component]
fn Table(page: Page<TechnicianLine>, group: GroupId, filter: String) -> impl IntoView {
    let (offset, shown, total) = (page.offset, page.items.len() as u64, page.total);
    let path = Place::Group(group).href();
    view! {
        <section class="table" aria-label="Table of technicians" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Email"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Licences"</th>
                        <th scope="col">"Source"</th>
                        <th scope="col" class="num">"Last sign-in"</th>
                    </tr>
                </thead>
                <tbody>{page.items.into_iter().map(line).collect_view()}</tbody>
            </table>
        </section>
        <Pager
            offset=offset
            shown=shown
            total=total
            size=u64::from(PAGE_SIZE)
            href=move |from| address(&path, &filter, from)
        />
    }
}

fn line(technician: TechnicianLine) -> impl IntoView {
    let (tone, status) = status(&technician);
    view! {
        <tr>
            <td>
                <a href=Place::Technician(technician.id).href()>{technician.name}</a>
            </td>
            <td>{technician.email}</td>
            <td><Chip tone=tone text=status/></td>
            <td>{licences(technician.standard_license, technician.mobile_license)}</td>
            <td class="dim">{technician.source.label()}</td>
            <td class="num dim">
                {match technician.last_sign_in_at {
                    Some(at) => view! { <Moment at=at/> }.into_any(),
                    None => "never".into_any(),
                }}
            </td>
        </tr>
    }
}

fn status(technician: &TechnicianLine) -> (Tone, &'static str) {
    match technician {
        TechnicianLine { enabled: false, .. } => (Tone::Plain, "Disabled"),
        TechnicianLine { password, .. } if password.must_change() => {
            (Tone::Warning, "New password due")
        }
        _ => (Tone::Good, "Enabled"),
    }
}

fn licences(standard: bool, mobile: bool) -> &'static str {
    match (standard, mobile) {
        (true, true) => "Standard · Mobile",
        (true, false) => "Standard",
        (false, true) => "Mobile",
        (false, false) => "none",
    }
}
