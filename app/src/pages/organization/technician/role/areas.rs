//! The groups that are assigned to an Administrator: found, added, taken away.

use leptos::prelude::*;
use roster::group::GroupPath;
use roster::id::{AccountId, GroupId};

use super::super::functions::SeeAreas;
use crate::ask::fetch;
use crate::components::{Loaded, SendForm, Sender, announce_faults, use_announcer};
use crate::pages::group_search::GroupSearch;
use crate::pages::organization::group::administrators::functions::{
    AssignAdministrator, UnassignAdministrator,
};
use crate::pages::organization::place::Place;

/// What can be done with the groups.
#[derive(Clone, Copy)]
struct Areas {
    id: AccountId,
    remove: Sender<UnassignAdministrator>,
    /// The group that is being taken away.
    removed: StoredValue<Option<GroupId>>,
}

#[component]
pub fn AssignedGroups(id: AccountId, editable: bool) -> impl IntoView {
    let found = fetch(move || Ok(SeeAreas { id }));
    let announcer = use_announcer();
    let chosen = RwSignal::new(None::<GroupPath>);
    let assign = Sender::<AssignAdministrator>::new();
    assign.then(move |()| {
        announcer.announce("The group is assigned.");
        chosen.set(None);
        found.refetch();
    });
    announce_faults(*assign);
    let remove = Sender::<UnassignAdministrator>::new();
    let areas = Areas { id, remove, removed: StoredValue::new(None) };
    remove.then(move |()| {
        let undo = Callback::new(move |()| {
            if let Some(group) = areas.removed.get_value() {
                assign.send_state(["group=", &group.to_string(), "&id=", &id.to_string()].concat());
            }
        });
        announcer.announce_with_undo("The group is taken away.", undo);
        found.refetch();
    });
    announce_faults(*remove);
    let group = move || chosen.with(|path| path.as_ref()?.0.last().map(|step| step.id.to_string()));
    view! {
        <Loaded from=found view=move |found| list(found, editable.then_some(areas))/>
        {editable.then(|| view! {
            <SendForm sending=*assign class="form">
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="group" value=move || group().unwrap_or_default()/>
                <GroupSearch
                    id="area-group"
                    label="Group to assign"
                    hint="Type a part of the name, or the ID; with the group all below it is assigned"
                    chosen=chosen
                    fault=Signal::stored(None::<String>)
                    disabled=assign.pending()
                    choose=move |path| chosen.set(path)
                />
                <div class="actions">
                    <button
                        type="submit"
                        disabled=move || chosen.with(Option::is_none) || assign.pending().get()
                    >
                        "Assign group"
                    </button>
                </div>
            </SendForm>
        })}
    }
}

fn list(found: Vec<GroupPath>, areas: Option<Areas>) -> AnyView {
    if found.is_empty() {
        return view! { <p class="empty">"No group is assigned yet."</p> }.into_any();
    }
    let line = move |path: GroupPath| {
        let group = path.0.last()?.id;
        let href = [&Place::Group(group).href(), "?view=administrators"].concat();
        let label = path.label();
        let whose = [" ", &label].concat();
        Some(view! {
            <li>
                <a href=href>{label}</a>
                {areas.map(|Areas { id, remove, removed }| view! {
                    <SendForm sending=*remove>
                        <input type="hidden" name="group" value=group.to_string()/>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <button
                            type="submit"
                            class="quiet"
                            on:click=move |_| removed.set_value(Some(group))
                        >
                            "Remove"<span class="unseen">{whose}</span>
                        </button>
                    </SendForm>
                })}
            </li>
        })
    };
    view! {
        <ul class="choices">{found.into_iter().filter_map(line).collect_view()}</ul>
        <p class="hint">"Each with all groups below it."</p>
    }
    .into_any()
}
