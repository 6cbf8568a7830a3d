//! The Organization Tree. Levels come from the server when they are opened, in pages.

mod acts;
#[cfg(feature = "ssr")]
mod changing;
mod dialogs;
mod doing;
mod drag;
mod functions;
mod keys;
mod marks;
mod menu;
#[cfg(feature = "ssr")]
mod reading;
mod rows;
mod search;
mod state;
mod whole_group;

use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

pub use functions::{FindAnything, Found};
pub use state::TreeState;

use self::dialogs::TreeDialogs;
use self::functions::{TreeWay, Way};
use self::keys::TypeAhead;
use self::menu::{ActionsButton, ContextMenu};
use self::rows::{Key, Row};
use self::search::{Hits, SearchField};
use super::place::Place;
use crate::ask::{decoded, fetch};
use crate::browser;

/// The tree beside the page.
#[component]
pub fn Tree() -> impl IntoView {
    let path = use_location().pathname;
    let selected = Memo::new(move |_| path.with(|path| Place::at(path)));
    let way = fetch(move || Ok(TreeWay { selected: selected.get_untracked(), shown: Vec::new() }));
    let query = use_query_map();
    let find = Memo::new(move |_| {
        query.with(|query| query.get_str("find").unwrap_or_default().trim().to_owned())
    });
    let searching = Memo::new(move |_| find.with(|find| !find.is_empty()));
    view! {
        <aside class="tree-side">
            <header>
                <h2 id="tree-title">"Organization Tree"</h2>
                <ActionsButton selected=selected/>
            </header>
            <SearchField find=find/>
            {move || searching.get().then(|| view! { <Hits find=find/> })}
            <div hidden=searching>
            <Transition fallback=|| view! { <p class="loading">"Loading…"</p> }>
                {move || Suspend::new(async move {
                    match way.text().await.and_then(|text| decoded(&text)) {
                        Ok(way) => view! { <Lines way=way selected=selected/> }.into_any(),
                        // The page beside it says what the way on is; here the reason is enough.
                        Err(error) => view! { <p class="reason">{error.to_string()}</p> }.into_any(),
                    }
                })}
            </Transition>
            </div>
            <drag::Note/>
            <ContextMenu/>
        </aside>
        <TreeDialogs/>
    }
}

#[component]
fn Lines(way: Way, selected: Memo<Option<Place>>) -> impl IntoView {
    let state = expect_context::<TreeState>();
    let start = selected.get_untracked();
    state.learn(way, start);
    let rows = Memo::new(move |_| state.rows());
    // One line is reached by Tab: the last one used, else the selected one, else the first.
    let tab_stop = Memo::new(move |_| {
        let wanted = [state.active.get(), selected.get().map(Key::Place)];
        rows.with(|rows| {
            let there = |key: &Key| rows.iter().any(|row| row.key == *key);
            wanted.into_iter().flatten().find(there).or_else(|| rows.first().map(|row| row.key))
        })
    });
    // A place that has no line yet gets one, with the way to it opened.
    Effect::new(move |before: Option<Option<Place>>| {
        let now = selected.get();
        if let Some(place) = now.filter(|_| before.is_some() && before != Some(now)) {
            state.active.set(Some(Key::Place(place)));
            if !state.shows(place) {
                state.refresh(now);
            }
        }
        now
    });
    // What is selected can be seen, as soon as it has a line; opening others doesn't scroll.
    let line_of_selected = Memo::new(move |_| {
        let place = selected.get()?;
        rows.with(|rows| rows.iter().any(|row| row.key == Key::Place(place))).then_some(place)
    });
    Effect::new(move || {
        if let Some(place) = line_of_selected.get() {
            request_animation_frame(move || browser::reveal(&place.element()));
        }
    });
    let typed = StoredValue::new(TypeAhead::default());
    view! {
        <div
            class="tree"
            role="tree"
            aria-labelledby="tree-title"
            aria-multiselectable="true"
            on:keydown=move |event| rows.with_untracked(|rows| keys::press(&event, state, rows, typed))
        >
            <For each=move || rows.get() key=Row::clone children=move |row| line(row, state, selected, tab_stop)/>
        </div>
    }
}

/// One line: a link for what has an address, so that it can be opened in a tab of its own and
/// works before the page is alive.
fn line(
    row: Row,
    state: TreeState,
    selected: Memo<Option<Place>>,
    tab_stop: Memo<Option<Key>>,
) -> AnyView {
    let key = row.key;
    let level = row.level.to_string();
    let tabindex = move || if tab_stop.get() == Some(key) { "0" } else { "-1" };
    let focused = move |_| state.active.set(Some(key));
    let Key::Place(place) = key else {
        let waiting = matches!(key, Key::Waiting(_));
        return view! {
            <div
                role="treeitem"
                class="node note"
                id=key.element()
                tabindex=tabindex
                aria-busy=waiting.then_some("true")
                on:click=move |_| state.more(key)
                on:focus={focused}
                {..custom_attribute("aria-level", level)}
            >
                <span class="twist"></span>
                <span class="label">{row.label}</span>
            </div>
        }
        .into_any();
    };
    let group = key.group().filter(|_| row.opens);
    let twist = move |press: leptos::ev::MouseEvent| {
        if let Some(group) = group {
            // Opening isn't selecting.
            press.prevent_default();
            press.stop_propagation();
            state.toggle(group);
        }
    };
    let is_current = move || selected.get() == Some(place);
    // Where nothing is marked, what is shown is what is selected.
    let is_selected =
        move || if state.marks.count() > 0 { state.marks.has(place) } else { is_current() };
    let click = move |press: leptos::ev::MouseEvent| {
        if press.ctrl_key() || press.meta_key() {
            press.prevent_default();
            state.marks.toggle(place);
        } else if press.shift_key() {
            press.prevent_default();
            untrack(|| state.marks.range(&state.rows(), place, place));
        } else {
            state.marks.clear();
            state.marks.begin(Some(place));
        }
    };
    let ask_menu = move |press: leptos::ev::MouseEvent| {
        press.prevent_default();
        menu::open(state, place, f64::from(press.client_x()), f64::from(press.client_y()));
    };
    view! {
        <a
            role="treeitem"
            class=if row.disabled { "node off" } else { "node" }
            id=key.element()
            href=place.href()
            title=row.title
            tabindex=tabindex
            data-noscroll="true"
            draggable="true"
            class:falls=move || drag::falls(state, place) == Some(true)
            class:no-drop=move || drag::falls(state, place) == Some(false)
            aria-current=move || is_current().then_some("page")
            aria-setsize=row.siblings.to_string()
            aria-posinset=row.position.map(|position| position.to_string())
            aria-expanded=move || group.map(|group| if state.is_open(group) { "true" } else { "false" })
            aria-selected=move || if is_selected() { "true" } else { "false" }
            on:focus={focused}
            on:click=click
            on:contextmenu=ask_menu
            on:dragstart=move |event| drag::begin(&event, state, place)
            on:dragover=move |event| drag::over(&event, state, place)
            on:dragleave=move |_| drag::leave(state, place)
            on:drop=move |event| drag::fall(&event, state, place)
            on:dragend=move |_| drag::end(state)
            {..custom_attribute("aria-level", level)}
        >
            <span class=if group.is_some() { "twist opens" } else { "twist" } on:click=twist></span>
            <span class="label">{row.label}{row.disabled.then_some(" · disabled")}</span>
            <span class="count" aria-hidden="true">{row.count}</span>
        </a>
    }
    .into_any()
}
