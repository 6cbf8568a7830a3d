//! What a group asks of everybody in it: the group's Settings.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::id::GroupId;
use roster::two_step::GroupTwoStep;
use serde::{Deserialize, Serialize};

use crate::ask::fetch;
use crate::components::{CheckField, FormFrame, Loaded, Sender, SubmitButton, use_announcer};
use crate::error::AppError;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GroupForm {
    #[serde(default)]
    asks: bool,
}

/// Whether a group asks for it.
#[server(prefix = "/api/fn", endpoint = "two_step_of_group", input = Json)]
pub async fn see_group_two_step(id: GroupId) -> Result<GroupTwoStep, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::two_step::of_group(&operations, &caller, id).await?)
}

/// Has it ask, or not.
#[server(prefix = "/api/fn", endpoint = "two_step_of_group_set")]
pub async fn set_group_two_step(
    id: GroupId,
    // An unchecked box alone is no form.
    #[server(default)] form: Option<GroupForm>,
) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    let asks = form.is_some_and(|form| form.asks);
    Ok(operations::two_step::set_of_group(&operations, &caller, id, asks).await?)
}

#[component]
pub fn TwoStepOfGroup(id: GroupId) -> impl IntoView {
    let data = fetch(move || Ok(SeeGroupTwoStep { id }));
    view! {
        <section aria-labelledby="group-two-step">
            <h2 id="group-two-step">"Two-step verification"</h2>
            <Loaded from=data view=move |now| view! { <Form id=id now=now/> }.into_any()/>
        </section>
    }
}

#[component]
fn Form(id: GroupId, now: GroupTwoStep) -> impl IntoView {
    let sender = Sender::<SetGroupTwoStep>::new();
    let announcer = use_announcer();
    sender.then(move |()| announcer.announce("Two-step verification is saved."));
    view! {
        {now.asked_above
            .then(|| view! { <p class="lead">"A group above asks for it: it holds here, too."</p> })}
        <FormFrame id="group-two-step-form" sending=*sender>
            <input type="hidden" name="id" value=id.to_string()/>
            <CheckField
                label="Everybody here must have it"
                key="asks"
                checked=now.asks
                disabled=now.held_by_master
                hint="In this group and those below it. Technicians without it must set it up before they can go on."
            />
            {if now.held_by_master {
                view! {
                    <p class="hint">
                        "A Master Administrator requires it here; only a Master Administrator can lift it."
                    </p>
                }
                    .into_any()
            } else {
                view! {
                    <div class="actions">
                        <SubmitButton label="Save" waiting="Saving…" pending=sender.pending()/>
                    </div>
                }
                    .into_any()
            }}
        </FormFrame>
    }
}
