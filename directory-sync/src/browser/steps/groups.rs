//! Mapping AD groups to Technician Groups: search and choose an AD group, then its Technician Group.

use maud::{Markup, html};
use roster::directory::protocol::{GroupChoice, Mapping};

use super::{Next, Place, check};
use crate::browser::faults::Fault;
use crate::browser::fields::Field;
use crate::browser::form::Form;
use crate::browser::markup::{back, next, search as search_field};
use crate::browser::state::{Groups, State};
use crate::browser::work::{Task, Then, failed};
use crate::commands::Ready;
use crate::configuration::Setting;
use crate::directory::group::{self, AdGroup};
use crate::failure::Result;
use crate::server::Waits;
use crate::setup::mapping::{add, mapping};
use crate::{clock, connect};

/// The most results shown; more of the name finds the others.
const SHOWN: usize = 50;

pub fn take(state: &mut State, form: &Form) -> Next {
    let Some(setting) = state.setting.clone() else { return Next::To(Place::Directory) };
    let groups = &mut state.groups;
    if let Some(guid) = form.get("drop") {
        groups.mapped.retain(|mapped| mapped.ad_group_guid.to_string() != guid);
        return Next::Stay;
    }
    if let Some(guid) = form.get("choose") {
        let found = groups.found.iter().flatten().find(|group| group.guid.to_string() == guid);
        groups.chosen = found.cloned();
        state.texts.remove(&Field::Search);
        return Next::Work(Task::new(
            "Searching Technician Groups…",
            places(setting, String::new()),
        ));
    }
    if let Some(id) = form.get("take") {
        let place = groups.places.iter().flatten().find(|place| place.id.to_string() == id);
        if let (Some(place), Some(ad_group)) = (place, groups.chosen.take()) {
            groups.paths.insert(place.id.to_string(), place.path.clone());
            add(&mut groups.mapped, mapping(ad_group, place.id));
        }
        (groups.found, groups.places) = (None, None);
        state.texts.remove(&Field::Search);
        return Next::Stay;
    }
    let typed = state.text(Field::Search).to_owned();
    match form.get("go") {
        Some("other") => {
            state.groups.chosen = None;
            Next::Stay
        }
        Some("next") => on(state, setting),
        _ if state.groups.chosen.is_some() => {
            Next::Work(Task::new("Searching Technician Groups…", places(setting, typed)))
        }
        _ => Next::Work(Task::new("Searching the directory…", search(setting, typed))),
    }
}

fn on(state: &mut State, setting: Setting) -> Next {
    let Groups { mapped, known, .. } = &state.groups;
    if mapped.is_empty() {
        let field = Some(Field::Search);
        let sentence = "Map at least one AD group: search for it, and choose its Technician Group.";
        state.faults = vec![Fault { field, sentence: sentence.to_owned() }];
        return Next::Stay;
    }
    // Unchanged mappings aren't sent: each change holds the next run.
    let changed = Some(mapped.clone()).filter(|mapped| mapped != known);
    Next::Work(Task::new("Checking everything that a run needs…", put(setting, changed)))
}

async fn put(setting: Setting, changed: Option<Vec<Mapping>>) -> Then {
    if let Some(mappings) = changed {
        let put = async {
            let ready = Ready::of(setting.clone(), Waits::of_a_person())?;
            ready.server.put_mappings(mappings.clone()).await
        };
        if let Err(failure) = put.await {
            return failed(failure, Place::Groups);
        }
        let checked = check::checked(setting).await;
        return Box::new(|state| {
            state.groups.known = mappings;
            checked(state)
        });
    }
    check::checked(setting).await
}

async fn search(setting: Setting, typed: String) -> Then {
    let found = async {
        let trust = connect::trust(&setting.configuration)?;
        let (mut connection, domain) =
            connect::carefully(&setting, &trust.controllers, clock::now()).await?;
        let found = group::search(&mut connection, &domain, &typed).await;
        connection.close().await;
        found
    };
    let found: Result<Vec<AdGroup>> = found.await;
    match found {
        Ok(found) => Box::new(move |state| {
            state.groups.found = Some(found);
            Place::Groups
        }),
        Err(failure) => failed(failure, Place::Groups),
    }
}

