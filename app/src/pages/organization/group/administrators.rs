//! Who administers a group: those assigned to it and, from the groups above, those who have it with
//! all below.

mod assign;
pub(in crate::pages::organization) mod functions;

use leptos::prelude::*;
use roster::administrator::{Assignment, GroupAdministrators};
use roster::id::GroupId;

use self::assign::AssignDialog;
use self::functions::{AssignAdministrator, SeeGroupAdministrators, UnassignAdministrator};
use crate::ask::fetch;
use crate::components::{
    AddressButton, Chip, Loaded, SendForm, Sender, Tone, announce_faults, use_announcer,
};
use crate::pages::organization::place::Place;

/// `?view=administrators`, and `?assign=administrator` with the dialog open.
#[component]
pub fn Administrators(group: GroupId, #[prop(into)] assigns: Signal<bool>) -> impl IntoView {
    let found = fetch(move || Ok(SeeGroupAdministrators { group }));
    let reload = Callback::new(move |()| found.refetch());
    let page = Place::Group(group).href();
    let back = [&page, "?view=administrators"].concat();
    view! {
        <section aria-labelledby="group-administrators">
            <h2 id="group-administrators" class="unseen">"Administrators"</h2>
            <div class="bar">
                <AddressButton label="Assign administrator" path=page query=("assign", "administrator")/>
            </div>
            <Loaded
                from=found
                view=move |found| view! { <Lists group=group found=found reload=reload/> }.into_any()
            />
        </section>
        {move || {
            assigns.get().then(|| view! { <AssignDialog group=group back=back.clone() done=reload/> })
        }}
    }
}

#[component]
fn Lists(group: GroupId, found: GroupAdministrators, reload: Callback<()>) -> impl IntoView {
    let GroupAdministrators { path, assignments } = found;
    let (here, above): (Vec<_>, Vec<_>) =
        assignments.into_iter().partition(|assignment| assignment.group == group);
    let announcer = use_announcer();
    // Whom one took away a moment ago.
    let removed = expect_context::<Removed>().0;
    let remove = Sender::<UnassignAdministrator>::new();
    remove.then(move |()| reload.run(()));
    announce_faults(*remove);
    let undo = Sender::<AssignAdministrator>::new();
    undo.then(move |()| {
        removed.set(None);
        reload.run(());
        announcer.announce("It is as it was before.");
    });
    announce_faults(*undo);
    let undone = move || {
        removed.get().filter(|(_, from)| *from == group).map(|(person, _)| {
            view! {
                <div class="undo" role="status">
                    <span>{person.name.clone()}" no longer administers this group."</span>
                    <SendForm sending=*undo>
                        <input type="hidden" name="group" value=group.to_string()/>
                        <input type="hidden" name="id" value=person.id.to_string()/>
                        <button type="submit" class="quiet">"Undo"</button>
                    </SendForm>
                </div>
            }
        })
    };
    let line = move |assignment: Assignment| {
        let (id, whose, gone) = (assignment.id, assignment.name.clone(), assignment.clone());
        let last = view! {
            <SendForm sending=*remove>
                <input type="hidden" name="group" value=group.to_string()/>
                <input type="hidden" name="id" value=id.to_string()/>
                <button type="submit" class="quiet" on:click=move |_| removed.set(Some((gone.clone(), group)))>
                    "Remove"
                    <span class="unseen">" "{whose}</span>
                </button>
            </SendForm>
        };
        person(assignment, last.into_any())
    };
    let from_above = move |assignment: Assignment| {
        let name =
            path.0.iter().find(|step| step.id == assignment.group).map(|step| step.name.clone());
        let href = [&Place::Group(assignment.group).href(), "?view=administrators"].concat();
        person(assignment, view! { <a href=href>{name}</a> }.into_any())
    };
    view! {
        {undone}
        <section aria-labelledby="assigned-here">
            <h3 id="assigned-here">"Assigned to this group"</h3>
            {if here.is_empty() {
                view! { <p class="empty">"Nobody is assigned to this group itself."</p> }.into_any()
            } else {
                table("Table of administrators assigned here", "Remove", here.into_iter().map(line).collect())
            }}
        </section>
        <section aria-labelledby="assigned-above">
            <h3 id="assigned-above">"From the groups above"</h3>
            {if above.is_empty() {
                view! { <p class="empty">"Nobody is assigned to a group above this one."</p> }.into_any()
            } else {
                table("Table of administrators from above", "From", above.into_iter().map(from_above).collect())
            }}
        </section>
        <p class="hint">
            "Who is assigned to a group administers all below it, too. Master Administrators administer every group."
        </p>
    }
}

/// Whom one took away from which group, while the page is open.
#[derive(Clone, Copy)]
pub struct Removed(RwSignal<Option<(Assignment, GroupId)>>);

impl Removed {
    /// To be called by the page, whose lists come and go.
    pub fn provide() {
        provide_context(Self(RwSignal::new(None)));
    }
}

fn table(label: &'static str, last: &'static str, rows: Vec<AnyView>) -> AnyView {
    let last = if last == "Remove" {
        view! { <span class="unseen">{last}</span> }.into_any()
    } else {
        last.into_any()
    };
    view! {
        <section class="table narrow" aria-label=label tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Email"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">{last}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn person(assignment: Assignment, last: AnyView) -> AnyView {
    let (tone, status) =
        if assignment.enabled { (Tone::Good, "Enabled") } else { (Tone::Plain, "Disabled") };
    view! {
        <tr>
            <td>
                <a href=Place::Technician(assignment.id).href()>{assignment.name}</a>
            </td>
            <td>{assignment.email}</td>
            <td><Chip tone=tone text=status/></td>
            <td>{last}</td>
        </tr>
    }
    .into_any()
}
