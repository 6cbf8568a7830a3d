//! Starting passwords where they are handed out: one is shown once, in the page in which it was made;
//! many are downloaded once.

use leptos::prelude::*;
use roster::id::AccountId;
use roster::starting::{StartingPassword, Waiting};

use super::{Moment, use_announcer};
use crate::browser;
use crate::text::counted;

/// The one that was made last. It is nowhere else: a reload forgets it.
#[derive(Clone, Copy)]
pub struct Starting(RwSignal<Option<(AccountId, StartingPassword)>>);

impl Starting {
    /// To be called once, by what stands around all pages.
    pub fn provide() {
        provide_context(Self(RwSignal::new(None)));
    }

    #[must_use]
    pub fn get() -> Self {
        expect_context()
    }

    /// Shows it on the page of this account; `None`: none was made, and an older one is over.
    pub fn set(self, id: AccountId, made: Option<StartingPassword>) {
        self.0.set(made.map(|made| (id, made)));
    }
}

/// The starting password of this account, if it was made just now.
#[component]
pub fn StartingShown(id: AccountId) -> impl IntoView {
    let Starting(made) = Starting::get();
    let announcer = use_announcer();
    let copy = move |_| {
        let text = made.with_untracked(|made| {
            made.as_ref().map(|(_, made)| made.password.reveal().to_owned())
        });
        browser::copy(&text.unwrap_or_default(), move |copied| {
            announcer.announce(if copied {
                "The starting password is copied."
            } else {
                "The browser doesn’t give access to its clipboard: select the password and copy it."
            });
        });
    };
    move || {
        let (_, StartingPassword { password, ends_at }) =
            made.get().filter(|(whose, _)| *whose == id)?;
        Some(view! {
            <section class="notice" aria-labelledby="starting-password">
                <h2 id="starting-password">"Starting password"</h2>
                <p>
                    "Give it to the person: it is shown this once, works for one sign-in until "
                    <Moment at=ends_at/> ", and a password of their own is chosen then."
                </p>
                <p class="key">
                    <code tabindex="0" aria-label="Starting password">{password.reveal().to_owned()}</code>
                    <button type="button" on:click=copy>"Copy"</button>
                    <button type="button" class="quiet" on:click=move |_| made.set(None)>"Hide"</button>
                </p>
            </section>
        })
    }
}

/// Those of many, as a file, once.
#[component]
pub fn TakeStartingPasswords(
    waiting: Option<Waiting>,
    /// Where the file is.
    action: String,
) -> impl IntoView {
    let taken = RwSignal::new(false);
    waiting.map(|Waiting { count, ends_at }| {
        view! {
            <section class="notice" aria-labelledby="starting-passwords">
                <h2 id="starting-passwords">
                    {counted(count, "starting password", "starting passwords")}
                </h2>
                <p>
                    "For technicians created without a password: each works for one sign-in, until "
                    <Moment at=ends_at/> ". The file can be downloaded once."
                </p>
                <form method="post" action=action class="actions" on:submit=move |_| taken.set(true)>
                    <button
                        type="submit"
                        aria-disabled=move || taken.get().then_some("true")
                    >
                        "Download starting passwords"
                    </button>
                </form>
                <p role="status">
                    {move || {
                        taken
                            .get()
                            .then_some("It is being downloaded. To replace one that is lost, reset that technician’s password.")
                    }}
                </p>
            </section>
        }
    })
}
