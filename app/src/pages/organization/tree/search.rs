//! The search above the tree: people and groups by what somebody types, flat, each with its path.
//! The text stands in the address as `?find=`.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use roster::fault::Fault;
use roster::group::GroupPath;

use super::super::place::Place;
use super::functions::{FindAnything, Found};
use crate::ask::{decoded, fetch};
use crate::browser;
use crate::components::Typing;
use crate::text::{counted, escaped};

/// As many of each kind as a search finds at most.
const MOST: usize = 20;
const FIELD: &str = "tree-find";

/// The field. Before the page is alive it is a plain form.
#[component]
pub fn SearchField(find: Memo<String>) -> impl IntoView {
    let location = use_location();
    let path = location.pathname;
    let navigate = use_navigate();
    let text = RwSignal::new(find.get_untracked());
    let typing = Typing::new();
    // Going back and forth changes the address; while one types, it follows.
    Effect::new(move |_| {
        let find = find.get();
        if text.with_untracked(|text| text.trim() != find) {
            text.set(find);
        }
    });
    let go = move || {
        let text = text.get_untracked();
        let mut query = location.query.get_untracked();
        query.remove("find");
        if !text.trim().is_empty() {
            query.insert("find", text.trim().to_owned());
        }
        let address = [&path.get_untracked(), &query.to_query_string()[..]].concat();
        navigate(&address, NavigateOptions { replace: true, scroll: false, ..Default::default() });
    };
    let (soon, now, cleared) = (go.clone(), go.clone(), go);
    let input = move |event| {
        text.set(event_target_value(&event));
        typing.typed().then(soon.clone());
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        now();
    };
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => {
            event.prevent_default();
            browser::focus(&hit_id(0));
        }
        "Escape" if text.with_untracked(|text| !text.is_empty()) => {
            event.prevent_default();
            text.set(String::new());
            cleared();
        }
        _ => {}
    };
    view! {
        <form role="search" method="get" action=path on:submit=submit>
            <input
                type="search"
                name="find"
                id=FIELD
                aria-label="Search the organization…"
                placeholder="Search the organization…"
                autocomplete="off"
                spellcheck="false"
                prop:value=text
                value=find.get_untracked()
                on:input=input
                on:keydown=keys
            />
        </form>
    }
}

fn hit_id(at: usize) -> String {
    ["tree-hit-", &at.to_string()].concat()
}

/// What was found, in place of the tree.
#[component]
pub fn Hits(find: Memo<String>) -> impl IntoView {
    let found = fetch(move || {
        let text = find.get();
        if text.is_empty() { Err(Fault::refused("")) } else { Ok(FindAnything { text }) }
    });
    let told = RwSignal::new(String::new());
    Effect::new(move || {
        if let Some(found) = found.get() {
            told.set(match found {
                Ok(found) => in_words(&found),
                Err(error) => error.to_string(),
            });
        }
    });
    view! {
        <p class="found" role="status">{told}</p>
        <Transition>
            {move || Suspend::new(async move {
                let found = found.text().await.and_then(|text| decoded(&text));
                found.ok().map(|found: Found| view! { <List found=found text=find.get_untracked()/> })
            })}
        </Transition>
    }
}

#[component]
fn List(found: Found, text: String) -> impl IntoView {
    let query = ["?find=", &escaped(&text)].concat();
    let people = found.technicians.into_iter().map(|hit| {
        let path = hit.path.as_ref().map(GroupPath::label);
        let off = if hit.enabled { "" } else { " · disabled" };
        let detail = [path.unwrap_or_default(), hit.email].join(" · ");
        (Place::Technician(hit.id), [&hit.name, off].concat(), detail)
    });
    let groups = found.groups.into_iter().filter_map(|path| {
        let last = path.0.last()?;
        let detail = ["Group · ", &path.label(), " · ID ", &last.id.to_string()].concat();
        Some((Place::Group(last.id), last.name.clone(), detail))
    });
    let lines: Vec<_> = people.chain(groups).collect();
    if lines.is_empty() {
        return view! {
            <p class="reason">
                "Nobody and no group has this in the name, the nickname, the email or an ID."
            </p>
        }
        .into_any();
    }
    let count = lines.len();
    let keys = move |event: KeyboardEvent| {
        let here = (0..count).find(|&at| browser::focused() == Some(hit_id(at)));
        match (event.key().as_str(), here) {
            ("ArrowDown", Some(at)) if at + 1 < count => browser::focus(&hit_id(at + 1)),
            ("ArrowUp", Some(0)) | ("Escape", _) => browser::focus(FIELD),
            ("ArrowUp", Some(at)) => browser::focus(&hit_id(at - 1)),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <ul class="hits" aria-label="Found" on:keydown=keys>
            {lines
                .into_iter()
                .enumerate()
                .map(|(at, (place, name, detail))| {
                    view! {
                        <li>
                            <a id=hit_id(at) href=[&place.href(), &query[..]].concat() data-noscroll="true">
                                <span>{name}</span>
                                <span class="dim">{detail}</span>
                            </a>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}

/// "2 technicians and 1 group found"
fn in_words(found: &Found) -> String {
    let words = |count: usize, one, many| {
        let more = if count < MOST { "" } else { "at least " };
        [more, &counted(count as u64, one, many)].concat()
    };
    let people = words(found.technicians.len(), "technician", "technicians");
    let groups = words(found.groups.len(), "group", "groups");
    match (found.technicians.len(), found.groups.len()) {
        (0, 0) => "Nothing found".to_owned(),
        (_, 0) => people + " found",
        (0, _) => groups + " found",
        _ => [&people, " and ", &groups, " found"].concat(),
    }
}
