//! *Existing technicians*: what happens to a row whose email belongs to somebody already.

use leptos::prelude::*;
use roster::import::Existing;

use super::desk::{Desk, Stage};

fn label(existing: Existing) -> &'static str {
    match existing {
        Existing::Skip => "Skip them",
        Existing::Update => "Update them",
    }
}

fn meaning(existing: Existing) -> &'static str {
    match existing {
        Existing::Skip => "Rows of people who are there already change nothing",
        Existing::Update => "Empty cells and passwords keep what is there",
    }
}

#[component]
pub fn ExistingChoice(desk: Desk) -> impl IntoView {
    let chosen = Memo::new(move |_| desk.wanted.with(|wanted| wanted.existing));
    let busy = move || desk.stage.with(Stage::is_under_way);
    let choose = move |event| {
        let word = event_target_value(&event);
        let existing = Existing::ALL.into_iter().find(|it| it.as_str() == word).unwrap_or_default();
        desk.read_again(|wanted| wanted.existing = existing);
    };
    let option = move |it: Existing| {
        view! {
            <option value=it.as_str() prop:selected=move || chosen.get() == it>{label(it)}</option>
        }
    };
    view! {
        <div class="existing">
            <label for="import-existing">"Existing technicians"</label>
            <select id="import-existing" disabled=busy aria-describedby="import-existing-hint" on:change=choose>
                {Existing::ALL.map(option).into_iter().collect_view()}
            </select>
            <p class="hint" id="import-existing-hint">{move || meaning(chosen.get())}</p>
        </div>
    }
}
