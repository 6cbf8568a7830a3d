//! `/settings/directory/runs/{id}`: what a run came to, what waits in it, and what it did about each
//! person.

mod changes;
mod decision;

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use roster::directory::protocol::RunId;
use roster::directory::view::{RunLine, RunState};
use roster::fault::Fault;

use self::changes::Changes;
use self::decision::Decision;
use super::functions::{RunView, SeeDirectoryRun};
use super::{runs, words};
use crate::ask::fetch;
use crate::components::{Chip, Loaded, Moment, PageTitle, TakeStartingPasswords};
use crate::text::grouped;

/// A run that is under way is looked at so often.
const REFRESH: Duration = Duration::from_secs(3);

#[must_use]
pub fn address(id: RunId) -> String {
    [runs::ADDRESS, "/", &id.to_string()].concat()
}

#[component]
pub fn DirectoryRunPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<RunId>().ok()));
    let run = fetch(move || {
        let id = id.get().ok_or_else(|| Fault::not_found("run"))?;
        Ok(SeeDirectoryRun { id })
    });
    let beat = RwSignal::new(0_u32);
    let refresh = Callback::new(move |()| {
        beat.update(|beat| *beat += 1);
        run.refetch();
    });
    Effect::new(move || {
        let under_way = matches!(run.get(), Some(Ok(view)) if view.run.state == RunState::UnderWay);
        if under_way {
            let again = move || {
                // The page may be left by then.
                refresh.try_run(());
            };
            set_timeout(again, REFRESH);
        }
    });
    view! {
        <PageTitle text="A run of directory synchronization"/>
        <main class="room single directory" id="content" tabindex="-1">
            <nav class="crumbs" aria-label="Path">
                <a href="/settings">"Global Settings"</a>
                <span aria-hidden="true">"/"</span>
                <a href=super::ADDRESS>"Active Directory Synchronization"</a>
                <span aria-hidden="true">"/"</span>
                <a href=runs::ADDRESS>"Runs"</a>
            </nav>
            <Loaded
                from=run
                view=move |view| view! { <Run view=view beat=beat refresh=refresh/> }.into_any()
            />
        </main>
    }
}

#[component]
fn Run(view: RunView, #[prop(into)] beat: Signal<u32>, refresh: Callback<()>) -> impl IntoView {
    let RunView { run, kinds, waiting, waits_in, default_password, starting } = view;
    let (tone, word) = words::run_chip(&run);
    let (id, open) = (run.id, run.state == RunState::Held);
    view! {
        <header class="head">
            <h1>"Run of "{run.domain.clone()}", " <Moment at=run.began_at/></h1>
            <Chip tone=tone text=word/>
        </header>
        <Decision
            run=run.clone()
            waiting=waiting.clone()
            waits_in=waits_in
            default_password=default_password
            refresh=refresh
        />
        <TakeStartingPasswords
            waiting=starting
            action=["/api/directory/runs/", &id.to_string(), "/starting-passwords"].concat()
        />
        <Facts run=run/>
        <Changes id=id kinds=kinds waiting=waiting open=open beat=beat/>
    }
}

#[component]
fn Facts(run: RunLine) -> impl IntoView {
    let result = words::result(&run);
    let unchanged = (!words::came_to_nothing(&run))
        .then(|| [", ", &grouped(run.counts.unchanged), " unchanged"].concat());
    let known = |text: String| if text.is_empty() { "not known".to_owned() } else { text };
    view! {
        <dl class="facts">
            <dt>"Result"</dt>
            <dd>{result}{unchanged}</dd>
            {run.message.map(|message| view! { <dt>"Why"</dt> <dd>{message}</dd> })}
            <dt>"Ended"</dt>
            <dd>
                {match run.ended_at {
                    Some(at) => view! { <Moment at=at/> }.into_any(),
                    None => "not yet".into_any(),
                }}
            </dd>
            <dt>"Domain controller"</dt>
            <dd>{known(run.controller)}</dd>
            <dt>"Service"</dt>
            <dd>{known(run.agent)}</dd>
        </dl>
    }
}
