//! Who administers and gives support, too: their place in the tree, and how it is given up.

use leptos::prelude::*;
use roster::account::Account;

use super::super::functions::LeaveTree;
use crate::components::{FormFrame, Sender, SubmitButton, use_announcer};
use crate::pages::organization::place::Place;
use crate::pages::organization::tree::TreeState;

#[component]
pub fn PlaceInTree(
    account: RwSignal<Account>,
    /// The way to the group.
    place: String,
    reload: Callback<()>,
) -> impl IntoView {
    let Account { id, version, .. } = account.get_untracked();
    let sender = Sender::<LeaveTree>::new();
    let announcer = use_announcer();
    let tree = expect_context::<TreeState>();
    sender.then(move |()| {
        announcer.announce("The place in the tree is given up; its seats are free.");
        tree.refresh(Some(Place::Technician(id)));
        reload.run(());
    });
    view! {
        <FormFrame id="leave-tree" sending=*sender>
            <p class="lead">
                "Gives support in " <b>{place}</b> " as well, and takes the seats of the licences for it."
            </p>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="version" value=version.to_string()/>
            <div class="actions">
                <SubmitButton label="Take out of the tree" waiting="Taking out…" pending=sender.pending()/>
            </div>
        </FormFrame>
    }
}
