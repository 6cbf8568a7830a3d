//! `/account/import`: one page, on which everything stays visible and changeable.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{query_signal_with_options, use_navigate};
use roster::group::GroupPath;
use roster::history::{ImportRecord, ImportRules};
use roster::id::GroupId;
use roster::import::Filter;
use roster::worker::Wanted;

use super::causes::Causes;
use super::columns::{Columns, Complaints};
use super::desk::{Desk, Stage, link};
use super::dialect::{self, Dialect, OtherReading};
use super::existing::ExistingChoice;
use super::file_button::{DropZone, FileButton, FileInput};
use super::filters::{self, Filters};
use super::find::Find;
use super::functions::{SeeGroup, SeeRules, UnfinishedImport};
use super::grid::RowGrid;
use super::mapping::{self, ChosenColumns};
use super::notice::{EndedNotice, UnfinishedNotice};
use super::sending;
use super::start::Foot;
use super::steps::Steps;
use super::working::{Unreadable, Working};
use crate::ask::fetch;
use crate::components::{Loaded, PageTitle};
use crate::pages::group_search::GroupSearch;
use crate::text::grouped;

/// What the page needs before anything can be dropped on it.
#[component]
pub fn ImportPage() -> impl IntoView {
    let rules = fetch(|| Ok(SeeRules {}));
    view! {
        <PageTitle text="Import technicians"/>
        <main class="import" id="content" tabindex="-1">
            <Loaded from=rules view=|rules| view! { <Import rules=rules/> }.into_any()/>
        </main>
    }
}

#[component]
fn Import(rules: ImportRules) -> impl IntoView {
    let desk = Desk::get();
    Effect::new(move || {
        desk.rules.set(Some(rules.clone()));
        if desk.stage.with_untracked(|stage| *stage == Stage::Ended) {
            desk.stage.set(Stage::Empty);
            desk.file.set(None);
            desk.overview.set(None);
        }
        link::start();
        link::open_waiting();
    });
    let (group, set_group) = query_signal_with_options::<i64>("group", in_place());
    let group = Memo::new(move |_| group.get().map(GroupId));
    let set_group = move |id: Option<GroupId>| set_group.set(id.map(|id| id.0));
    let (show, set_show) = query_signal_with_options::<String>("show", in_place());
    let show = Memo::new(move |_| filters::from_word(show.get().as_deref()));
    let set_show = move |filter: Filter| {
        set_show.set((filter != Filter::All).then(|| filters::word(filter).to_owned()));
    };

    // Not in the address: it may name somebody, and the file stays in this browser.
    let text = RwSignal::new(String::new());
    // In another file, something else.
    Effect::new(move |before: Option<_>| {
        let file = desk.file.get();
        if before.is_some_and(|before| before != file) {
            text.set(String::new());
        }
        file
    });
    let choose = move |path: Option<GroupPath>| set_group(path.as_ref().and_then(last));
    let path = fetch(move || Ok(SeeGroup { id: group.get() }));
    let chosen = RwSignal::new(None::<GroupPath>);
    let fault = RwSignal::new(None::<String>);
    Effect::new(move || {
        let Some(answer) = path.get() else { return };
        fault.set(answer.as_ref().err().map(ToString::to_string));
        let answer = answer.ok().flatten();
        let id = answer.as_ref().and_then(|path| path.0.last()).map(|step| step.id);
        chosen.set(answer);
        if desk.wanted.with_untracked(|wanted| wanted.group != id)
            && !desk.stage.with_untracked(Stage::is_under_way)
        {
            desk.read_again(|wanted| wanted.group = id);
        }
    });
    let label = Signal::derive(move || chosen.with(|path| path.as_ref().map(GroupPath::label)));

    let digest = Memo::new(move |_| desk.digest.get());
    let unfinished = fetch(move || Ok(UnfinishedImport { sha256: digest.get() }));
    let unfinished_record = RwSignal::new(None::<ImportRecord>);
    Effect::new(move || unfinished_record.set(unfinished.get().and_then(Result::ok).flatten()));
    let resume = move |record: ImportRecord| {
        set_group(record.group);
        let alike =
            |wanted: &Wanted| (wanted.group, wanted.existing) == (record.group, record.existing);
        if !desk.wanted.with_untracked(alike) {
            desk.read_again(|wanted| {
                (wanted.group, wanted.existing) = (record.group, record.existing);
            });
        }
        begin(desk, Some(record.id), record.all_or_nothing);
    };
    mapping::recall(desk);
    lead_to_summary(desk);
    let open = Memo::new(move |_| desk.overview.with(Option::is_some));
    let open_later = a_task_later(open);
    let whole = Memo::new(move |_| {
        desk.overview.with(|overview| overview.as_ref().is_some_and(|it| !it.is_glimpse()))
    });
    let dialect = Memo::new(move |_| dialect::is_shown(desk));
    let busy = Signal::derive(move || desk.stage.with(Stage::is_under_way));
    view! {
        <nav class="crumbs" aria-label="Path"><a href="/account">"My Account"</a></nav>
        <header class="head">
            <h1>"Import technicians"</h1>
            <nav class="import-links" aria-label="More">
                <span class="dim">"Example files: "</span>
                <a href="/api/import-examples/technicians.csv" download rel="external">"technicians.csv"</a>
                <a href="/api/import-examples/technicians.json" download rel="external">"technicians.json"</a>
                <a href="/account/imports">"Import history"</a>
            </nav>
        </header>
        <div class="import-add">
            <GroupSearch
                chosen=chosen
                fault=fault
                disabled=busy
                choose=choose
            />
            <ExistingChoice desk=desk/>
            <div class="import-file">
                <FileButton desk=desk/>
                <FileInput/>
                <p class="dim">"Your file stays in this browser until you start the import."</p>
                <p class="dim" role="status">{move || desk.note.get()}</p>
            </div>
        </div>
        <EndedNotice desk=desk/>
        <UnfinishedNotice desk=desk record=unfinished_record resume=resume/>
        <Show when=move || dialect.get()>
            <div class="import-bar">
                <Dialect desk=desk/>
                <Show when=move || whole.get()>
                    <Steps desk=desk/>
                    <Filters desk=desk show=show choose=set_show/>
                    <Find desk=desk text=text/>
                </Show>
            </div>
        </Show>
        <Working desk=desk/>
        <Unreadable desk=desk/>
        <Show when=move || open.get() fallback=move || view! { <Empty desk=desk/> }>
            <Complaints desk=desk/>
            <OtherReading desk=desk/>
            <Columns desk=desk/>
            <ChosenColumns desk=desk/>
            <Causes desk=desk show=show choose=set_show text=text/>
            <Show when=move || open_later.get()>
                <RowGrid desk=desk show=show text=text widen=set_show group=label/>
            </Show>
        </Show>
        <Foot
            desk=desk
            start=move |all_or_nothing| begin(desk, None, all_or_nothing)
            resume=move |()| go_on(desk)
        />
        <DropZone desk=desk/>
        <p class="unseen" role="status">{move || said(desk)}</p>
    }
}

