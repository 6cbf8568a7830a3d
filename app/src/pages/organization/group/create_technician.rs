//! The dialog for a new technician.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use roster::fields::Draft;
use roster::id::GroupId;
use roster::password::Strength;
use roster::starting::Created;

use super::functions::CreateTechnician;
use crate::components::{Dialog, FormFrame, Sender, Starting, SubmitButton, use_announcer};
use crate::pages::organization::place::Place;
use crate::pages::organization::technician_form::{Fields, TechnicianFields, Whose};

#[component]
pub fn CreateTechnicianDialog(group: GroupId, strength: Strength, back: String) -> impl IntoView {
    let sender = Sender::<CreateTechnician>::new();
    let announcer = use_announcer();
    let navigate = use_navigate();
    let starting = Starting::get();
    sender.then(move |Created { id, starting: made }| {
        announcer.announce("The technician is created.");
        starting.set(id, made);
        navigate(&Place::Technician(id).href(), NavigateOptions::default());
    });
    let fields = Signal::stored(Fields::from(Draft::default()));
    view! {
        <Dialog id="create-technician" title="Create technician" back=back.clone()>
            <FormFrame id="new-technician" sending=*sender>
                <input type="hidden" name="group" value=group.to_string()/>
                <TechnicianFields fields=fields strength=strength whose=Whose::New editable=true/>
                <div class="actions">
                    <SubmitButton label="Create" waiting="Creating…" pending=sender.pending()/>
                    <a class="button" href=back data-noscroll="true">"Cancel"</a>
                </div>
            </FormFrame>
        </Dialog>
    }
}
