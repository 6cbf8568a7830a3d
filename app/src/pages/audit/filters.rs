//! The filters above the trail: a form whose fields are the address's query, so that it works
//! before the page is alive.

use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use roster::audit::{Action, Wish};

use super::AUDIT;
use crate::browser;

/// The kinds of subject that one looks for.
const KINDS: [(&str, &str); 4] = [
    ("account", "People"),
    ("group", "Technician Groups"),
    ("import", "Imports"),
    ("settings", "Global Settings"),
];

#[component]
pub fn Filters(wish: Memo<Wish>) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let navigate = use_navigate();
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(form) = form.get_untracked() else { return };
        let state = browser::form_state(&form);
        let filled: Vec<&str> = state.split('&').filter(|field| !field.ends_with('=')).collect();
        let mark = if filled.is_empty() { "" } else { "?" };
        let address = [AUDIT, mark, &filled.join("&")].concat();
        let options = leptos_router::NavigateOptions { scroll: false, ..Default::default() };
        navigate(&address, options);
    };
    let actions = Action::ALL.iter().map(|action| (action.as_str(), action.label())).collect();
    let kept = move |key: &'static str, value: fn(&Wish) -> &str| {
        move || {
            let value = wish.with(|wish| value(wish).to_owned());
            (!value.is_empty()).then(|| view! { <input type="hidden" name=key value=value/> })
        }
    };
    view! {
        <form class="bar trail" role="search" method="get" action=AUDIT node_ref=form on:submit=apply>
            {text(wish, "who", "Who", "search", |wish| &wish.who)}
            {choice(wish, "action", "What", "Anything", actions, |wish| &wish.action)}
            {choice(wish, "kind", "About", "Everything", KINDS.to_vec(), |wish| &wish.kind)}
            {text(wish, "from", "From day", "date", |wish| &wish.from)}
            {text(wish, "to", "To day", "date", |wish| &wish.to)}
            {text(wish, "q", "Containing", "search", |wish| &wish.q)}
            // One person or thing: chosen by a link, and kept while other filters change.
            {kept("by", |wish| &wish.by)}
            {kept("id", |wish| &wish.id)}
            <div class="filter-actions">
                <button type="submit">"Filter"</button>
                {move || {
                    wish.with(|wish| !wish.is_empty()).then(|| view! { <a href=AUDIT>"Clear all filters"</a> })
                }}
            </div>
        </form>
    }
}

fn text(
    wish: Memo<Wish>,
    key: &'static str,
    label: &'static str,
    kind: &'static str,
    value: fn(&Wish) -> &str,
) -> impl IntoView {
    let value = move || wish.with(|wish| value(wish).to_owned());
    let id = ["filter-", key].concat();
    view! {
        <div>
            <label for=id.clone()>{label}</label>
            <input type=kind id=id name=key autocomplete="off" value=untrack(value) prop:value=value/>
        </div>
    }
}

fn choice(
    wish: Memo<Wish>,
    key: &'static str,
    label: &'static str,
    any: &'static str,
    options: Vec<(&'static str, &'static str)>,
    value: fn(&Wish) -> &str,
) -> impl IntoView {
    let value = move || wish.with(|wish| value(wish).to_owned());
    let chosen = untrack(value);
    let id = ["filter-", key].concat();
    view! {
        <div>
            <label for=id.clone()>{label}</label>
            <select id=id name=key prop:value=value>
                <option value="">{any}</option>
                {options
                    .into_iter()
                    .map(|(word, label)| {
                        view! { <option value=word selected=chosen == word>{label}</option> }
                    })
                    .collect_view()}
            </select>
        </div>
    }
}
