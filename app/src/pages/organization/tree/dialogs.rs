//! The dialogs of the tree, each with an address: `?move=` and `?delete=` name the lines that they are
//! about, `?enable=` and `?disable=` the group.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use roster::group::GroupPath;
use roster::many::Change;

use super::super::place::Place;
use super::acts::{Target, move_refusal};
use super::doing::Lines;
use super::functions::SeeTargets;
use super::state::TreeState;
use super::whole_group::{Turn, WholeGroup};
use crate::ask::fetch;
use crate::components::{Dialog, Loaded};
use crate::error::AppError;
use crate::pages::group_search::GroupSearch;
use crate::text::counted;

/// The dialog that the address asks for.
#[component]
pub fn TreeDialogs() -> impl IntoView {
    let query = use_query_map();
    let asked = move |key: &'static str| {
        Memo::new(move |_| query.with(|query| query.get_str(key).map(Place::marked)))
    };
    let (moves, deletes) = (asked("move"), asked("delete"));
    let (enables, disables) = (asked("enable"), asked("disable"));
    view! {
        {move || moves.get().map(|places| view! {
            <Dialog id="move" title="Move to Technician Group" back=back()>
                <About places=places make=|about| view! { <Move about=about/> }.into_any()/>
            </Dialog>
        })}
        {move || deletes.get().map(|places| view! {
            <Dialog id="delete" title="Delete" back=back()>
                <About places=places make=|about| view! { <Delete about=about/> }.into_any()/>
            </Dialog>
        })}
        {move || enables.get().map(|places| view! {
            <Dialog id="enable" title="Enable technicians" back=back()>
                {all_of(&places, Turn::On)}
            </Dialog>
        })}
        {move || disables.get().map(|places| view! {
            <Dialog id="disable" title="Disable technicians" back=back()>
                {all_of(&places, Turn::Off)}
            </Dialog>
        })}
    }
}

fn all_of(places: &[Place], turn: Turn) -> impl IntoView + use<> {
    let group = places.iter().find_map(|place| match place {
        Place::Group(group) => Some(*group),
        Place::Technician(_) => None,
    });
    group.map(|group| view! { <WholeGroup group=group turn=turn/> })
}

/// The address of the page below.
pub(super) fn back() -> String {
    let location = use_location();
    let mut query = location.query.get_untracked();
    for dialog in ["move", "delete", "enable", "disable"] {
        query.remove(dialog);
    }
    [&location.pathname.get_untracked(), &query.to_query_string()[..]].concat()
}

/// What a dialog is about: all lines, and of the first of them what there is to know.
struct About {
    places: Vec<Place>,
    targets: Vec<Target>,
}

impl About {
    fn lines(&self) -> Lines {
        let name = match (&self.places[..], &self.targets[..]) {
            ([_], [one]) => Some(one.name.clone()),
            _ => None,
        };
        Lines { places: self.places.clone(), name }
    }

    /// Why nothing of it can be deleted. Of several, those that can be are; the others are told of.
    fn deleting_refused(&self) -> Option<String> {
        match (&self.places[..], &self.targets[..]) {
            ([_], [one]) => one.content.refusal(&one.name),
            _ => None,
        }
    }

    /// "Ada", "Ada, Bob and 3 more".
    fn names(&self) -> String {
        const SHOWN: usize = 3;
        let shown: Vec<_> =
            self.targets.iter().take(SHOWN).map(|target| target.name.as_str()).collect();
        let more = self.places.len().saturating_sub(shown.len());
        match (shown.split_last(), more) {
            (Some((last, [])), 0) => (*last).to_owned(),
            (Some((last, others)), 0) => [&others.join(", "), " and ", last].concat(),
            _ => [&shown.join(", "), " and ", &more.to_string(), " more"].concat(),
        }
    }
}

#[component]
fn About<F>(places: Vec<Place>, make: F) -> impl IntoView
where
    F: Fn(About) -> AnyView + Copy + Send + Sync + 'static,
{
    let wanted = places.clone();
    let targets = fetch(move || Ok(SeeTargets { places: wanted.clone() }));
    let view = move |targets: Vec<Target>| {
        if targets.is_empty() {
            let gone = "What this was about is not there any more, or not within the groups that are assigned to you.";
            return view! { <p class="about">{gone}</p> }.into_any();
        }
        make(About { places: places.clone(), targets })
    };
    view! { <Loaded from=targets view=view/> }
}

/// Says what went wrong, or leaves for this address.
#[derive(Clone)]
pub(super) struct End {
    pub(super) fault: RwSignal<Option<String>>,
    pub(super) pending: RwSignal<bool>,
    address: String,
}

impl End {
    pub(super) fn at(address: String) -> Self {
        Self { fault: RwSignal::new(None), pending: RwSignal::new(false), address }
    }

