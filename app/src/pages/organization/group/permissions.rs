//! What a group allows: each permission's setting, what holds and where that comes from. Nothing is
//! saved until one says so, and before that it is told what changes for whom.

mod functions;
mod row;
mod state;
mod what_changes;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use roster::fault::Fault;
use roster::id::GroupId;
use roster::permission::GroupPermissions;

use self::functions::{SeeGroupPermissions, SetGroupPermissions};
use self::row::row;
use self::state::State;
use self::what_changes::WhatChanges;
use super::NOT_YOURS;
use crate::ask::{fetch, look};
use crate::components::{
    Conflicts, FormFrame, Loaded, Sender, SubmitButton, use_announcer, warn_of_unsaved,
};

#[component]
pub fn Permissions(group: GroupId) -> impl IntoView {
    let page = fetch(move || Ok(SeeGroupPermissions { id: group }));
    view! {
        <section aria-labelledby="group-permissions">
            <h2 id="group-permissions" class="unseen">"Permissions"</h2>
            <Loaded from=page view=|page| view! { <Form page=page/> }.into_any()/>
        </section>
    }
}

#[component]
fn Form(page: GroupPermissions) -> impl IntoView {
    let (id, editable) = (page.group.id, page.editable);
    let state = State::new(page);
    let sender = Sender::<SetGroupPermissions>::new();
    let announcer = use_announcer();
    sender.then(move |page| {
        let name = page.group.name.clone();
        state.saved(page);
        announcer.announce(["The permissions of ", &name, " are saved."].concat());
    });
    let fault = sender.fault();
    Effect::new(move || {
        if fault.with(|fault| matches!(fault, Some(Fault::Conflict { .. }))) {
            spawn_local(async move {
                if let Ok(theirs) = look(SeeGroupPermissions { id }).await {
                    state.meet(theirs);
                }
            });
        }
    });
    let form = NodeRef::<html::Form>::new();
    warn_of_unsaved(form, state.saves.into());
    view! {
        <FormFrame id="permissions" sending=*sender form_ref=form>
            <Conflicts differences=state.differences choose=move |(at, mine)| state.choose(at, mine)/>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="seen" value=move || state.seen()/>
            <Table state=state/>
            {if editable {
                view! {
                    <div class="actions sticky">
                        <WhatChanges state=state/>
                        <SubmitButton label="Save changes" waiting="Saving…" pending=sender.pending()/>
                    </div>
                }
                .into_any()
            } else {
                view! { <p class="hint">{NOT_YOURS}</p> }.into_any()
            }}
        </FormFrame>
    }
}

#[component]
fn Table(state: State) -> impl IntoView {
    let rows = move || {
        // The lines come in the order of their areas.
        let mut area = "";
        state.page.with(|page| {
            page.lines
                .iter()
                .map(|line| {
                    let permission = line.permission();
                    let heading = (permission.area() != area).then(|| permission.area());
                    area = permission.area();
                    let heading = heading.map(|area| {
                        view! {
                            <tr class="area">
                                <th scope="colgroup" colspan="5">{area}</th>
                            </tr>
                        }
                    });
                    view! { {heading} {row(state, page, line)} }
                })
                .collect_view()
        })
    };
    view! {
        <section class="table" aria-label="Table of permissions" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Permission"</th>
                        <th scope="col">"Setting"</th>
                        <th scope="col">"Value"</th>
                        <th scope="col">"From"</th>
                        <th scope="col">"Lock"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}
