//! `/settings/directory/runs`: what each run came to, the newest first.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use roster::directory::protocol::{Mode, SourceId};
use roster::directory::view::{RunLine, RunState};
use roster::page::{PAGE_SIZE, Page};

use super::functions::ListDirectoryRuns;
use super::{run, words};
use crate::ask::fetch;
use crate::components::{Chip, Loaded, Moment, PageTitle, Pager};
use crate::text::{counted, grouped};

pub const ADDRESS: &str = "/settings/directory/runs";

#[component]
pub fn DirectoryRunsPage() -> impl IntoView {
    let query = use_query_map();
    let from = Memo::new(move |_| query.with(|query| query.get("from")?.parse().ok()).unwrap_or(0));
    let source =
        Memo::new(move |_| query.with(|query| query.get_str("source")?.parse::<SourceId>().ok()));
    let page = fetch(move || Ok(ListDirectoryRuns { source: source.get(), from: from.get() }));
    view! {
        <PageTitle text="Runs of directory synchronization"/>
        <main class="room single directory" id="content" tabindex="-1">
            <nav class="crumbs" aria-label="Path">
                <a href="/settings">"Global Settings"</a>
                <span aria-hidden="true">"/"</span>
                <a href=super::ADDRESS>"Active Directory Synchronization"</a>
            </nav>
            <header class="head">
                <h1>"Runs"</h1>
            </header>
            {move || {
                source
                    .get()
                    .map(|_| {
                        view! {
                            <p class="lead">"Runs of one directory. " <a href=ADDRESS>"Runs of all"</a></p>
                        }
                    })
            }}
            <Loaded from=page view=move |page| list(page, source.get_untracked())/>
        </main>
    }
}

fn list(page: Page<RunLine>, source: Option<SourceId>) -> AnyView {
    let (offset, shown, total) = (page.offset, page.items.len() as u64, page.total);
    if total == 0 {
        return view! { <p class="empty">"No run has begun yet."</p> }.into_any();
    }
    let href = move |from: u64| {
        let source = source.map(|source| ["source=", &source.to_string(), "&"].concat());
        [ADDRESS, "?", &source.unwrap_or_default(), "from=", &from.to_string()].concat()
    };
    view! {
        <section class="table" aria-label="Table of runs" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Began"</th>
                        <th scope="col">"Directory"</th>
                        <th scope="col">"Result"</th>
                        <th scope="col" class="num">"Created"</th>
                        <th scope="col" class="num">"Changed"</th>
                        <th scope="col" class="num">"Disabled"</th>
                        <th scope="col" class="num">"Enabled"</th>
                        <th scope="col" class="num">"Failed"</th>
                        <th scope="col" class="num">"Unchanged"</th>
                    </tr>
                </thead>
                <tbody>{page.items.into_iter().map(line).collect_view()}</tbody>
            </table>
        </section>
        <Pager offset=offset shown=shown total=total size=u64::from(PAGE_SIZE) href=href/>
    }
    .into_any()
}

fn line(run: RunLine) -> impl IntoView {
    let (tone, word) = words::run_chip(&run);
    let preview = run.mode == Mode::Preview && run.state != RunState::Previewed;
    let waits = run.held.as_ref().filter(|_| run.state == RunState::Held);
    let waits = waits.map(|held| [" ", &counted(held.count, "change", "changes")].concat());
    let number = |count: u64| {
        let class = if count == 0 { "num dim" } else { "num" };
        view! { <td class=class>{grouped(count)}</td> }
    };
    let counts = run.counts;
    view! {
        <tr>
            <td><a href=run::address(run.id)><Moment at=run.began_at/></a></td>
            <td>{run.domain}</td>
            <td class="what">
                <Chip tone=tone text=word/>
                {preview.then_some(" Preview")}
                {waits}
                {run.message.map(|why| view! { <p class="dim">{why}</p> })}
            </td>
            {number(counts.created)}
            {number(counts.updated)}
            {number(counts.disabled)}
            {number(counts.enabled)}
            {number(counts.failed)}
            {number(counts.unchanged)}
        </tr>
    }
}
