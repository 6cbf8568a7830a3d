//! `/settings/licences`: which groups take most licences.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos_router::hooks::use_query_map;
use roster::page::{PAGE_SIZE, Page};
use roster::settings::GroupLicences;

use crate::ask::fetch;
use crate::components::{Loaded, PageTitle, Pager};
use crate::error::AppError;
use crate::pages::organization::Place;
use crate::text::grouped;

/// The groups whose technicians take most licences.
#[server(prefix = "/api/fn", endpoint = "settings_licences", input = Json)]
pub async fn list_licences(from: u64) -> Result<Page<GroupLicences>, AppError> {
    let (operations, caller) = crate::server::context()?;
    let window = roster::page::Window { offset: from, limit: PAGE_SIZE };
    Ok(operations::settings::licences(&operations, &caller, window).await?)
}

#[component]
pub fn LicencesPage() -> impl IntoView {
    let query = use_query_map();
    let from = Memo::new(move |_| query.with(|query| query.get("from")?.parse().ok()).unwrap_or(0));
    let page = fetch(move || Ok(ListLicences { from: from.get() }));
    view! {
        <PageTitle text="Licences by group"/>
        <main class="room single" id="content" tabindex="-1">
            <nav class="crumbs" aria-label="Path">
                <a href="/settings">"Global Settings"</a>
            </nav>
            <header class="head">
                <h1>"Licences by group"</h1>
            </header>
            <p class="lead">"Enabled technicians of each group itself, those with most licences first."</p>
            <Loaded from=page view=table/>
        </main>
    }
}

fn table(page: Page<GroupLicences>) -> AnyView {
    let (offset, shown, total) = (page.offset, page.items.len() as u64, page.total);
    if shown == 0 {
        return view! { <p class="empty">"No technician takes a licence yet."</p> }.into_any();
    }
    view! {
        <section class="table narrow" aria-label="Table of licences" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Technician Group"</th>
                        <th scope="col" class="num">"Standard"</th>
                        <th scope="col" class="num">"Mobile"</th>
                    </tr>
                </thead>
                <tbody>{page.items.into_iter().map(row).collect_view()}</tbody>
            </table>
        </section>
        <Pager
            offset=offset
            shown=shown
            total=total
            size=u64::from(PAGE_SIZE)
            href=|from: u64| ["/settings/licences?from=", &from.to_string()].concat()
        />
    }
    .into_any()
}

fn row(line: GroupLicences) -> impl IntoView {
    view! {
        <tr>
            <td><a href=Place::Group(line.group).href()>{line.path}</a></td>
            <td class="num">{grouped(line.standard)}</td>
            <td class="num">{grouped(line.mobile)}</td>
        </tr>
    }
}
