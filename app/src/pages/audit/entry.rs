//! `/audit/:id`: one entry with all that is known of it.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use roster::audit::{Line, Wish, differences, what};
use roster::fault::Fault;
use roster::id::AccountId;

use super::AUDIT;
use super::functions::SeeAuditEntry;
use super::table::{changes, subject, through};
use crate::ask::fetch;
use crate::components::{Loaded, Moment, PageTitle};

#[component]
pub fn AuditEntryPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<i64>().ok()));
    let query = use_query_map();
    let of = Memo::new(move |_| query.with(|query| query.get("of")?.parse().ok().map(AccountId)));
    let line = fetch(move || {
        let id = id.get().ok_or_else(|| Fault::not_found("entry"))?;
        Ok(SeeAuditEntry { id, of: of.get() })
    });
    view! {
        <main class="room single" id="content" tabindex="-1">
            <nav class="crumbs" aria-label="Path">
                <a href=AUDIT>"Audit trail"</a>
            </nav>
            <Loaded from=line view=|line| view! { <Entry line=line/> }.into_any()/>
        </main>
    }
}

#[component]
fn Entry(line: Line) -> impl IntoView {
    let title = what(&line);
    let about = subject(&line);
    let fields = differences(&line.before, &line.after);
    let same = |wish: Wish| [AUDIT, &wish.query()].concat();
    let by = line.actor_id.map(|id| same(Wish { by: id.to_string(), ..Wish::default() }));
    let of = same(Wish {
        kind: line.subject_kind.clone(),
        id: line.subject_id.clone(),
        ..Wish::default()
    });
    view! {
        <PageTitle text=title.clone()/>
        <header class="head">
            <h1>{title}</h1>
        </header>
        <dl class="facts">
            <dt>"Entry"</dt>
            <dd>{line.id}</dd>
            <dt>"When"</dt>
            <dd><Moment at=line.at/></dd>
            <dt>"Who"</dt>
            <dd>{line.actor}</dd>
            <dt>"About"</dt>
            <dd>{about}</dd>
            {line.through.as_ref().map(through).map(|through| view! { <dt>"By"</dt> <dd>{through}</dd> })}
            {(!line.address.is_empty())
                .then(|| view! { <dt>"From where"</dt> <dd>{line.address}</dd> })}
            {(!line.agent.is_empty()).then(|| view! { <dt>"With"</dt> <dd>{line.agent}</dd> })}
        </dl>
        {(!fields.is_empty())
            .then(|| {
                view! {
                    <section aria-labelledby="changes">
                        <h2 id="changes">"Before → after"</h2>
                        {changes(fields, usize::MAX)}
                    </section>
                }
            })}
        <div class="actions">
            <a class="button" href=of>"All about this"</a>
            {by.map(|by| view! { <a class="button" href=by>"All by this person"</a> })}
        </div>
    }
}
