//! A Technician Group: its technicians, its permissions, its administrators, its name, its settings, and
//! the dialogs that create.

pub(super) mod administrators;
mod configuration;
mod create_group;
mod create_technician;
pub(super) mod functions;
mod permissions;
mod technicians;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_params_map, use_query_map};
use roster::fault::Fault;
use roster::group::GroupPath;
use roster::id::GroupId;

use self::administrators::{Administrators, Removed};
use self::configuration::Configuration;
use self::create_group::CreateGroupDialog;
use self::create_technician::CreateTechnicianDialog;
use self::functions::{GroupView, SeeGroup};
use self::permissions::Permissions;
use self::technicians::Technicians;
use super::place::Place;
use super::tree::TreeState;
use crate::ask::{fetch, look};
use crate::components::{AddressButton, Chip, CopyButton, Loaded, PageTitle};
use crate::pages::audit::{History, HistoryOf};
use crate::pages::two_step::TwoStepOfGroup;
use crate::text::{counted, grouped};

const AT_ROOT: &str =
    "Nobody is at the root of the tree: choose a Technician Group, or create one.";
const NOT_YOURS: &str = "You may look at this group, but not change it.";

/// A part of the page; the address says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Technicians,
    Permissions,
    Administrators,
    Configuration,
    Settings,
    History,
}

impl Part {
    const ALL: [Self; 6] = [
        Self::Technicians,
        Self::Permissions,
        Self::Administrators,
        Self::Configuration,
        Self::Settings,
        Self::History,
    ];

    /// As `?view=` has it; the first needs none.
    fn word(self) -> &'static str {
        match self {
            Self::Technicians => "technicians",
            Self::Permissions => "permissions",
            Self::Administrators => "administrators",
            Self::Configuration => "configuration",
            Self::Settings => "settings",
            Self::History => "history",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Technicians => "Technicians",
            Self::Permissions => "Permissions",
            Self::Administrators => "Administrators",
            Self::Configuration => "Configuration",
            Self::Settings => "Settings",
            Self::History => "History",
        }
    }

    fn address(self, page: &str) -> String {
        match self {
            Self::Technicians => page.to_owned(),
            _ => [page, "?view=", self.word()].concat(),
        }
    }
}

/// `/organization/groups/:id`
#[component]
pub fn GroupPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<GroupId>().ok()));
    let group = fetch(move || {
        let id = id.get().ok_or_else(|| Fault::not_found("Technician Group"))?;
        Ok(SeeGroup { id })
    });
    expect_context::<TreeState>().when_changed(move || group.refetch());
    view! { <Loaded from=group view=|group| view! { <Group group=group/> }.into_any()/> }
}

#[component]
fn Group(group: GroupView) -> impl IntoView {
    let GroupView { page, strength, may_assign } = group;
    Removed::provide();
    let id = page.id;
    let href = Place::Group(id).href();
    let query = use_query_map();
    let part = Memo::new(move |_| {
        query.with(|query| {
            let wanted = query.get_str("view");
            if query.get_str("assign").is_some() {
                return Part::Administrators;
            }
            let found = Part::ALL.into_iter().find(|part| Some(part.word()) == wanted);
            found.unwrap_or(Part::Technicians)
        })
    });
    let creates =
        move |what: &'static str| query.with(|query| query.get_str("create") == Some(what));
    let (creates_group, creates_technician) =
        (Memo::new(move |_| creates("group")), Memo::new(move |_| creates("technician")));
    let assigns =
        Memo::new(move |_| query.with(|query| query.get_str("assign") == Some("administrator")));
    let refusal = (!page.editable).then_some(NOT_YOURS);
    let at_root = (id == GroupId::ROOT).then_some(AT_ROOT);
    let has_groups = page.groups > 0;
    let page = RwSignal::new(page);
    let name = move || page.with(|page| page.name.clone());
    let recount = Callback::new(move |()| {
        spawn_local(async move {
            // Why it failed is the list's to say.
            if let Ok(group) = look(SeeGroup { id }).await {
                page.try_set(group.page);
            }
        });
    });
    let (back_from_group, back_from_technician) = (href.clone(), href.clone());
    view! {
        {move || view! { <PageTitle text=name()/> }}
        <Crumbs path=page.with_untracked(|page| page.path.clone()) whole=false/>
        <header class="head">
            <h1>{name}</h1>
            <CopyButton label=["ID ", &id.to_string()].concat() value=id.to_string() what="The group’s ID"/>
            {move || page.with(|page| view! { <Chip text=sizes(page.technicians, page.technicians_below)/> })}
            <div class="actions">
                <AddressButton label="Create group" path=href.clone() query=("create", "group") refusal=refusal/>
                <AddressButton
                    label="Create technician"
                    path=href.clone()
                    query=("create", "technician")
                    main=true
                    refusal=refusal.or(at_root)
                />
            </div>
        </header>
        <nav class="tabs" aria-label="Parts of this group">
            {Part::ALL
                .into_iter()
                .filter(|it| may_assign || *it != Part::Administrators)
                .map(|it| {
                    view! {
                        <a
                            href=it.address(&href)
                            data-noscroll="true"
                            aria-current=move || (part.get() == it).then_some("page")
                        >
                            {it.label()}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
        {move || {
            match part.get() {
                Part::Technicians => {
                    view! { <Technicians group=id has_groups=has_groups changed=recount/> }.into_any()
                },
                Part::Permissions => view! { <Permissions group=id/> }.into_any(),
                Part::Administrators => view! { <Administrators group=id assigns=assigns/> }.into_any(),
                Part::Configuration => view! { <Configuration page=page/> }.into_any(),
                Part::Settings => view! { <TwoStepOfGroup id=id/> }.into_any(),
                Part::History => {
                    let address = Part::History.address(&Place::Group(id).href());
                    view! { <History of=HistoryOf::Group(id) address=address/> }.into_any()
                }
            }
        }}
        {move || {
            creates_group.get().then(|| view! { <CreateGroupDialog parent=id back=back_from_group.clone()/> })
        }}
        {move || {
            creates_technician
                .get()
                .then(|| {
                    view! { <CreateTechnicianDialog group=id strength=strength back=back_from_technician.clone()/> }
                })
        }}
    }
}

/// "386 technicians", or "12 technicians, 386 with the groups below".
fn sizes(own: u64, below: u64) -> String {
    let in_words = |count| counted(count, "technician", "technicians");
    match own {
        _ if own == below => in_words(own),
        0 => in_words(below) + " in the groups below",
        _ => [&in_words(own), ", ", &grouped(below), " with the groups below"].concat(),
    }
}

/// The way from the root: to a group's parent or, `whole`, to the group itself.
#[component]
pub(super) fn Crumbs(path: GroupPath, whole: bool) -> impl IntoView {
    let mut steps = path.0;
    if !whole {
        steps.pop();
    }
    view! {
        <nav class="crumbs" aria-label="Path">
            <a href="/organization">"Organization"</a>
            {steps
                .into_iter()
                .map(|step| {
                    view! {
                        <span aria-hidden="true">"/"</span>
                        <a href=Place::Group(step.id).href()>{step.name}</a>
                    }
                })
                .collect_view()}
        </nav>
    }
}
