//! `/sign-in/code`: the second step, for who has two-step verification.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use roster::secret::Secret;
use serde::{Deserialize, Serialize};

use super::address;
use super::passkey::PasskeySecond;
use crate::browser;
use crate::components::{FormFrame, PageTitle, Sender, SubmitButton, TextField};
use crate::error::AppError;

/// The form's fields.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeForm {
    code: Secret,
    #[serde(default)]
    next: String,
}

/// Begins the session of a sign-in that waits for its code; answers where to go.
#[server(prefix = "/api/fn", endpoint = "sign_in_code")]
pub async fn sign_in_code(form: CodeForm) -> Result<String, AppError> {
    use crate::server::{context, lead_plain_form_to, session_token, set_cookies};

    let (operations, caller) = context()?;
    let token = session_token().unwrap_or_default();
    let signed_in =
        operations::two_step::confirm(&operations, &caller, &token, form.code.reveal()).await?;
    set_cookies(&signed_in)?;
    let next = super::way_on(&signed_in, form.next);
    lead_plain_form_to(&next);
    Ok(next)
}

#[component]
pub fn SignInCodePage() -> impl IntoView {
    let sender = Sender::<SignInCode>::new();
    sender.then(|next| browser::load(&next));
    let next = use_query_map().with_untracked(|query| query.get("next").unwrap_or_default());
    let again = address(&next);
    view! {
        <PageTitle text="Two-step verification"/>
        <main class="plain">
            <p class="brand">"Muster"</p>
            <h1>"Two-step verification"</h1>
            <p class="lead">"Type the code that your app shows, or one of your recovery codes."</p>
            <PasskeySecond next=next.clone()/>
            <FormFrame id="code" sending=*sender>
                <input type="hidden" name="form[next]" value=next/>
                <TextField label="Code" key="code" inputmode="numeric" autocomplete="one-time-code" required=true autofocus=true/>
                <div class="actions">
                    <SubmitButton label="Continue" waiting="Checking…" pending=sender.pending()/>
                </div>
                <p class="lead"><a href=again>"Sign in as somebody else"</a></p>
            </FormFrame>
        </main>
    }
}
