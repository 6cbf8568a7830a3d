//! What stands right of the tree while nothing is selected: where one can begin.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::group::GroupNode;
use roster::id::GroupId;
use roster::settings::Seats;
use serde::{Deserialize, Serialize};

use super::place::Place;
use crate::ask::fetch;
use crate::components::{Loaded, PageTitle};
use crate::error::AppError;
use crate::pages::settings::seats_in_words;
use crate::text::counted;

/// The organization at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glance {
    pub organization: String,
    /// What the tree begins with, for this person.
    pub tops: Vec<GroupNode>,
    pub may_import: bool,
    /// Standard and mobile, for who may see Global Settings.
    pub seats: Option<(Seats, Seats)>,
}

/// The organization at a glance.
#[server(prefix = "/api/fn", endpoint = "glance", input = Json)]
pub async fn take_glance() -> Result<Glance, AppError> {
    use roster::authority::{Act, decide};

    let (operations, caller) = crate::server::context()?;
    let (_, organization) = operations::settings::password_policy(&operations, &caller).await?;
    let tops = operations::groups::tops(&operations, &caller).await?;
    let settings = operations::settings::see(&operations, &caller).await.ok();
    Ok(Glance {
        organization,
        tops,
        may_import: decide(&caller, &Act::Import).is_ok(),
        seats: settings.map(|settings| (settings.standard, settings.mobile)),
    })
}

/// `/organization`
#[component]
pub fn OverviewPage() -> impl IntoView {
    let data = fetch(|| Ok(TakeGlance {}));
    view! { <Loaded from=data view=|glance| view! { <Overview glance=glance/> }.into_any()/> }
}

#[component]
fn Overview(glance: Glance) -> impl IntoView {
    let Glance { organization, tops, may_import, seats } = glance;
    let technicians: u64 = tops.iter().map(|top| top.technicians_below).sum();
    let groups: u64 = tops.iter().map(|top| top.groups).sum();
    let root = tops.iter().any(|top| top.id == GroupId::ROOT);
    let lead = if tops.is_empty() {
        "No Technician Group is assigned to you yet. A Master Administrator can do that."
    } else if groups == 0 && root {
        "There is no Technician Group yet. Technicians are kept in groups; the group decides what they may do. Create the first one to begin."
    } else if technicians == 0 {
        "There are no technicians yet. Create them in their group, or import them from a file."
    } else {
        "Select a group or a technician in the tree."
    };
    view! {
        <PageTitle text="Organization"/>
        <h1>{organization}</h1>
        <p class="lead">{lead}</p>
        <div class="actions">
            {root
                .then(|| {
                    let href = [&Place::Group(GroupId::ROOT).href(), "?create=group"].concat();
                    let class = if groups == 0 { "button main" } else { "button" };
                    view! { <a class=class href=href>"Create group"</a> }
                })}
            {may_import.then(|| view! { <a class="button" href="/account/import">"Import technicians"</a> })}
        </div>
        <dl class="facts">
            <dt>"Technicians"</dt>
            <dd>{counted(technicians, "technician", "technicians")}</dd>
            {seats
                .map(|(standard, mobile)| {
                    view! {
                        <dt>"Standard seats"</dt>
                        <dd>{seats_in_words(standard)}</dd>
                        <dt>"Mobile seats"</dt>
                        <dd>{seats_in_words(mobile)}</dd>
                    }
                })}
        </dl>
    }
}
