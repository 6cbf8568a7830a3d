//! `/account/imports`: all imports, the newest first.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use roster::group::GroupPath;
use roster::history::ImportRecord;
use roster::page::{PAGE_SIZE, Page};

use super::functions::ListImports;
use super::summary::state_of;
use crate::ask::fetch;
use crate::components::{Chip, Loaded, Moment, PageTitle, Pager};
use crate::text::grouped;

#[component]
pub fn ImportHistoryPage() -> impl IntoView {
    let query = use_query_map();
    let from = Memo::new(move |_| {
        query.with(|query| query.get_str("from").and_then(|it| it.parse().ok()).unwrap_or(0))
    });
    let page = fetch(move || Ok(ListImports { offset: from.get() }));
    view! {
        <PageTitle text="Import history"/>
        <main class="import import-summary" id="content" tabindex="-1">
            <nav class="crumbs" aria-label="Path"><a href="/account">"My Account"</a></nav>
            <header class="head">
                <h1>"Import history"</h1>
                <div class="actions"><a class="button main" href="/account/import">"Import technicians"</a></div>
            </header>
            <Loaded from=page view=table/>
        </main>
    }
}

fn table(page: Page<ImportRecord>) -> AnyView {
    let Page { items, total, offset } = page;
    let shown = items.len() as u64;
    if items.is_empty() {
        return view! { <p class="empty">"Nothing was imported yet."</p> }.into_any();
    }
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Imports">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"File"</th>
                        <th scope="col">"Technician Group"</th>
                        <th scope="col">"State"</th>
                        <th scope="col" class="num">"Rows"</th>
                        <th scope="col" class="num">"Succeeded"</th>
                        <th scope="col" class="num">"Skipped"</th>
                        <th scope="col" class="num">"Failed"</th>
                        <th scope="col">"By"</th>
                        <th scope="col">"Started"</th>
                    </tr>
                </thead>
                <tbody>{items.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <Pager
            offset=offset
            shown=shown
            total=total
            size=u64::from(PAGE_SIZE)
            href=|from| format!("/account/imports?from={from}")
        />
    }
    .into_any()
}

fn row(record: ImportRecord) -> impl IntoView {
    let (tone, word) = state_of(&record);
    let group = match (&record.group_path, record.group) {
        (Some(path), _) => GroupPath::label(path),
        (None, Some(id)) => format!("{id} (gone)"),
        (None, None) => "as the file says".to_owned(),
    };
    let number = |count: u32| view! { <td class="num">{grouped(count.into())}</td> };
    let counts = record.counts;
    view! {
        <tr>
            <td><a href=format!("/account/imports/{}", record.id)>{record.file_name}</a></td>
            <td>{group}</td>
            <td><Chip tone=tone text=word/></td>
            {number(record.rows)}
            {number(counts.created + counts.updated + counts.unchanged)}
            {number(counts.skipped)}
            {number(counts.failed)}
            <td>{record.by}</td>
            <td><Moment at=record.started_at/></td>
        </tr>
    }
}
