//! Setting it up: the app learns the secret, a code proves it.

use leptos::prelude::*;
use roster::own::Asked;

use super::Codes;
use super::functions::{BeginTwoStep, OfferTwoStep, OfferView};
use crate::browser;
use crate::components::{AgainFields, CopyButton, FormFrame, Sender, SubmitButton, TextField};

/// Why one would, or must.
fn lead(required: bool) -> &'static str {
    if required {
        "Your organization asks for a second step at sign-in: a code from an app on your phone."
    } else {
        "With it, signing in also asks for a code from an app on your phone."
    }
}

/// Asks for the password or second factor again before the app's secret is shown.
#[component]
pub fn Begin(asked: Asked, required: bool, begun: Callback<()>) -> impl IntoView {
    let sender = Sender::<OfferTwoStep>::new();
    sender.then(move |()| begun.run(()));
    view! {
        <p class="lead">{lead(required)}</p>
        <FormFrame id="two-step-begin" sending=*sender>
            <AgainFields asked=asked/>
            <div class="actions">
                <SubmitButton label="Set up an app" waiting="Checking…" pending=sender.pending()/>
            </div>
        </FormFrame>
    }
}

#[component]
pub fn SetUp(offer: OfferView, required: bool) -> impl IntoView {
    let sender = Sender::<BeginTwoStep>::new();
    let codes = RwSignal::new(None);
    sender.then(move |made| {
        codes.set(Some(made));
        request_animation_frame(|| browser::focus("codes"));
    });
    let lead = lead(required);
    let OfferView { key, path, size } = offer;
    let (key, path) = (key.reveal().to_owned(), path.reveal().to_owned());
    let plain: String = key.split(' ').collect();
    // A margin of four units, as readers want it.
    let all = size + 8;
    let frame = ["-4 -4 ", &all.to_string(), " ", &all.to_string()].concat();
    view! {
        {move || {
            if let Some(codes) = codes.get() {
                view! { <Codes codes=codes/> }.into_any()
            } else {
                let (frame, path, key, plain) = (frame.clone(), path.clone(), key.clone(), plain.clone());
                view! {
                    <p class="lead">{lead}</p>
                    <ol class="set-up">
                        <li>
                            <p>"Scan this picture with an authenticator app, or type the key into it."</p>
                            <svg class="qr" role="img" aria-label="QR code for your app" viewBox=frame>
                                <path d=path></path>
                            </svg>
                            <p class="key">
                                <code>{key}</code>
                                <CopyButton label="Copy" value=plain what="The key"/>
                            </p>
                        </li>
                        <li>
                            <p>"Type the code that the app shows now."</p>
                            <FormFrame id="two-step" sending=*sender>
                                <TextField label="Code" key="code" inputmode="numeric" autocomplete="one-time-code" required=true/>
                                <div class="actions">
                                    <SubmitButton label="Set up" waiting="Checking…" pending=sender.pending()/>
                                </div>
                            </FormFrame>
                        </li>
                    </ol>
                }
                .into_any()
            }
        }}
    }
}
