//! What an account administers: its role, the groups that are assigned to it, and the place in the
//! tree that it may have beside.

mod areas;
mod place;

use leptos::prelude::*;
use roster::account::{Account, PasswordState, Role};
use roster::group::GroupPath;

use self::areas::AssignedGroups;
use self::place::PlaceInTree;
use super::functions::ChangeRole;
use crate::components::{
    FormFrame, PasswordField, SelectField, Sender, Starting, SubmitButton, use_announcer,
};
use crate::pages::group_search::GroupSearch;

#[component]
pub fn RoleAndGroups(
    account: RwSignal<Account>,
    /// Why the role can't be changed.
    refusal: Option<String>,
    /// The way to the group that they are in.
    place: Option<String>,
    reload: Callback<()>,
) -> impl IntoView {
    let Account { id, role, .. } = account.get_untracked();
    let editable = refusal.is_none();
    let place = place.filter(|_| editable && role != Role::Technician);
    view! {
        <section aria-labelledby="role">
            <h2 id="role">"Role"</h2>
            {match refusal {
                Some(why) => view! { <p>{role.label()}</p> <p class="hint">{why}</p> }.into_any(),
                None => view! { <Form account=account reload=reload/> }.into_any(),
            }}
        </section>
        <section aria-labelledby="areas">
            <h2 id="areas">"Administers"</h2>
            {match role {
                Role::Technician => view! { <p class="empty">"Technicians administer nothing."</p> }.into_any(),
                Role::Master | Role::Holder => view! { <p>"Every group."</p> }.into_any(),
                Role::Administrator => {
                    view! { <AssignedGroups id=id editable=editable/> }.into_any()
                }
            }}
        </section>
        {place.map(|place| view! {
            <section aria-labelledby="place">
                <h2 id="place">"Place in the tree"</h2>
                <PlaceInTree account=account place=place reload=reload/>
            </section>
        })}
    }
}

#[component]
fn Form(account: RwSignal<Account>, reload: Callback<()>) -> impl IntoView {
    let Account { id, role, group, version, password, .. } = account.get_untracked();
    let sender = Sender::<ChangeRole>::new();
    let announcer = use_announcer();
    let starting = Starting::get();
    sender.then(move |made| {
        starting.set(id, made);
        announcer.announce("The role is changed.");
        reload.run(());
    });
    let option = |role: Role, meaning| (role.as_str(), role.label(), meaning);
    let options = vec![
        option(Role::Technician, "Gives support; administers nothing."),
        option(Role::Administrator, "Administers the groups that are assigned."),
        option(Role::Master, "Administers everything, Global Settings and imports included."),
    ];
    view! {
        <FormFrame id="role-form" sending=*sender>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="version" value=version.to_string()/>
            <SelectField
                label="Role"
                key="role"
                options=options
                value=Signal::stored(role.as_str().to_owned())
            />
            {group.is_none().then(|| view! { <PlaceField/> })}
            {(password != PasswordState::Own)
                .then(|| {
                    view! {
                        <PasswordField
                            label="Temporary password"
                            key="password"
                            autocomplete="new-password"
                            hint="The present one was not chosen by the person, and others may know it: with a higher role they get another, and all their sessions end. Empty: Muster makes a starting password and shows it once."
                        />
                    }
                })}
            <div class="actions">
                <SubmitButton label="Change role" waiting="Changing…" pending=sender.pending()/>
            </div>
        </FormFrame>
    }
}

/// Where somebody without a place goes who becomes a technician.
#[component]
fn PlaceField() -> impl IntoView {
    let chosen = RwSignal::new(None::<GroupPath>);
    let choose = move |path: Option<GroupPath>| chosen.set(path);
    let id = move || chosen.with(|path| path.as_ref()?.0.last().map(|step| step.id.to_string()));
    view! {
        <input type="hidden" name="form[group]" value=move || id().unwrap_or_default()/>
        <GroupSearch
            id="role-form-group"
            label="Technician Group"
            hint="Needed for a technician alone"
            chosen=chosen
            fault=Signal::stored(None::<String>)
            disabled=Signal::stored(false)
            choose=choose
        />
    }
}