    pub(super) fn then(
        &self,
        navigate: impl Fn(&str, NavigateOptions) + 'static,
    ) -> impl FnOnce(Result<(), AppError>) + 'static {
        self.pending.set(true);
        let Self { fault, pending, address } = self.clone();
        move |result| {
            pending.try_set(false);
            match result {
                Ok(()) => {
                    navigate(&address, NavigateOptions { scroll: false, ..Default::default() });
                }
                Err(error) => {
                    fault.try_set(Some(error.to_string()));
                }
            }
        }
    }
}

#[component]
fn Move(about: About) -> impl IntoView {
    let state = expect_context::<TreeState>();
    let chosen = RwSignal::new(None::<GroupPath>);
    let end = End::at(back());
    let (fault, pending) = (end.fault, end.pending);
    let navigate = use_navigate();
    let who = about.names();
    let about = StoredValue::new(about);
    // What the rules say already; the server says it again.
    let refusal = move || {
        let path = chosen.get()?;
        let actor = state.actor.get()?;
        let name = path.0.last().map(|step| step.name.clone()).unwrap_or_default();
        about.with_value(|about| move_refusal(&actor, &about.targets, &path.lineage(), &name))
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(step) = chosen.get_untracked().and_then(|path| path.0.last().cloned()) else {
            fault.set(Some("Choose a Technician Group first.".to_owned()));
            return;
        };
        if untrack(refusal).is_some() || pending.get_untracked() {
            return;
        }
        let done = ["moved to “", &step.name, "”"].concat();
        let then = end.then(navigate.clone());
        state.change(about.with_value(About::lines), Change::MoveTo(step.id), done, then);
    };
    let choose = Callback::new(move |path| {
        fault.set(None);
        chosen.set(path);
    });
    view! {
        <form class="form" on:submit=send>
            <p class="about">{who}</p>
            <GroupSearch
                id="move-group"
                autofocus=true
                chosen=chosen
                fault=Signal::derive(|| None::<String>)
                disabled=pending
                choose=choose
                hint="Type a part of the name, or the ID"
            />
            <p class="reason" role="alert">{move || refusal().or_else(|| fault.get())}</p>
            <div class="actions">
                <button type="submit" class="main" aria-disabled=move || (pending.get() || refusal().is_some()).then_some("true")>
                    "Move"
                </button>
                <a class="button" href=back() data-noscroll="true">"Cancel"</a>
            </div>
        </form>
    }
}

#[component]
fn Delete(about: About) -> impl IntoView {
    let state = expect_context::<TreeState>();
    let navigate = use_navigate();
    let people = about.places.iter().filter(|place| matches!(place, Place::Technician(_))).count();
    let groups = about.places.len() - people;
    let can_disable = groups == 0 && about.targets.iter().any(|target| target.enabled);
    let end = End::at(after(&about));
    let disabled_end = End { address: back(), ..end.clone() };
    let (fault, pending) = (end.fault, end.pending);
    let question = ["Delete ", &about.names(), "?"].concat();
    let refusal = about.deleting_refused();
    let refused = refusal.is_some();
    let about = StoredValue::new(about);
    let (go, stay) = (navigate.clone(), navigate);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !pending.get_untracked() && !refused {
            let then = end.then(go.clone());
            state.change(
                about.with_value(About::lines),
                Change::Delete,
                "deleted".to_owned(),
                then,
            );
        }
    };
    let disable = move |_| {
        if !pending.get_untracked() {
            let then = disabled_end.then(stay.clone());
            let done = "disabled".to_owned();
            state.change(about.with_value(About::lines), Change::Disable, done, then);
        }
    };
    view! {
        <form class="form" on:submit=send>
            <p class="about">{question}</p>
            {(people > 0).then(|| view! {
                <p>
                    {counted(people as u64, "account", "accounts")}
                    " with all that is kept there is lost: names, addresses, descriptions, passwords, licences. Whoever is signed in is signed out. The audit trail keeps what was done."
                </p>
            })}
            {(groups > 0 && !refused).then(|| view! {
                <p>
                    {counted(groups as u64, "group", "groups")}
                    " with the permissions that are set there is lost. A group is deleted only when nobody and no group is in it."
                </p>
            })}
            {(!refused).then(|| view! { <p>"This can’t be undone."</p> })}
            <p class="reason" role="alert">{move || refusal.clone().or_else(|| fault.get())}</p>
            <div class="actions">
                <button type="submit" class="main danger" aria-disabled=move || (pending.get() || refused).then_some("true")>"Delete"</button>
                {can_disable.then(|| view! { <button type="button" on:click=disable>"Disable instead"</button> })}
                <a class="button" href=back() data-noscroll="true">"Cancel"</a>
            </div>
        </form>
    }
}

/// Where one is when they are gone: where one is now, unless that is one of them.
fn after(about: &About) -> String {
    let here = Place::at(&use_location().pathname.get_untracked());
    let gone = about.targets.iter().find(|target| Some(target.place) == here);
    let above = gone.and_then(|target| match target.place {
        Place::Group(_) => target.lineage.iter().rev().nth(1),
        Place::Technician(_) => target.lineage.last(),
    });
    above.map_or_else(back, |group| Place::Group(*group).href())
}
