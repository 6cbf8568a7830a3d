//! Choosing a new password: because one is due, or because one wants to.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::own::{Again, Asked};
use roster::password::Strength;
use roster::secret::Secret;
use serde::{Deserialize, Serialize};

use crate::ask::fetch;
use crate::browser;
use crate::components::{
    AgainFields, FormFrame, Loaded, PageTitle, PasswordField, Sender, SubmitButton,
};
use crate::error::AppError;

/// What the form must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordDuty {
    /// A new one must be chosen before anything else.
    pub due: bool,
    pub asked: Asked,
    pub strength: Strength,
    /// Whose password it is, for password managers.
    pub email: String,
}

/// The form's fields.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewPasswordForm {
    #[serde(flatten)]
    again: Again,
    password: Secret,
}

/// Whether a new password is due, and what is asked of it.
#[server(prefix = "/api/fn", endpoint = "password_duty", input = Json)]
pub async fn see_password_duty() -> Result<PasswordDuty, AppError> {
    let (operations, caller) = crate::server::context()?;
    let (strength, _) = operations::settings::password_policy(&operations, &caller).await?;
    let due = caller.person().is_some_and(|actor| actor.must_change_password);
    let email = operations::own_account::email(&operations, &caller).await?;
    let asked = operations::own_account::asked_for_password(&operations, &caller).await?;
    Ok(PasswordDuty { due, asked, strength, email })
}

/// Changes the own password; the session goes on under a new token.
#[server(prefix = "/api/fn", endpoint = "change_password")]
pub async fn change_password(form: NewPasswordForm) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    let NewPasswordForm { again, password } = form;
    let renewed =
        operations::own_account::change_password(&operations, &caller, &again, &password).await?;
    crate::server::set_session_cookie(&renewed.token, renewed.seconds)?;
    crate::server::lead_plain_form_to("/");
    Ok(())
}

/// `/choose-password`
#[component]
pub fn ChoosePasswordPage() -> impl IntoView {
    let duty = fetch(|| Ok(SeePasswordDuty {}));
    view! {
        <PageTitle text="Choose a new password"/>
        <main class="plain">
            <p class="brand">"Muster"</p>
            <Loaded from=duty view=|duty| view! { <Choose duty=duty/> }.into_any()/>
        </main>
    }
}

#[component]
fn Choose(duty: PasswordDuty) -> impl IntoView {
    let lead = if duty.due {
        "The password you signed in with was made for you, or is too old by now. Choose one that only you know; then you can go on."
    } else {
        "Your other sessions end when you change your password."
    };
    view! {
        <h1>"Choose a new password"</h1>
        <p class="lead">{lead}</p>
        <NewPassword duty=duty done=Callback::new(|()| browser::load("/"))/>
    }
}

/// The form itself.
#[component]
pub fn NewPassword(duty: PasswordDuty, done: Callback<()>) -> impl IntoView {
    let sender = Sender::<ChangePassword>::new();
    sender.then(move |()| done.run(()));
    let fault = sender.fault();
    let asked = Memo::new(move |before: Option<&Asked>| {
        let before = before.copied().unwrap_or(duty.asked);
        // The sign-in that demands it was a moment ago when the page was loaded, and isn't any more.
        let refused = |key| fault.with(|fault| fault.as_ref().is_some_and(|it| it.is_about(key)));
        Asked {
            password: before.password || refused("currentPassword"),
            code: before.code || refused("code"),
            ..before
        }
    });
    view! {
        <FormFrame id="new-password" sending=*sender>
            // Without a name it isn't sent.
            <input type="email" autocomplete="username" value=duty.email readonly hidden/>
            {move || view! { <AgainFields asked=asked.get()/> }}
            <PasswordField
                label="New password"
                key="password"
                autocomplete="new-password"
                hint=duty.strength.rule()
                required=true
            />
            <div class="actions">
                <SubmitButton label="Change password" waiting="Changing…" pending=sender.pending()/>
            </div>
        </FormFrame>
    }
}