async fn places(setting: Setting, typed: String) -> Then {
    let found = async {
        let ready = Ready::of(setting, Waits::of_a_person())?;
        ready.server.groups(&typed).await
    };
    let found: Result<Vec<GroupChoice>> = found.await;
    match found {
        Ok(found) => Box::new(move |state| {
            state.groups.places = Some(found);
            Place::Groups
        }),
        Err(failure) => failed(failure, Place::Groups),
    }
}

pub fn show(state: &State) -> Markup {
    let groups = &state.groups;
    html! {
        @if let Some(ad_group) = &groups.chosen {
            p.lead { "Search for the Technician Group of the members of “" (ad_group.name) "”." }
            (search_field(state, Field::Search))
            @if let Some(places) = &groups.places { (places_found(places)) }
            div.actions { button name="go" value="other" { "Another AD group" } }
        } @else {
            p.lead { "Search for an AD group by its name. Its members, and those of the groups in it, become technicians of the Technician Group." }
            (search_field(state, Field::Search))
            @if let Some(found) = &groups.found { (groups_found(found)) }
        }
        (mapped(groups))
        div.actions { (next("Next")) (back()) }
    }
}

fn groups_found(found: &[AdGroup]) -> Markup {
    let rows = html! {
        @for group in found.iter().take(SHOWN) {
            tr {
                td { (group.name) }
                td { (group.dn) }
                td.num { button name="choose" value=(group.guid) aria-label={ "Choose " (group.name) } { "Choose" } }
            }
        }
    };
    results(found.len(), "AD groups", &["Name", "Distinguished name"], &rows)
}

fn places_found(places: &[GroupChoice]) -> Markup {
    let rows = html! {
        @for place in places.iter().take(SHOWN) {
            tr {
                td { (place.path) }
                td.num { "#" (place.id) }
                td.num { button name="take" value=(place.id) aria-label={ "Choose " (place.path) } { "Choose" } }
            }
        }
    };
    results(places.len(), "Technician Groups", &["Technician Group", "ID"], &rows)
}

fn results(count: usize, what: &str, head: &[&str], rows: &Markup) -> Markup {
    html! {
        section aria-labelledby="results" {
            h2 #results {
                @match count {
                    0 => { "No " (what) " found" }
                    more if more > SHOWN => { (more) " " (what) " found; " (SHOWN) " are shown. Type more of the name to find the others" }
                    _ => { (count) " " (what) " found" }
                }
            }
            @if count > 0 {
                div.table tabindex="0" role="group" aria-labelledby="results" {
                    table {
                        thead { tr { @for head in head { th scope="col" { (head) } } th scope="col" { span.unseen { "Choose" } } } }
                        tbody { (rows) }
                    }
                }
            }
        }
    }
}

fn mapped(groups: &Groups) -> Markup {
    if groups.mapped.is_empty() {
        return html! { p.empty { "No AD group is mapped yet." } };
    }
    html! {
        section aria-labelledby="mapped" {
            h2 #mapped { "Mapped groups" }
            div.table tabindex="0" role="group" aria-labelledby="mapped" {
                table {
                    thead { tr { th scope="col" { "AD group" } th scope="col" { "Technician Group" } th scope="col" { span.unseen { "Remove" } } } }
                    tbody {
                        @for mapping in &groups.mapped {
                            @let id = mapping.technician_group_id.to_string();
                            tr {
                                td { (mapping.ad_group_name) }
                                td { @if let Some(path) = groups.paths.get(&id) { (path) " " } span.dim { "#" (id) } }
                                td.num { button name="drop" value=(mapping.ad_group_guid) aria-label={ "Remove " (mapping.ad_group_name) } { "Remove" } }
                            }
                        }
                    }
                }
            }
            p.hint { "A person in several of these groups belongs to the first." }
        }
    }
}
