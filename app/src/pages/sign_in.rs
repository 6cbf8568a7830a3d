//! The way in.

pub mod code;
pub mod passkey;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use roster::secret::Secret;
use serde::{Deserialize, Serialize};

use self::passkey::PasskeyAlone;
use crate::browser;
use crate::components::{FormFrame, PageTitle, PasswordField, Sender, SubmitButton, TextField};
use crate::error::AppError;
use crate::text::escaped;

/// The form's fields.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignInForm {
    email: String,
    password: Secret,
    /// The address that was asked for.
    #[serde(default)]
    next: String,
}

/// Begins a session; answers where to go.
#[server(prefix = "/api/fn", endpoint = "sign_in")]
pub async fn sign_in(form: SignInForm) -> Result<String, AppError> {
    use crate::server::{context, lead_plain_form_to, set_cookies};

    let (operations, caller) = context()?;
    let signed_in =
        operations::sign_in::sign_in(&operations, &caller, &form.email, &form.password).await?;
    set_cookies(&signed_in)?;
    let next = way_on(&signed_in, form.next);
    lead_plain_form_to(&next);
    Ok(next)
}

/// Where a sign-in leads: to the next step, to what is due, to the address that was asked for.
#[cfg(feature = "ssr")]
pub(super) fn way_on(signed_in: &operations::sign_in::SignedIn, next: String) -> String {
    // The server knows where each role begins.
    let next = if is_ours(&next) { next } else { "/".to_owned() };
    if signed_in.waits_for_code {
        ["/sign-in/code?next=", &escaped(&next)].concat()
    } else if signed_in.must_change_password {
        "/choose-password".to_owned()
    } else if signed_in.two_step_due {
        "/account/two-step".to_owned()
    } else {
        next
    }
}

/// An address of this server and nobody else's: browsers take "//" and "/\" for another host, and
/// pass over control characters.
#[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "decided on the server"))]
fn is_ours(address: &str) -> bool {
    let plain = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    plain && address.starts_with('/') && !address.starts_with("//")
}

/// The sign-in page that leads back to this address.
#[must_use]
pub fn address(next: &str) -> String {
    ["/sign-in?next=", &escaped(next)].concat()
}

/// `/sign-in`
#[component]
pub fn SignInPage() -> impl IntoView {
    let sender = Sender::<SignIn>::new();
    sender.then(|next| browser::load(&next));
    let next = use_query_map().with_untracked(|query| query.get("next").unwrap_or_default());
    let way = next.clone();
    view! {
        <PageTitle text="Sign in"/>
        <main class="plain">
            <p class="brand">"Muster"</p>
            <h1>"Sign in"</h1>
            <FormFrame id="sign-in" sending=*sender>
                <input type="hidden" name="form[next]" value=next/>
                <TextField label="Email" key="email" inputmode="email" autocomplete="username" required=true autofocus=true/>
                <PasswordField label="Password" key="password" autocomplete="current-password" required=true/>
                <div class="actions">
                    <SubmitButton label="Sign in" waiting="Signing in…" pending=sender.pending()/>
                </div>
            </FormFrame>
            <PasskeyAlone next=way/>
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_addresses_are_gone_to() {
        for ours in ["/", "/organization/groups/7?q=a%20b"] {
            assert!(is_ours(ours), "{ours}");
        }
        for strange in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/a b",
        ] {
            assert!(!is_ours(strange), "{strange:?}");
        }
    }

    #[test]
    fn the_way_back_is_escaped() {
        assert_eq!(address("/organization?q=a&b"), "/sign-in?next=/organization%3Fq%3Da%26b");
    }
}
