//! The first visit: the Master Account Holder and the organization's name, guarded by the one-time
//! code that the server printed.

use leptos::prelude::*;
use roster::password::Strength;
use roster::secret::Secret;
use serde::{Deserialize, Serialize};

use crate::browser;
use crate::components::{FormFrame, PageTitle, PasswordField, Sender, SubmitButton, TextField};
use crate::error::AppError;

/// The form's fields.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetUpForm {
    code: Secret,
    organization: String,
    name: String,
    email: String,
    password: Secret,
}

/// Creates the first account and signs it in.
#[server(prefix = "/api/fn", endpoint = "set_up")]
pub async fn set_up(form: SetUpForm) -> Result<(), AppError> {
    use crate::server::{context, lead_plain_form_to, set_cookies};

    let (operations, caller) = context()?;
    let wish = operations::set_up::SetUp {
        code: Some(form.code),
        organization: form.organization,
        name: form.name,
        email: form.email.clone(),
        password: form.password.clone(),
    };
    operations::set_up::set_up(&operations, &caller, wish).await?;
    let signed_in =
        operations::sign_in::sign_in(&operations, &caller, &form.email, &form.password).await?;
    set_cookies(&signed_in)?;
    lead_plain_form_to("/organization");
    Ok(())
}

/// `/setup`
#[component]
pub fn SetUpPage() -> impl IntoView {
    let sender = Sender::<SetUp>::new();
    sender.then(|()| browser::load("/organization"));
    view! {
        <PageTitle text="Set up"/>
        <main class="plain">
            <p class="brand">"Muster"</p>
            <h1>"Set up your administration center"</h1>
            <p class="lead">
                "You become its Master Account Holder: the one account that may do everything and that nobody else can change."
            </p>
            <FormFrame id="set-up" sending=*sender>
                <TextField
                    label="Set-up code"
                    key="code"
                    autocomplete="one-time-code"
                    hint="The server printed it when it started, where you run it."
                    required=true
                    autofocus=true
                />
                <TextField
                    label="Organization"
                    key="organization"
                    autocomplete="organization"
                    hint="As everybody will see it at the top of each page."
                    required=true
                />
                <TextField label="Name" key="name" autocomplete="name" required=true/>
                <TextField
                    label="Email"
                    key="email"
                    inputmode="email"
                    autocomplete="username"
                    hint="You sign in with it. No mail is sent."
                    required=true
                />
                <PasswordField
                    label="Password"
                    key="password"
                    autocomplete="new-password"
                    hint=Strength::Good.rule()
                    required=true
                />
                <div class="actions">
                    <SubmitButton label="Set up" waiting="Setting up…" pending=sender.pending()/>
                </div>
            </FormFrame>
        </main>
    }
}
