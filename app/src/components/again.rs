//! What a change of one's own credentials asks again: the second factor or, without one, the password.
//! The same wherever it is asked.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos::task::spawn_local;
use roster::own::Asked;
use roster::passkey::Question;
use roster::secret::Secret;

use super::{PasswordField, TextField};
use crate::ask::ask;
use crate::browser::passkeys;
use crate::error::AppError;

/// The question to the browser for a passkey of the person signed in.
#[server(prefix = "/api/fn", endpoint = "again_ask", input = Json)]
pub async fn ask_again() -> Result<Question, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::own_account::ask_again(&operations, &caller).await?)
}

/// Fields of the form around it, those of `roster::own::Again`.
#[component]
pub fn AgainFields(asked: Asked) -> impl IntoView {
    let given = RwSignal::new(None::<(Secret, String)>);
    let by_passkey = move || given.with(Option::is_some);
    view! {
        {asked
            .password
            .then(|| {
                view! {
                    <PasswordField
                        label="Current password"
                        key="currentPassword"
                        autocomplete="current-password"
                        required=true
                    />
                }
            })}
        {move || {
            (asked.code && !by_passkey())
                .then(|| {
                    view! {
                        <TextField
                            label="Code"
                            key="code"
                            inputmode="numeric"
                            autocomplete="one-time-code"
                            required=true
                            hint="The code that your app shows, or one of your recovery codes."
                        />
                    }
                })
        }}
        {asked.passkey.then(|| view! { <GivePasskey given=given/> })}
    }
}

/// A passkey in place of the code: its answer goes with the form.
#[component]
fn GivePasskey(given: RwSignal<Option<(Secret, String)>>) -> impl IntoView {
    let pending = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    let press = move |_| {
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        fault.set(None);
        spawn_local(async move {
            let answer = answered().await;
            pending.try_set(false);
            match answer {
                Ok(answer) => given.try_set(Some(answer)).map_or((), |_| ()),
                Err(why) => fault.try_set(Some(why)).map_or((), |_| ()),
            }
        });
    };
    view! {
        {move || match given.get() {
            Some((token, answer)) => {
                view! {
                    <p class="hint" role="status">"Your passkey was given."</p>
                    <input type="hidden" name="form[passkeyToken]" value=token.reveal().to_owned()/>
                    <input type="hidden" name="form[passkeyAnswer]" value=answer/>
                }
                .into_any()
            }
            None => {
                view! {
                    <div class="passkey">
                        <button
                            type="button"
                            aria-disabled=move || pending.get().then_some("true")
                            on:click=press
                        >
                            {move || {
                                if pending.get() { "Waiting for your device…" } else { "Use a passkey" }
                            }}
                        </button>
                        <p class="reason" role="alert">{move || fault.get()}</p>
                    </div>
                }
                .into_any()
            }
        }}
    }
}

async fn answered() -> Result<(Secret, String), String> {
    let question = ask(AskAgain {}).await.map_err(|error| error.to_string())?;
    let answer = passkeys::give(&question.options).await?;
    Ok((question.token, answer))
}
