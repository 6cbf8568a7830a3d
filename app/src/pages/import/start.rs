//! The page's foot: how many rows are ready, and *Start import*, which says why when it can't be.

use leptos::prelude::*;
use roster::fields::Field;
use roster::import::Counts;

use super::desk::{Desk, Stage, link};
use super::sending::{PANEL, SendingBar};
use crate::browser;
use crate::text::{counted, grouped};

#[component]
pub fn Foot(
    desk: Desk,
    #[prop(into)] start: Callback<()>,
    #[prop(into)] resume: Callback<()>,
) -> impl IntoView {
    let under_way = Memo::new(move |_| desk.stage.with(Stage::is_under_way));
    Effect::new(move |before: Option<bool>| {
        let now = under_way.get();
        if now && before == Some(false) {
            browser::focus(PANEL);
        }
        now
    });
    view! {
        <footer class="import-foot">
            <Show when=move || under_way.get() fallback=move || view! { <Ready desk=desk start=start/> }>
                <SendingBar desk=desk resume=resume/>
            </Show>
        </footer>
    }
}

#[component]
fn Ready(desk: Desk, start: Callback<()>) -> impl IntoView {
    let counts = move || {
        let checked = desk.stage.with(|stage| *stage == Stage::Checked);
        desk.overview.with(|overview| overview.as_ref().map(|it| it.counts).filter(|_| checked))
    };
    let refusal = Memo::new(move |_| {
        let lacks_group = desk.wanted.with(|wanted| wanted.group.is_none())
            && desk
                .overview
                .with(|it| it.as_ref().is_some_and(|it| it.absent.contains(&Field::Group)));
        why_not(&desk.stage.get(), counts().map(Counts::ready), lacks_group)
    });
    let press = move |_| {
        if refusal.get_untracked().is_none() {
            start.run(());
        }
    };
    let ready = move || {
        counts().map(|it| {
            let rows = counted(it.rows.into(), "row", "rows");
            let are = if it.ready() == 1 { "is" } else { "are" };
            format!("{} of {rows} {are} ready", grouped(it.ready().into()))
        })
    };
    let out = move || {
        counts().filter(|it| it.errors > 0).map(|it| {
            let stay = if it.errors == 1 { "stays" } else { "stay" };
            format!("{} {stay} out", grouped(it.errors.into()))
        })
    };
    view! {
        <b>{ready}</b>
        <span class="dim">{out}</span>
        <span class="space"></span>
        <span class="dim" id="why-not">{move || refusal.get()}</span>
        <Show when=move || counts().is_some_and(|it| it.errors > 0)>
            <button type="button" on:click=|_| link::failed_rows()>
                {move || format!("Download the {}", grouped(counts().map_or(0, |it| it.errors).into()))}
            </button>
        </Show>
        <button
            type="button"
            class="main"
            aria-disabled=move || refusal.get().map(|_| "true")
            aria-describedby=move || refusal.get().map(|_| "why-not")
            on:click=press
        >
            "Start import"
        </button>
    }
}

/// Why the import can't start.
fn why_not(stage: &Stage, ready: Option<u32>, lacks_group: bool) -> Option<&'static str> {
    match stage {
        Stage::Checked if ready.is_some_and(|rows| rows > 0) => None,
        Stage::Checked if lacks_group => Some("Choose a Technician Group: the file names none."),
        Stage::Checked => Some("No row is ready."),
        Stage::Working(_) => Some("The file is being checked."),
        Stage::Unreadable(_) | Stage::Gone | Stage::Broken => Some("This file can’t be imported."),
        Stage::Empty | Stage::Ended => Some("Choose a file first."),
        Stage::Sending | Stage::Interrupted(_) => Some("An import is running."),
    }
}
