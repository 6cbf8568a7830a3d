//! The filter above the table: a text and a state, both in the address.

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use roster::listing::State;

use super::wish::Wish;
use crate::components::Typing;

#[component]
pub fn FilterBar(path: String, wish: Memo<Wish>) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let select = NodeRef::<html::Select>::new();
    let navigate = use_navigate();
    let action = path.clone();
    let apply = move || {
        let (Some(input), Some(select)) = (input.get_untracked(), select.get_untracked()) else {
            return;
        };
        let now = wish.get_untracked();
        let mut wanted = now.with_from(0);
        input.value().trim().clone_into(&mut wanted.listing.filter.text);
        wanted.listing.filter.state = select.value().parse().ok();
        if wanted.listing.filter != now.listing.filter {
            let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
            navigate(&wanted.href(&path), options);
        }
    };
    let typing = Typing::new();
    let (later, chosen) = (apply.clone(), apply.clone());
    let type_on = move |_| typing.typed().then(later.clone());
    let start = wish.get_untracked();
    let option = move |state: State| {
        view! {
            <option value=state.as_str() selected=start.listing.filter.state == Some(state)>{state.label()}</option>
        }
    };
    view! {
        <form
            class="bar"
            role="search"
            method="get"
            action=action
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
                value=start.listing.filter.text
                placeholder="Filter by name, nickname or email"
                autocomplete="off"
                on:input=type_on
            />
            <label class="unseen" for="filter-status">"Status"</label>
            <select id="filter-status" name="status" node_ref=select on:change=move |_| chosen()>
                <option value="">"Any status"</option>
                {State::ALL.map(option)}
            </select>
            <button type="submit">"Filter"</button>
        </form>
    }
}
