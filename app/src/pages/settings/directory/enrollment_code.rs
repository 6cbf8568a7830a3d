//! A code with which the Master Account Holder enrolls a directory where theirs can't be given: a passkey
//! answers to a browser alone.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use roster::directory::view::EnrollmentCode;
use roster::own::Asked;

use super::ADDRESS;
use super::functions::CreateEnrollmentCode;
use crate::browser;
use crate::components::{
    AddressButton, AgainFields, CopyButton, Dialog, FormFrame, Moment, Sender, SubmitButton,
};

/// The button; `asked` is what is asked again of who may enroll a directory.
#[component]
pub fn MakeEnrollmentCode(asked: Option<Asked>) -> impl IntoView {
    let refusal = match asked {
        None => Some("Only the Master Account Holder enrolls a directory."),
        Some(Asked { code: false, .. }) => {
            Some("Your account has no two-step verification: “muster-sync setup” asks for no code.")
        }
        Some(_) => None,
    };
    view! {
        <AddressButton
            label="Make an enrollment code"
            path=ADDRESS
            query=("dialog", "code")
            refusal=refusal
        />
    }
}

/// Its dialog, where the address asks for it.
#[component]
pub fn EnrollmentCodeDialog(asked: Option<Asked>) -> impl IntoView {
    let query = use_query_map();
    let shown = Memo::new(move |_| query.with(|query| query.get_str("dialog") == Some("code")));
    move || {
        let asked = asked.filter(|asked| asked.code && shown.get())?;
        Some(view! { <Making asked=asked/> })
    }
}

#[component]
fn Making(asked: Asked) -> impl IntoView {
    let sender = Sender::<CreateEnrollmentCode>::new();
    let made = RwSignal::new(None::<EnrollmentCode>);
    sender.then(move |code| {
        made.set(Some(code));
        request_animation_frame(|| browser::focus("enrollment-code"));
    });
    view! {
        <Dialog id="make-enrollment-code" title="Enrollment code" back=ADDRESS>
            {move || match made.get() {
                Some(code) => view! { <Made code=code/> }.into_any(),
                None => view! {
                    <FormFrame id="make-code" sending=*sender>
                        <p>
                            "“muster-sync setup” takes it in place of a code of your app: it can’t ask for a passkey. Prove first that it is you."
                        </p>
                        <AgainFields asked=asked/>
                        <div class="actions">
                            <SubmitButton label="Make the code" waiting="Making…" pending=sender.pending()/>
                            <a class="button" href=ADDRESS data-noscroll="true">"Cancel"</a>
                        </div>
                    </FormFrame>
                }
                .into_any(),
            }}
        </Dialog>
    }
}

#[component]
fn Made(code: EnrollmentCode) -> impl IntoView {
    let EnrollmentCode { code, ends_at } = code;
    let code = code.reveal().to_owned();
    view! {
        <div class="form">
            <p>
                "Type it where “muster-sync setup” asks for a code. It is shown this once, works once, and until "
                <Moment at=ends_at/> "."
            </p>
            <p class="key">
                <code id="enrollment-code" tabindex="0" aria-label="Enrollment code">{code.clone()}</code>
                <CopyButton label="Copy" value=code what="The enrollment code"/>
            </p>
            <div class="actions">
                <a class="button main" href=ADDRESS data-noscroll="true">"Done"</a>
            </div>
        </div>
    }
}
