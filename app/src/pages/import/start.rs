//! The page's foot: how many rows are ready, and *Start import*, which says why when it can't be.

use leptos::prelude::*;
use roster::fields::Field;
use roster::import::Counts;
use roster::worker::{DryRun, Request, Seats};

use super::desk::{Desk, Stage, link};
use super::sending::{PANEL, SendingBar};
use crate::browser;
use crate::text::{counted, grouped};

/// The button's id: from the last problem the focus goes there.
pub(super) const START: &str = "start-import";

#[component]
pub fn Foot(
    desk: Desk,
    /// Told whether it is all or nothing.
    #[prop(into)]
    start: Callback<bool>,
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
fn Ready(desk: Desk, start: Callback<bool>) -> impl IntoView {
    let all_or_nothing = RwSignal::new(false);
    let counts = move || {
        let checked = desk.stage.with(|stage| *stage == Stage::Checked);
        desk.overview.with(|overview| overview.as_ref().map(|it| it.counts).filter(|_| checked))
    };
    let refusal = Memo::new(move |_| {
        let lacks_group = desk.wanted.with(|wanted| wanted.group.is_none())
            && desk
                .overview
                .with(|it| it.as_ref().is_some_and(|it| it.absent.contains(&Field::Group)));
        let complains = desk
            .overview
            .with(|it| it.as_ref().is_some_and(|overview| !overview.complaints.is_empty()));
        let stands = Standing {
            ready: counts().map(Counts::ready),
            lacks_group,
            complains,
            spoilt: all_or_nothing.get() && failing(desk, counts()) + skipped(desk) > 0,
        };
        why_not(&desk.stage.get(), stands)
    });
    let press = move |_| {
        if refusal.get_untracked().is_none() {
            start.run(all_or_nothing.get_untracked());
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
        let rows = failing(desk, counts()) + counts().map_or(0, |it| it.left_out);
        let stay = if rows == 1 { "stays" } else { "stay" };
        (rows > 0).then(|| format!("{} {stay} out", grouped(rows.into())))
    };
    let rest = move || {
        let seats = desk.dry_run.with(|dry_run| dry_run.as_ref().and_then(seats));
        [out(), seats].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    view! {
        <b>{ready}</b>
        <span class="dim">{rest}</span>
        {move || compared(desk)}
        <span class="space"></span>
        <span class="dim" id="why-not">{move || refusal.get()}</span>
        <Show when=move || counts().is_some_and(|it| it.errors > 0)>
            <button type="button" on:click=|_| link::failed_rows()>
                {move || format!("Download the {}", grouped(counts().map_or(0, |it| it.errors).into()))}
            </button>
        </Show>
        <label class="all-or-nothing">
            <input
                type="checkbox"
                prop:checked=all_or_nothing
                on:change=move |event| all_or_nothing.set(event_target_checked(&event))
            />
            "All or nothing"
        </label>
        <button
            type="button"
            id=START
            class="main"
            aria-disabled=move || refusal.get().map(|_| "true")
            aria-describedby=move || refusal.get().map(|_| "why-not")
            on:click=press
        >
            "Start import"
        </button>
    }
}

/// Rows that would fail: with errors, or in conflict with what is there.
fn failing(desk: Desk, counts: Option<Counts>) -> u32 {
    let conflicts =
        desk.dry_run.with(|dry_run| dry_run.as_ref().map_or(0, |it| it.counts.conflict));
    counts.map_or(0, |counts| counts.errors + conflicts)
}

/// Rows of people who are there already and are to be skipped: not all rows, then.
fn skipped(desk: Desk) -> u32 {
    desk.dry_run.with(|dry_run| dry_run.as_ref().map_or(0, |it| it.counts.skip))
}

/// “needs 120 standard seats, 100 are free”, where there are too few.
fn seats(dry_run: &DryRun) -> Option<String> {
    let lacks = |seats: Seats, kind: &str| {
        let free = seats.free.filter(|free| seats.needed > *free)?;
        Some(format!(
            "needs {} {kind} seats, {} are free",
            grouped(seats.needed.into()),
            grouped(free.into())
        ))
    };
    lacks(dry_run.standard, "standard").or_else(|| lacks(dry_run.mobile, "mobile"))
}

/// How far the comparison is, or why it stopped.
fn compared(desk: Desk) -> Option<AnyView> {
    let dry_run = desk.dry_run.get()?;
    if dry_run.trouble.is_some() {
        return Some(
            view! {
                <span class="warn">"The rows could not be compared with the technicians that exist. "</span>
                <button type="button" class="quiet" on:click=|_| link::tell(&Request::Compare)>"Compare again"</button>
            }
            .into_any(),
        );
    }
    let left = dry_run.counts.uncompared;
    (left > 0).then(|| {
        view! { <span class="dim">{format!("comparing… {} left", grouped(left.into()))}</span> }
            .into_any()
    })
}

/// How the file stands.
#[derive(Clone, Copy)]
struct Standing {
    ready: Option<u32>,
    lacks_group: bool,
    complains: bool,
    /// All or nothing is wanted, and a row would fail.
    spoilt: bool,
}

/// Why the import can't start.
fn why_not(stage: &Stage, stands: Standing) -> Option<&'static str> {
    match stage {
        Stage::Checked if stands.complains => Some("Choose what the columns are first."),
        Stage::Checked if stands.spoilt => {
            Some("All or nothing: mend the rows that would fail or be skipped, or leave them out.")
        }
        Stage::Checked if stands.ready.is_some_and(|rows| rows > 0) => None,
        Stage::Checked if stands.lacks_group => {
            Some("Choose a Technician Group: the file names none.")
        }
        Stage::Checked => Some("No row is ready."),
        Stage::Working(_) => Some("The file is being checked."),
        Stage::Unreadable(_) | Stage::Gone | Stage::Broken => Some("This file can’t be imported."),
        Stage::Empty | Stage::Ended => Some("Choose a file first."),
        Stage::Sending | Stage::Interrupted(_) => Some("An import is running."),
    }
}
