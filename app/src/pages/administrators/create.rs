//! The dialog for a new administrator. They need no place in the tree.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use roster::account::Role;
use roster::fields::Draft;
use roster::password::Strength;
use roster::secret::Secret;
use roster::starting::Created;
use serde::{Deserialize, Serialize};

use super::ADDRESS;
use crate::components::{
    Dialog, FormFrame, SelectField, Sender, Starting, SubmitButton, use_announcer,
};
use crate::error::AppError;
use crate::pages::organization::{Fields, PersonFields, Whose};

/// What the form sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AdministratorForm {
    role: Role,
    name: String,
    nickname: String,
    email: String,
    #[serde(default)]
    password: Secret,
    single_sign_on_id: String,
    #[serde(default)]
    description: String,
}

/// Creates an administrator.
#[server(prefix = "/api/fn", endpoint = "administrator_create")]
pub async fn create_administrator(form: AdministratorForm) -> Result<Created, AppError> {
    let (operations, caller) = crate::server::context()?;
    let draft = Draft {
        name: form.name,
        nickname: form.nickname,
        email: form.email,
        password: Some(form.password.reveal().to_owned()).filter(|text| !text.is_empty()),
        sso_id: form.single_sign_on_id,
        description: form.description,
        enabled: true,
        // Licences come with a place in the tree.
        standard_license: false,
        mobile_license: false,
    };
    let made = operations::administrators::create(&operations, &caller, form.role, draft).await?;
    crate::server::lead_plain_form_to(ADDRESS);
    Ok(made)
}

#[component]
pub fn CreateDialog(strength: Strength) -> impl IntoView {
    let sender = Sender::<CreateAdministrator>::new();
    let announcer = use_announcer();
    let navigate = use_navigate();
    let starting = Starting::get();
    sender.then(move |Created { id, starting: made }| {
        announcer.announce("The administrator is created.");
        starting.set(id, made);
        let address = ["/organization/technicians/", &id.to_string()].concat();
        navigate(&address, NavigateOptions::default());
    });
    let roles = vec![
        (
            Role::Administrator.as_str(),
            Role::Administrator.label(),
            "Administers the groups that are assigned next, with all below them.",
        ),
        (
            Role::Master.as_str(),
            Role::Master.label(),
            "Administers everything, Global Settings and imports included.",
        ),
    ];
    let fields = Signal::stored(Fields::from(Draft::default()));
    view! {
        <Dialog id="create-administrator" title="Create administrator" back=ADDRESS>
            <FormFrame id="new-administrator" sending=*sender>
                <SelectField
                    label="Role"
                    key="role"
                    options=roles
                    value=Signal::stored(Role::Administrator.as_str().to_owned())
                />
                <PersonFields fields=fields strength=strength whose=Whose::New editable=true administers=true/>
                <div class="actions">
                    <SubmitButton label="Create" waiting="Creating…" pending=sender.pending()/>
                    <a class="button" href=ADDRESS data-noscroll="true">"Cancel"</a>
                </div>
            </FormFrame>
        </Dialog>
    }
}
