//! An app is set up: new recovery codes, and the way to end it.

use leptos::prelude::*;
use roster::own::Asked;
use roster::two_step::OwnTwoStep;

use super::Codes;
use super::functions::{EndTwoStep, RenewRecoveryCodes};
use crate::browser;
use crate::components::{AgainFields, FormFrame, Moment, Sender, SubmitButton, use_announcer};
use crate::text::counted;

#[component]
pub fn Kept(
    own: OwnTwoStep,
    asked: Asked,
    has_passkeys: bool,
    reload: Callback<()>,
) -> impl IntoView {
    let ending = Sender::<EndTwoStep>::new();
    let announcer = use_announcer();
    ending.then(move |()| {
        announcer.announce("Two-step verification has ended.");
        reload.run(());
    });
    view! {
        <p class="lead">
            "Signing in asks for a code of your app"
            {own.since.map(|since| view! { ", since " <Moment at=since/> })} "."
        </p>
        <RecoveryCodes own=own asked=asked/>
        {(!own.required || has_passkeys)
            .then(|| {
                view! {
                    <section aria-labelledby="end">
                        <h2 id="end">"End two-step verification"</h2>
                        <FormFrame id="end-two-step" sending=*ending>
                            <AgainFields asked=asked/>
                            <div class="actions">
                                <SubmitButton label="End it" waiting="Ending…" pending=ending.pending() danger=true/>
                            </div>
                        </FormFrame>
                    </section>
                }
            })}
    }
}

/// How many are left, and the way to new ones.
#[component]
pub fn RecoveryCodes(own: OwnTwoStep, asked: Asked) -> impl IntoView {
    let renewing = Sender::<RenewRecoveryCodes>::new();
    let codes = RwSignal::new(None);
    renewing.then(move |made| {
        codes.set(Some(made));
        request_animation_frame(|| browser::focus("codes"));
    });
    view! {
        {move || codes.get().map(|codes| view! { <Codes codes=codes/> })}
        <section aria-labelledby="renew">
            <h2 id="renew">"New recovery codes"</h2>
            <p class="lead">
                {counted(own.codes_left, "recovery code is", "recovery codes are")}
                " left. Those from before are worth nothing when new ones are made."
            </p>
            <FormFrame id="renew-codes" sending=*renewing>
                <AgainFields asked=asked/>
                <div class="actions">
                    <SubmitButton label="Make new codes" waiting="Making…" pending=renewing.pending()/>
                </div>
            </FormFrame>
        </section>
    }
}
