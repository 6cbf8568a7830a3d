//! The dialog for a new group.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use roster::id::GroupId;

use super::functions::CreateGroup;
use crate::components::{Dialog, FormFrame, Sender, SubmitButton, TextField, use_announcer};
use crate::pages::organization::place::Place;

#[component]
pub fn CreateGroupDialog(parent: GroupId, back: String) -> impl IntoView {
    let sender = Sender::<CreateGroup>::new();
    let announcer = use_announcer();
    let navigate = use_navigate();
    sender.then(move |id| {
        announcer.announce("The group is created.");
        navigate(&Place::Group(id).href(), NavigateOptions::default());
    });
    view! {
        <Dialog id="create-group" title="Create group" back=back.clone()>
            <FormFrame id="new-group" sending=*sender>
                <input type="hidden" name="parent" value=parent.to_string()/>
                <TextField
                    label="Name"
                    key="name"
                    required=true
                    autofocus=true
                    hint="Unique among its neighbours; without “/”."
                />
                <div class="actions">
                    <SubmitButton label="Create" waiting="Creating…" pending=sender.pending()/>
                    <a class="button" href=back data-noscroll="true">"Cancel"</a>
                </div>
            </FormFrame>
        </Dialog>
    }
}
