//! *Sign in with a passkey*: without a password, or in place of the code after it.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos::task::spawn_local;
use roster::passkey::Question;
use roster::secret::Secret;
use roster::two_step::AwaitedHere;
use serde::{Deserialize, Serialize};

use crate::ask::{ask, decoded, fetch};
use crate::browser::{self, passkeys};
use crate::error::AppError;

/// Whether there are passkeys for who came by this address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasskeysHere {
    Offered,
    /// They work at another address, in a sentence.
    Elsewhere(String),
    None,
}

#[server(prefix = "/api/fn", endpoint = "sign_in_passkeys", input = Json)]
pub async fn see_passkeys() -> Result<PasskeysHere, AppError> {
    use roster::passkey::NoPasskeys;

    let (operations, _) = crate::server::context()?;
    let here = match operations.passkeys_at(&crate::server::host()) {
        Ok(()) => PasskeysHere::Offered,
        Err(why @ NoPasskeys::Elsewhere(_)) => PasskeysHere::Elsewhere(why.to_string()),
        Err(NoPasskeys::NoAddress | NoPasskeys::IpAddress) => PasskeysHere::None,
    };
    // Nobody is asked; a server function waits all the same.
    Ok(std::future::ready(here).await)
}

/// What the browser is asked for a sign-in with a passkey alone.
#[server(prefix = "/api/fn", endpoint = "sign_in_passkey_ask", input = Json)]
pub async fn ask_passkey() -> Result<Question, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::passkeys::ask(&operations, &caller).await?)
}

/// Begins a session with the browser's answer; answers where to go.
#[server(prefix = "/api/fn", endpoint = "sign_in_passkey", input = Json)]
pub async fn sign_in_passkey(
    token: Secret,
    answer: String,
    next: String,
) -> Result<String, AppError> {
    let (operations, caller) = crate::server::context()?;
    let signed_in = operations::passkeys::sign_in(&operations, &caller, &token, &answer).await?;
    crate::server::set_cookies(&signed_in)?;
    Ok(super::way_on(&signed_in, next))
}

/// By what the sign-in that waits can go on, beside a code.
#[server(prefix = "/api/fn", endpoint = "sign_in_awaited", input = Json)]
pub async fn see_awaited() -> Result<AwaitedHere, AppError> {
    let (operations, caller) = crate::server::context()?;
    let waiting = crate::server::session_token().unwrap_or_default();
    let awaited = operations::two_step::awaited(&operations, &caller, &waiting).await?;
    if !awaited.passkey {
        return Ok(AwaitedHere::default());
    }
    let why_not = operations.passkeys_at(&crate::server::host()).err().map(|why| why.to_string());
    Ok(AwaitedHere { passkey: why_not.is_none(), why_not })
}

/// What the browser is asked after the password.
#[server(prefix = "/api/fn", endpoint = "sign_in_second_ask", input = Json)]
pub async fn ask_second_passkey() -> Result<Question, AppError> {
    let (operations, caller) = crate::server::context()?;
    let waiting = crate::server::session_token().unwrap_or_default();
    Ok(operations::passkeys::ask_second(&operations, &caller, &waiting).await?)
}

/// Begins the session of a sign-in that waits with the browser's answer; answers where to go.
#[server(prefix = "/api/fn", endpoint = "sign_in_second", input = Json)]
pub async fn sign_in_second_passkey(
    token: Secret,
    answer: String,
    next: String,
) -> Result<String, AppError> {
    let (operations, caller) = crate::server::context()?;
    let waiting = crate::server::session_token().unwrap_or_default();
    let signed_in =
        operations::passkeys::confirm(&operations, &caller, &waiting, &token, &answer).await?;
    crate::server::set_cookies(&signed_in)?;
    Ok(super::way_on(&signed_in, next))
}

/// Where to go, or why not, in a sentence.
type Going = Pin<Box<dyn Future<Output = Result<String, String>>>>;

fn alone(next: String) -> Going {
    Box::pin(async move {
        let question = ask(AskPasskey {}).await.map_err(|error| error.to_string())?;
        let answer = passkeys::give(&question.options).await?;
        let token = question.token;
        ask(SignInPasskey { token, answer, next }).await.map_err(|error| error.to_string())
    })
}

fn second(next: String) -> Going {
    Box::pin(async move {
        let question = ask(AskSecondPasskey {}).await.map_err(|error| error.to_string())?;
        let answer = passkeys::give(&question.options).await?;
        let token = question.token;
        ask(SignInSecondPasskey { token, answer, next }).await.map_err(|error| error.to_string())
    })
}

/// On `/sign-in`, where there are passkeys.
#[component]
pub fn PasskeyAlone(next: String) -> impl IntoView {
    let offered = fetch(|| Ok(SeePasskeys {}));
    view! {
        <Suspense>
            {move || {
                let next = next.clone();
                Suspend::new(async move {
                    let here = offered.text().await.and_then(|text| decoded::<PasskeysHere>(&text));
                    match here {
                        Ok(PasskeysHere::Offered) => Some(
                            view! { <PasskeyButton label="Sign in with a passkey" go=alone next=next/> }
                                .into_any(),
                        ),
                        Ok(PasskeysHere::Elsewhere(why)) => {
                            Some(view! { <p class="hint">{why}</p> }.into_any())
                        }
                        Ok(PasskeysHere::None) | Err(_) => None,
                    }
                })
            }}
        </Suspense>
    }
}

/// On `/sign-in/code`, for who has one.
#[component]
pub fn PasskeySecond(next: String) -> impl IntoView {
    let awaited = fetch(|| Ok(SeeAwaited {}));
    view! {
        <Suspense>
            {move || {
                let next = next.clone();
                Suspend::new(async move {
                    let here = awaited.text().await.and_then(|text| decoded::<AwaitedHere>(&text));
                    let AwaitedHere { passkey, why_not } = here.unwrap_or_default();
                    view! {
                        {passkey
                            .then(|| {
                                view! { <PasskeyButton label="Use a passkey" go=second next=next/> }
                            })}
                        {why_not.map(|why| view! { <p class="hint">{why}</p> })}
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn PasskeyButton(label: &'static str, go: fn(String) -> Going, next: String) -> impl IntoView {
    let pending = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    let press = move |_| {
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        fault.set(None);
        let next = next.clone();
        spawn_local(async move {
            match go(next).await {
                Ok(next) => browser::load(&next),
                Err(why) => {
                    pending.try_set(false);
                    fault.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <div class="passkey">
            <button
                type="button"
                aria-disabled=move || pending.get().then_some("true")
                on:click=press
            >
                {move || if pending.get() { "Waiting for your device…" } else { label }}
            </button>
            <p class="reason" role="alert">{move || fault.get()}</p>
        </div>
    }
}
