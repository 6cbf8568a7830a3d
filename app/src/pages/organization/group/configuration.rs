//! What a group is called.

use leptos::html;
use leptos::prelude::*;
use roster::group::GroupPage;
use roster::id::GroupId;

use super::NOT_YOURS;
use super::functions::RenameGroup;
use crate::components::{
    FormFrame, Sender, SubmitButton, TextField, use_announcer, warn_of_unsaved,
};
use crate::pages::organization::place::Place;
use crate::pages::organization::tree::TreeState;

#[component]
pub fn Configuration(page: RwSignal<GroupPage>) -> impl IntoView {
    let sender = Sender::<RenameGroup>::new();
    let announcer = use_announcer();
    let tree = expect_context::<TreeState>();
    let (id, editable) = page.with_untracked(|page| (page.id, page.editable));
    let name = Signal::derive(move || page.with(|page| page.name.clone()));
    let version = Signal::derive(move || page.with(|page| page.version));
    sender.then(move |renamed| {
        announcer.announce([renamed.name.as_str(), " is saved."].concat());
        page.set(renamed);
        tree.refresh(Some(Place::Group(id)));
    });
    let form = NodeRef::<html::Form>::new();
    warn_of_unsaved(form, version);
    let root = id == GroupId::ROOT;
    view! {
        <section aria-labelledby="group-configuration">
            <h2 id="group-configuration" class="unseen">"Configuration"</h2>
            <FormFrame id="group" sending=*sender form_ref=form>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="version" value=move || version.get().to_string()/>
                <TextField
                    label="Name"
                    key="name"
                    value=name
                    required=true
                    disabled=!editable
                    hint=if root { "The root of the tree: it carries the organization’s defaults." } else { "Unique among its neighbours; without “/”." }
                />
                {if editable {
                    view! {
                        <div class="actions">
                            <SubmitButton label="Save changes" waiting="Saving…" pending=sender.pending()/>
                        </div>
                    }
                    .into_any()
                } else {
                    view! { <p class="hint">{NOT_YOURS}</p> }.into_any()
                }}
            </FormFrame>
        </section>
    }
}
