//! What columns are taken for, where a person said so: changed in the grid's head, remembered in
//! this browser for files with the same headers.

use leptos::prelude::*;
use roster::import::Role;
use roster::worker::Overview;

use super::desk::Desk;
use crate::browser;

/// Takes the column for this from now on. What another column was taken for by hand gives way.
pub fn choose(desk: Desk, column: u16, role: Role) {
    desk.read_again(|wanted| {
        wanted.roles.retain(|(other, of)| {
            *other != column && (*of != role || matches!(role, Role::Unknown))
        });
        wanted.roles.push((column, role));
    });
    remember(desk);
}

/// Back to what the headers say.
pub fn forget(desk: Desk) {
    desk.read_again(|wanted| wanted.roles.clear());
    remember(desk);
}

/// Takes the columns as they were taken the last time that a file had these headers.
pub fn recall(desk: Desk) {
    Effect::new(move |before: Option<Option<String>>| {
        let key = desk.overview.with(|it| it.as_ref().filter(|it| !it.is_glimpse()).map(key));
        let chosen = desk.wanted.with_untracked(|wanted| !wanted.roles.is_empty());
        if let Some(key) = key.clone().filter(|_| !chosen && before.flatten() != key)
            && let Some(roles) = browser::recall(&key)
            && let Ok(roles) = serde_json::from_str::<Vec<(u16, Role)>>(&roles)
            && !roles.is_empty()
        {
            desk.read_again(|wanted| wanted.roles = roles);
        }
        key
    });
}

fn remember(desk: Desk) {
    let Some(key) = desk.overview.with_untracked(|overview| overview.as_ref().map(key)) else {
        return;
    };
    let roles = desk.wanted.with_untracked(|wanted| serde_json::to_string(&wanted.roles));
    if let Ok(roles) = roles {
        browser::remember(&key, &roles);
    }
}

/// Files with the same headers have the same key.
fn key(overview: &Overview) -> String {
    let headers: Vec<&str> = overview.columns.iter().map(|it| it.header.as_str()).collect();
    format!("muster-columns:{}", headers.join("\u{1f}"))
}

/// Says that columns were chosen by hand, and offers the way back.
#[component]
pub fn ChosenColumns(desk: Desk) -> impl IntoView {
    let chosen = Memo::new(move |_| desk.wanted.with(|wanted| !wanted.roles.is_empty()));
    view! {
        <Show when=move || chosen.get() && desk.overview.with(Option::is_some)>
            <p class="column-notes">
                "Columns are taken as you chose; files with the same headers will be, too. "
                <button type="button" class="link" on:click=move |_| forget(desk)>"Take them by their headers"</button>
            </p>
        </Show>
    }
}
