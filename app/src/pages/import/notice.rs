//! Imports that this page should know of: one that has just ended, one of the same file that never
//! did.

use leptos::prelude::*;
use roster::history::ImportRecord;
use roster::worker::Overview;

use super::desk::{Desk, Stage};
use crate::components::Moment;
use crate::text::{counted, grouped};

/// The import that ended while another page was looked at, or just before.
#[component]
pub fn EndedNotice(desk: Desk) -> impl IntoView {
    move || {
        let ended = desk
            .ended
            .with(|ended| ended.as_ref().map(|(record, _)| (record.id, record.file_name.clone())));
        let empty = desk.stage.with(|stage| *stage == Stage::Empty);
        ended.filter(|_| empty).map(|(id, name)| {
            view! {
                <p class="notice">
                    "The import of "<b>{name}</b>" has ended. "
                    <a href=format!("/account/imports/{id}")>"Import Summary"</a>
                </p>
            }
        })
    }
}

/// The same file was being imported before, and not to the end.
#[component]
pub fn UnfinishedNotice(
    desk: Desk,
    #[prop(into)] record: Signal<Option<ImportRecord>>,
    #[prop(into)] resume: Callback<ImportRecord>,
) -> impl IntoView {
    let checked = move || desk.stage.with(|stage| *stage == Stage::Checked);
    let notice = move |record: ImportRecord| {
        let alike = desk
            .overview
            .with(|overview| overview.as_ref().is_some_and(|it| is_read_alike(it, &record)));
        let started_at = record.started_at;
        let group = record.group_path.as_ref().map(|path| format!("into {}", path.label()));
        let rows = counted(record.rows.into(), "row", "rows");
        let done = format!("{} of {rows} are done.", grouped(record.counts.done().into()));
        let way_on = if alike {
            view! {
                <button type="button" class="main" on:click=move |_| resume.run(record.clone())>"Resume"</button>
            }
            .into_any()
        } else {
            view! {
                <span class="dim">
                    "It was read in another way then: choose the same encoding and delimiter to go on with it."
                </span>
            }
            .into_any()
        };
        view! {
            <div class="notice">
                <p>
                    "You began to import this file "{group}" on "<Moment at=started_at/>" and did not finish: "
                    {done}
                    " What you mended on this page then was not kept: mend it again before you go on."
                </p>
                {way_on}
            </div>
        }
    };
    move || record.get().filter(|_| checked()).map(notice)
}

/// Its chunks are the same, then, so that those that are missing can be sent.
fn is_read_alike(overview: &Overview, record: &ImportRecord) -> bool {
    overview.plan == record.plan
}
