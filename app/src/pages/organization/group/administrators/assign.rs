//! The dialog in which an Administrator is found and assigned.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use roster::administrator::AdministratorLine;
use roster::id::GroupId;

use super::functions::{AssignAdministrator, SearchAdministrators};
use crate::ask::fetch;
use crate::components::{Dialog, Loaded, SendForm, Sender, Typing, announce_faults, use_announcer};

#[component]
pub fn AssignDialog(group: GroupId, back: String, done: Callback<()>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let found = fetch(move || Ok(SearchAdministrators { group, text: text.get() }));
    let sender = Sender::<AssignAdministrator>::new();
    let announcer = use_announcer();
    let navigate = use_navigate();
    let way_back = back.clone();
    sender.then(move |()| {
        announcer.announce("The administrator is assigned.");
        done.run(());
        navigate(&way_back, NavigateOptions { scroll: false, ..Default::default() });
    });
    announce_faults(*sender);
    let typing = Typing::new();
    let type_on = move |event| {
        let wanted = event_target_value(&event);
        typing.typed().then(move || text.set(wanted));
    };
    let list = move |found: Vec<AdministratorLine>| {
        if found.is_empty() {
            return view! { <p class="empty">"No Administrator who could be assigned has this in their name or email."</p> }
                .into_any();
        }
        let lines = found.into_iter().map(|it| line(it, group, sender)).collect_view();
        view! { <ul class="choices">{lines}</ul> }.into_any()
    };
    view! {
        <Dialog id="assign-administrator" title="Assign administrator" back=back>
            <div class="content">
                <div class="field">
                    <label for="administrator-search">"Search administrators"</label>
                    <input
                        type="search"
                        id="administrator-search"
                        autocomplete="off"
                        spellcheck="false"
                        autofocus=true
                        placeholder="Name or email"
                        aria-describedby="administrator-search-hint"
                        on:input=type_on
                    />
                    <p class="hint" id="administrator-search-hint">
                        "Administrators who aren’t assigned to this group yet. A new one is created in "
                        <a href="/settings/administrators">"Administrators"</a> "."
                    </p>
                </div>
                <Loaded from=found view=list/>
            </div>
        </Dialog>
    }
}

fn line(
    found: AdministratorLine,
    group: GroupId,
    sender: Sender<AssignAdministrator>,
) -> impl IntoView {
    let AdministratorLine { id, name, email, enabled, .. } = found;
    let whose = [" ", &name].concat();
    view! {
        <li>
            <span>
                {name}
                {(!enabled).then_some(" (disabled)")}
                <span class="dim">" "{email}</span>
            </span>
            <SendForm sending=*sender>
                <input type="hidden" name="group" value=group.to_string()/>
                <input type="hidden" name="id" value=id.to_string()/>
                <button type="submit">"Assign"<span class="unseen">{whose}</span></button>
            </SendForm>
        </li>
    }
}
