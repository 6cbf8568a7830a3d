//! How it is with each directory: what is wrong first, then how it was and what comes next.

use leptos::prelude::*;
use roster::directory::protocol::SourceId;
use roster::directory::view::{MappingLine, RunLine, SourceState as State, SourceView};
use roster::id::Timestamp;

use super::functions::{RunDirectoryNow, SourceState};
use super::{run, runs, words};
use crate::browser;
use crate::components::{Chip, Moment, SendForm, Sender, announce_faults, use_announcer};
use crate::pages::organization::Place;
use crate::text::{counted, grouped};

#[component]
pub fn Sources(sources: Vec<SourceState>) -> impl IntoView {
    if sources.is_empty() {
        return view! {
            <p class="empty">
                "No directory is enrolled yet. The three steps below do it; they take some ten minutes."
            </p>
        }
        .into_any();
    }
    let held = sources.iter().filter_map(|it| it.held.as_ref()).map(waits).collect_view();
    let wrong = sources.iter().map(|it| wrong(&it.source)).collect_view();
    view! {
        {held}
        {wrong}
        {sources.into_iter().map(|source| view! { <Source source=source/> }).collect_view()}
    }
    .into_any()
}

/// Somebody has to decide: on top of everything.
fn waits(held: &RunLine) -> impl IntoView + use<> {
    let domain = held.domain.clone();
    let href = run::address(held.id);
    let why = held.held.as_ref().map(|held| {
        let changes = counted(held.count, "change waits", "changes wait");
        [held.reason.label(), " ", &changes, " for your decision."].concat()
    });
    view! {
        <div class="notice warn">
            <p>
                <b>"A run of "{domain}" waits for approval."</b> " " {why}
            </p>
            <div class="actions">
                <a class="button main" href=href>"Look at what waits"</a>
            </div>
        </div>
    }
}

/// That nobody is kept in step, and since when.
fn wrong(source: &SourceView) -> Option<AnyView> {
    let domain = source.domain.clone();
    if !source.has_token {
        return Some(
            view! {
                <p class="notice bad">
                    <b>{domain}" has no service token."</b>
                    " Its service is turned away, and nobody is kept in step. Generate a token, and give it to “muster-sync setup”."
                </p>
            }
            .into_any(),
        );
    }
    let State::Late(since) = source.state else { return None };
    let heard = source
        .last_contact_at
        .map(|at| view! { " The service was heard of last " <Moment at=at/> "." });
    let since = if source.last_success_at.is_some() {
        view! { " The last success was " <Moment at=since/> "." }.into_any()
    } else {
        view! { " It was enrolled " <Moment at=since/> ", and no run succeeded yet." }.into_any()
    };
    Some(
        view! {
            <p class="notice bad">
                <b>{domain}" is late."</b> {since} {heard}
                " Look at what is wrong below, and at “muster-sync status” where the service runs."
            </p>
        }
        .into_any(),
    )
}

#[component]
fn Source(source: SourceState) -> impl IntoView {
    let SourceState { source, last_run, next_run_at, .. } = source;
    let id = ["source-", &source.id.to_string()].concat();
    let labelled_by = id.clone();
    let (tone, word) = words::source_chip(source.state, source.has_token);
    let all = [runs::ADDRESS, "?source=", &source.id.to_string()].concat();
    let people = [
        counted(source.linked, "technician", "technicians"),
        [", ", &grouped(source.enabled), " of them enabled"].concat(),
    ]
    .concat();
    let known = |text: String| if text.is_empty() { "not known yet".to_owned() } else { text };
    view! {
        <section class="source" aria-labelledby=labelled_by>
            <div class="head">
                <h2 id=id>{source.domain.clone()}</h2>
                <Chip tone=tone text=word/>
                <RunNow source=source.id asked=source.run_asked/>
            </div>
            <dl class="facts">
                <dt>"Last success"</dt>
                <dd>{moment(source.last_success_at, "none yet")}</dd>
                <dt>"Last run"</dt>
                <dd>{last_run.map_or_else(|| "none yet".into_any(), |run| last(&run))}</dd>
                <dt>"Next run"</dt>
                <dd><Next at=next_run_at/></dd>
                <dt>"Kept in step"</dt>
                <dd>{people}</dd>
                <dt>"Domain controller"</dt>
                <dd>{known(source.controller)}</dd>
                <dt>"Service"</dt>
                <dd>{known(source.agent)} ", last heard of: " {moment(source.last_contact_at, "never")}</dd>
                <dt>"Enrolled"</dt>
                <dd><Moment at=source.enrolled_at/> " by " {source.enrolled_by}</dd>
            </dl>
            {mappings(&source.domain, source.mappings)}
            <p><a href=all>"All runs of this directory"</a></p>
        </section>
    }
}

