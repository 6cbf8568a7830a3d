//! How a person gets in: a password and a second step that are reset, sessions that are ended.

use leptos::html;
use leptos::prelude::*;
use roster::id::AccountId;
use roster::session::SessionLine;
use roster::sign_in::Lock;

use super::functions::{
    EndTechnicianSession, EndTechnicianSessions, ResetPassword, SeeTechnicianSessions,
    UnlockTechnician,
};
use crate::ask::fetch;
use crate::components::{
    FormFrame, Loaded, Moment, PasswordField, SendForm, Sender, Starting, SubmitButton,
    announce_faults, use_announcer, warn_of_unsaved,
};
use crate::pages::account::SessionsTable;
use crate::pages::two_step::ResetTwoStepOf;
use crate::text::counted;

#[component]
pub fn Access(
    id: AccountId,
    /// It is who looks.
    own: bool,
    locked: Option<Lock>,
    reload: Callback<()>,
) -> impl IntoView {
    if own {
        return view! {
            <p class="empty">
                "This is your own account: change its password and end its sessions in "
                <a href="/account">"My Account"</a> "."
            </p>
        }
        .into_any();
    }
    let sessions = fetch(move || Ok(SeeTechnicianSessions { id }));
    let again = Callback::new(move |()| sessions.refetch());
    view! {
        {locked.map(|lock| view! { <Locked id=id lock=lock reload=reload/> })}
        <section aria-labelledby="account-password">
            <h2 id="account-password">"Password"</h2>
            <Reset id=id reload=reload/>
        </section>
        <ResetTwoStepOf id=id reload=reload/>
        <section aria-labelledby="sessions">
            <h2 id="sessions">"Sessions"</h2>
            <Loaded
                from=sessions
                view=move |sessions| view! { <Sessions id=id sessions=sessions again=again/> }.into_any()
            />
        </section>
    }
    .into_any()
}

#[component]
fn Locked(id: AccountId, lock: Lock, reload: Callback<()>) -> impl IntoView {
    let sender = Sender::<UnlockTechnician>::new();
    let announcer = use_announcer();
    sender.then(move |()| {
        announcer.announce("Sign-in is unlocked.");
        reload.run(());
    });
    view! {
        <section aria-labelledby="locked">
            <h2 id="locked">"Sign-in is locked"</h2>
            <p class="lead">
                "Locked until " <Moment at=lock.until/> " after "
                {counted(u64::from(lock.failures), "failed sign-in", "failed sign-ins")}
                ". A passkey, or a browser that signed in before, isn’t locked by it."
            </p>
            <FormFrame id="unlock" sending=*sender>
                <input type="hidden" name="id" value=id.to_string()/>
                <div class="actions">
                    <SubmitButton label="Unlock" waiting="Unlocking…" pending=sender.pending()/>
                </div>
            </FormFrame>
        </section>
    }
}

#[component]
fn Reset(id: AccountId, reload: Callback<()>) -> impl IntoView {
    let sender = Sender::<ResetPassword>::new();
    let announcer = use_announcer();
    let form = NodeRef::<html::Form>::new();
    let saves = RwSignal::new(0_i64);
    warn_of_unsaved(form, saves.into());
    let starting = Starting::get();
    sender.then(move |made| {
        starting.set(id, made);
        saves.update(|saves| *saves += 1);
        announcer.announce("The password is reset: a new one is chosen at the next sign-in.");
        reload.run(());
    });
    view! {
        <FormFrame id="reset" sending=*sender form_ref=form>
            <input type="hidden" name="id" value=id.to_string()/>
            <PasswordField
                label="Temporary password"
                key="password"
                autocomplete="new-password"
                hint="Works until the person chooses their own, and expires. Empty: the organization’s default password for a technician, where it works; else Muster makes a starting password and shows it once. All sessions of the person end."
            />
            <div class="actions">
                <SubmitButton label="Reset password" waiting="Resetting…" pending=sender.pending()/>
            </div>
        </FormFrame>
    }
}

#[component]
fn Sessions(id: AccountId, sessions: Vec<SessionLine>, again: Callback<()>) -> impl IntoView {
    let announcer = use_announcer();
    let one = Sender::<EndTechnicianSession>::new();
    one.then(move |()| {
        announcer.announce("The session is ended.");
        again.run(());
    });
    announce_faults(*one);
    let all = Sender::<EndTechnicianSessions>::new();
    all.then(move |ended| {
        announcer.announce(counted(ended, "session is ended.", "sessions are ended."));
        again.run(());
    });
    announce_faults(*all);
    if sessions.is_empty() {
        return view! { <p class="empty">"Signed in nowhere."</p> }.into_any();
    }
    let end = move |session: &SessionLine| {
        let session = session.id;
        view! {
            <SendForm sending=*one>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="session" value=session.to_string()/>
                <button type="submit" class="quiet">"End"</button>
            </SendForm>
        }
        .into_any()
    };
    view! {
        <SessionsTable sessions=sessions end=end/>
        <SendForm sending=*all>
            <input type="hidden" name="id" value=id.to_string()/>
            <button type="submit">"End sessions"</button>
        </SendForm>
    }
    .into_any()
}
