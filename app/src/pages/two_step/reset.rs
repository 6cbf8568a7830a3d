//! The way back for somebody who lost their app and their codes: a section of their page.

use leptos::prelude::*;
use roster::id::AccountId;

use crate::components::{FormFrame, Sender, SubmitButton, use_announcer};
use crate::error::AppError;

/// Has somebody sign in with the password alone.
#[server(prefix = "/api/fn", endpoint = "two_step_reset")]
pub async fn reset_two_step(id: AccountId) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::two_step::reset(&operations, &caller, id).await?)
}

#[component]
pub fn ResetTwoStepOf(id: AccountId, reload: Callback<()>) -> impl IntoView {
    let sender = Sender::<ResetTwoStep>::new();
    let announcer = use_announcer();
    sender.then(move |()| {
        announcer.announce("Two-step verification is reset. All sessions have ended.");
        reload.run(());
    });
    view! {
        <section aria-labelledby="reset-two-step">
            <h2 id="reset-two-step">"Two-step verification"</h2>
            <p class="lead">
                "For somebody who lost both their app and their recovery codes: they sign in with the password alone, and all their sessions end."
            </p>
            <FormFrame id="two-step-reset" sending=*sender>
                <input type="hidden" name="id" value=id.to_string()/>
                <div class="actions">
                    <SubmitButton label="Reset two-step verification" waiting="Resetting…" pending=sender.pending()/>
                </div>
            </FormFrame>
        </section>
    }
}