fn moment(at: Option<Timestamp>, none: &'static str) -> AnyView {
    match at {
        Some(at) => view! { <Moment at=at/> }.into_any(),
        None => none.into_any(),
    }
}

fn last(run: &RunLine) -> AnyView {
    let (tone, word) = words::run_chip(run);
    let result = words::result(run);
    view! {
        <a href=run::address(run.id)><Moment at=run.began_at/></a> " " <Chip tone=tone text=word/> " " {result}
    }
    .into_any()
}

/// When the next run is expected; whether that has passed only the browser's clock says.
#[component]
fn Next(at: Option<Timestamp>) -> impl IntoView {
    let due = RwSignal::new(false);
    Effect::new(move || due.set(at.is_some_and(|at| at.0 <= browser::now())));
    match at {
        None => "when the service is set up".into_any(),
        Some(at) => view! {
            {move || if due.get() { "was expected " } else { "" }} <Moment at=at/>
        }
        .into_any(),
    }
}

#[component]
fn RunNow(source: SourceId, asked: bool) -> impl IntoView {
    let sender = Sender::<RunDirectoryNow>::new();
    let announcer = use_announcer();
    let asked = RwSignal::new(asked);
    sender.then(move |()| {
        asked.set(true);
        announcer.announce("The service begins a run when it asks the next time, within a minute.");
    });
    announce_faults(*sender);
    view! {
        <div class="actions">
            {move || asked.get().then(|| view! { <span class="dim">"A run is asked for."</span> })}
            <SendForm sending=*sender>
                <input type="hidden" name="source" value=source.to_string()/>
                <button type="submit">"Run now"</button>
            </SendForm>
        </div>
    }
}

fn mappings(domain: &str, mappings: Vec<MappingLine>) -> AnyView {
    if mappings.is_empty() {
        return view! {
            <p class="hint">"No AD group is mapped yet: “muster-sync setup” asks which groups go where."</p>
        }
        .into_any();
    }
    view! {
        <section class="table narrow" aria-label=["Groups of ", domain].concat() tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"AD group"</th>
                        <th scope="col">"Technician Group"</th>
                        <th scope="col" class="num">"Members"</th>
                        <th scope="col">"State"</th>
                    </tr>
                </thead>
                <tbody>{mappings.into_iter().map(mapping).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn mapping(line: MappingLine) -> impl IntoView {
    let approved = line.approved;
    let (to, state) = if let Some(path) = line.path {
        let to = view! { <a href=Place::Group(line.group).href()>{path}</a> }.into_any();
        (to, if approved { "Approved" } else { "Waits for a run that is approved" })
    } else {
        let gone = ["ID ", &line.group.to_string()].concat();
        (view! { <span class="dim">{gone}</span> }.into_any(), "The Technician Group is gone")
    };
    view! {
        <tr>
            <td title=line.ad_group_guid.to_string()>{line.ad_group_name}</td>
            <td>{to}</td>
            <td class="num">{line.members.map_or_else(|| "–".to_owned(), grouped)}</td>
            <td class="dim">{state}</td>
        </tr>
    }
}