/// Follows what is so now, as a task of its own: what is laid out then doesn't add to the time in which
/// the page can't answer.
fn a_task_later(now: Memo<bool>) -> RwSignal<bool> {
    let later = RwSignal::new(now.get_untracked());
    Effect::new(move || {
        if now.get() {
            // The page may be left by then.
            set_timeout(
                move || {
                    if let Some(now) = now.try_get_untracked() {
                        later.set(now);
                    }
                },
                Duration::ZERO,
            );
        } else {
            later.set(false);
        }
    });
    later
}

/// Filters and choices change the address without a new entry in the browser's history.
fn in_place() -> NavigateOptions {
    NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() }
}

/// Begins a new import, or goes on with one that did not end.
fn begin(desk: Desk, id: Option<roster::id::ImportId>, all_or_nothing: bool) {
    if let Some(id) = id.or_else(link::new_import) {
        desk.sending.update(|sending| {
            *sending = roster::worker::Sending {
                rows: desk.overview.with_untracked(|it| it.as_ref().map_or(0, |it| it.counts.rows)),
                ..Default::default()
            };
        });
        desk.import.set(Some((id, all_or_nothing)));
        link::send(id, all_or_nothing);
    }
}

fn go_on(desk: Desk) {
    if let Some((id, all_or_nothing)) = desk.import.get_untracked() {
        link::send(id, all_or_nothing);
    }
}

/// When the import ends while this page is shown, its summary is next.
fn lead_to_summary(desk: Desk) {
    let navigate = use_navigate();
    Effect::new(move |before: Option<bool>| {
        let ended = desk.stage.with(|stage| *stage == Stage::Ended);
        if ended && before == Some(false) {
            let id = desk.ended.with_untracked(|ended| ended.as_ref().map(|(record, _)| record.id));
            if let Some(id) = id {
                navigate(&format!("/account/imports/{id}"), NavigateOptions::default());
            }
        }
        ended
    });
}

/// What stands in the grid's place while there is no file.
#[component]
fn Empty(desk: Desk) -> impl IntoView {
    view! {
        <Show when=move || desk.stage.with(|stage| *stage == Stage::Empty)>
            <div class="import-empty">
                <p><b>"Drop a CSV or JSON file here, choose one with “Upload file”, or paste cells from a spreadsheet."</b></p>
                <p class="dim">
                    "Encoding, delimiter and columns are found by looking at the file. Every row is checked before anything is sent."
                </p>
            </div>
        </Show>
    }
}

/// For those who don't see the page.
fn said(desk: Desk) -> String {
    desk.stage.with(|stage| match stage {
        Stage::Checked => desk.overview.with(|overview| {
            overview.as_ref().map_or_else(String::new, |overview| {
                let counts = overview.counts;
                let changed = desk.changed.get();
                if let Some(changed) = changed {
                    let left = match counts.errors {
                        0 => "No errors left".to_owned(),
                        1 => "1 error left".to_owned(),
                        errors => format!("{} errors left", grouped(errors.into())),
                    };
                    return [changed.said, Some(left)]
                        .into_iter()
                        .flatten()
                        .collect::<Vec<_>>()
                        .join(" ");
                }
                format!(
                    "{} rows checked: {} ready, {} with errors",
                    grouped(counts.rows.into()),
                    grouped(counts.ready().into()),
                    grouped(counts.errors.into())
                )
            })
        }),
        Stage::Sending => sending::said(desk),
        _ => String::new(),
    })
}

fn last(path: &GroupPath) -> Option<GroupId> {
    path.0.last().map(|step| step.id)
}
