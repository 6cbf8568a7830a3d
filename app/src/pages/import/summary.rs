//! `/account/imports/{id}`: the Import Summary, every row with what became of it.

mod actions;
mod downloads;
mod outcomes;
mod retry;
mod rows;

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_params_map, use_query_map};
use roster::fault::Fault;
use roster::history::{ImportRecord, ImportState};
use roster::id::ImportId;

use super::desk::Desk;
use super::functions::{ImportStartingPasswords, SeeImport};
use crate::ask::{fetch, look};
use crate::components::{Chip, Loaded, Moment, PageTitle, TakeStartingPasswords, Tone};
use crate::text::{counted, grouped};
use actions::Actions;
use downloads::Downloads;
use outcomes::Outcomes;
use rows::Rows;

/// A running import is looked at so often.
const REFRESH: Duration = Duration::from_secs(2);

#[component]
pub fn ImportSummaryPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<ImportId>().ok()));
    let record =
        fetch(move || Ok(SeeImport { id: id.get().ok_or_else(|| Fault::not_found("import"))? }));
    // While it runs, the figures and the rows are read again and again.
    let beat = RwSignal::new(0_u32);
    Effect::new(move || {
        let running =
            matches!(record.get(), Some(Ok(record)) if record.state == ImportState::Running);
        if running {
            set_timeout(
                move || {
                    // The page may be left by then.
                    if beat.try_update(|beat| *beat += 1).is_some() {
                        record.refetch();
                    }
                },
                REFRESH,
            );
        }
    });
    let query = use_query_map();
    let dialog = Signal::derive(move || query.with(|query| query.get("dialog")));
    let refresh = Callback::new(move |()| {
        beat.try_update(|beat| *beat += 1);
        record.refetch();
    });
    view! {
        <PageTitle text="Import Summary"/>
        <main class="import import-summary" id="content" tabindex="-1">
            <nav class="crumbs" aria-label="Path">
                <a href="/account">"My Account"</a>
                <span aria-hidden="true">"/"</span>
                <a href="/account/imports">"Import history"</a>
            </nav>
            <h1>"Import Summary"</h1>
            <Loaded
                from=record
                view=move |record| view! { <Facts record=record dialog=dialog refresh=refresh/> }.into_any()
            />
            {move || id.get().map(|id| view! { <Rows id=id beat=beat changed=refresh/> })}
        </main>
    }
}

/// Who, when, what; how it ended.
#[component]
fn Facts(
    record: ImportRecord,
    dialog: Signal<Option<String>>,
    refresh: Callback<()>,
) -> impl IntoView {
    let group = match (&record.group_path, record.group) {
        (Some(path), Some(id)) => {
            let label = path.label();
            view! { <a href=format!("/organization/groups/{id}")>{label}</a> }.into_any()
        }
        (None, Some(id)) => view! { {format!("the group {id}, which is gone")} }.into_any(),
        (_, None) => view! { "the groups that the file names" }.into_any(),
    };
    let (tone, word) = state_of(&record);
    let ended = record.finished_at.map(|at| view! { ", ended " <Moment at=at/> });
    view! {
        <div class="summary-facts">
            <Chip tone=tone text=word/>
            <b>{record.file_name.clone()}</b>
            <span>{counted(record.rows.into(), "row", "rows")}" into "{group}</span>
            <span class="dim">
                "started by "{record.by.clone()}" on "<Moment at=record.started_at/>{ended}
            </span>
        </div>
        <HowItWent record=record.clone()/>
        <StillMissing record=record.clone()/>
        <StartingPasswords id=record.id/>
        <Actions
            id=record.id
            state=record.state
            counts=record.counts
            started_at=record.started_at
            dialog=dialog
            refresh=refresh
        />
        <div class="import-bar">
            <Outcomes id=record.id counts=record.counts/>
            <Downloads id=record.id failed_rows=record.counts.failed/>
        </div>
    }
}

/// Starting passwords of the accounts that it created without a password.
#[component]
fn StartingPasswords(id: ImportId) -> impl IntoView {
    let waiting = RwSignal::new(None);
    // The browser asks alone: this lies within what is loaded itself, and the server would render it
    // before it knows.
    Effect::new(move || {
        spawn_local(async move {
            waiting.try_set(Some(look(ImportStartingPasswords { id }).await));
        });
    });
    let action = format!("/api/imports/{id}/starting-passwords");
    move || match waiting.get() {
        None => ().into_any(),
        Some(Ok(waiting)) => {
            view! { <TakeStartingPasswords waiting=waiting action=action.clone()/> }.into_any()
        }
        Some(Err(error)) => {
            view! { <p class="notice warn" role="alert">{error.to_string()}</p> }.into_any()
        }
    }
}

/// How the state is shown, here and in the history.
pub(super) fn state_of(record: &ImportRecord) -> (Tone, &'static str) {
    match record.state {
        ImportState::Running => (Tone::Warning, "Not finished"),
        ImportState::Canceled => (Tone::Bad, "Canceled"),
        ImportState::Finished if record.counts.failed > 0 => {
            (Tone::Warning, "Finished with failures")
        }
        ImportState::Finished => (Tone::Good, "Finished"),
        ImportState::Undoing => (Tone::Warning, "Partly undone"),
        ImportState::Undone => (Tone::Plain, "Undone"),
    }
}

/// What is to be known beside the counts: that it was all or nothing, that it was undone.
#[component]
fn HowItWent(record: ImportRecord) -> impl IntoView {
    let none =
        record.all_or_nothing && record.state == ImportState::Finished && record.counts.failed > 0;
    let nothing = none.then(|| {
        view! {
            <p class="notice">
                "All or nothing was chosen, and rows failed: nothing was imported. Mend the failed rows, or import the good rows alone."
            </p>
        }
    });
    let undone = record.undone.map(|undone| {
        let counts = undone.counts;
        view! {
            <p class="notice">
                "Undone by "{undone.by}" on "<Moment at=undone.at/>": "
                {counted(counts.reversed.into(), "row", "rows")}" reversed, "
                {grouped(counts.kept.into())}" kept, "{grouped(counts.failed.into())}" failed."
            </p>
        }
    });
    view! { {nothing}{undone} }
}

/// Rows that were not sent: yet, or at all.
#[component]
fn StillMissing(record: ImportRecord) -> impl IntoView {
    let missing = record.rows.saturating_sub(record.counts.done());
    let here = Desk::get().stage.with_untracked(super::desk::Stage::is_under_way);
    let text = match record.state {
        ImportState::Finished | ImportState::Undoing | ImportState::Undone => {
            return ().into_any();
        }
        ImportState::Canceled if missing == 0 => return ().into_any(),
        ImportState::Canceled => {
            format!(
                "{} of {} rows were not sent when the import was canceled.",
                grouped(missing.into()),
                grouped(record.rows.into())
            )
        }
        ImportState::Running if here => {
            format!(
                "The import is running: {} of {} rows are done.",
                grouped(record.counts.done().into()),
                grouped(record.rows.into())
            )
        }
        ImportState::Running => format!(
            "{} of {} rows are done. If the import isn’t running any more, choose the same file on Import technicians: it goes on where it was.",
            grouped(record.counts.done().into()),
            grouped(record.rows.into())
        ),
    };
    let way = (record.state == ImportState::Running)
        .then(|| view! { <a href="/account/import">"Import technicians"</a> });
    view! { <p class="notice">{text}" "{way}</p> }.into_any()
}
