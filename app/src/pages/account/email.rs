//! Another email of one's own, for who administers.

use leptos::prelude::*;
use roster::own::{Again, Asked};
use serde::{Deserialize, Serialize};

use crate::components::{AgainFields, FormFrame, Sender, SubmitButton, TextField, use_announcer};
use crate::error::AppError;

/// The form's fields.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EmailForm {
    #[serde(flatten)]
    again: Again,
    email: String,
}

/// Changes the own email.
#[server(prefix = "/api/fn", endpoint = "change_email")]
pub async fn change_email(form: EmailForm) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    let EmailForm { again, email } = form;
    operations::own_account::change_email(&operations, &caller, &again, &email).await?;
    crate::server::lead_plain_form_to("/account");
    Ok(())
}

#[component]
pub fn Email(email: String, asked: Asked, changed: Callback<()>) -> impl IntoView {
    let sender = Sender::<ChangeEmail>::new();
    let announcer = use_announcer();
    sender.then(move |()| {
        announcer.announce("Your email is changed. Your other sessions have ended.");
        changed.run(());
    });
    view! {
        <section aria-labelledby="email">
            <h2 id="email">"Email"</h2>
            <p class="lead">"You sign in with it. Your other sessions end when you change it."</p>
            <FormFrame id="own-email" sending=*sender>
                <TextField
                    label="New email"
                    key="email"
                    value=email
                    inputmode="email"
                    autocomplete="email"
                    required=true
                />
                <AgainFields asked=asked/>
                <div class="actions">
                    <SubmitButton label="Change email" waiting="Changing…" pending=sender.pending()/>
                </div>
            </FormFrame>
        </section>
    }
}
