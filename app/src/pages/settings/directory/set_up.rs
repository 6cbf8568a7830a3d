//! How a directory is set up, in three steps, and the password with which new technicians begin.

use leptos::prelude::*;
use roster::id::Timestamp;

use super::tokens::{Generate, Tokens};
use crate::browser;
use crate::components::Moment;

#[component]
pub fn SetUp(tokens: Tokens, ends_at: Option<Timestamp>, may_mint: bool) -> impl IntoView {
    view! {
        <section aria-labelledby="set-up">
            <h2 id="set-up">"Set up a directory"</h2>
            <ol class="set-up">
                <li>
                    <p>"Generate a service token. It is shown once, and is for one directory."</p>
                    <div class="actions"><Generate tokens=tokens may_mint=may_mint/></div>
                </li>
                <li>
                    <p>"Download muster-sync, and unpack it on a machine from which a domain controller can be reached."</p>
                    <div class="actions" role="group" aria-label="Download">
                        <span class="dim" aria-hidden="true">"Download"</span>
                        <a class="button" href="/api/directory/download/linux" download="" rel="external">"Download for Linux"</a>
                        <a class="button" href="/api/directory/download/windows" download="" rel="external">"Download for Windows"</a>
                    </div>
                </li>
                <li>
                    <p>
                        "Run " <code>"muster-sync setup"</code>
                        " there. It asks for the token and the Master Account Holder’s password, for the domain and an account to read it with, and which AD groups go to which Technician Groups. The first run waits here for approval."
                    </p>
                </li>
            </ol>
        </section>
        <section aria-labelledby="default-password">
            <h2 id="default-password">"Default password"</h2>
            <p class="lead">
                "Technicians whom a run creates sign in with it once, and choose their own."
            </p>
            <p><DefaultPassword ends_at=ends_at/></p>
            <p><a href="/settings#password-policies" rel="external">"Password Policies"</a></p>
        </section>
    }
}

/// Whether it works; that its time is over only the browser's clock says.
#[component]
fn DefaultPassword(ends_at: Option<Timestamp>) -> impl IntoView {
    let over = RwSignal::new(false);
    Effect::new(move || over.set(ends_at.is_some_and(|end| end.0 <= browser::now())));
    match ends_at {
        None => "No default password is set: whom a run creates can’t sign in until one is."
            .into_any(),
        Some(end) => view! {
            {move || if over.get() { "It stopped working " } else { "It is set, and stops working " }}
            <Moment at=end/>
            {move || if over.get() { ": whom a run creates can’t sign in until another is set." } else { "." }}
        }
        .into_any(),
    }
}
