//! `/account/two-step`: the own two-step verification: set up, renewed, ended.

mod functions;
mod kept;
mod of_group;
mod passkeys;
#[cfg(feature = "ssr")]
mod picture;
mod reset;
mod set_up;

use leptos::prelude::*;
use roster::secret::Secret;

use self::functions::{SeeTwoStep, TwoStepView};
use self::kept::{Kept, RecoveryCodes};
pub use self::of_group::TwoStepOfGroup;
use self::passkeys::Passkeys;
pub use self::reset::ResetTwoStepOf;
use self::set_up::{Begin, SetUp};
use crate::ask::fetch;
use crate::browser;
use crate::components::{CopyButton, Loaded, PageTitle};

#[component]
pub fn TwoStepPage() -> impl IntoView {
    let data = fetch(|| Ok(SeeTwoStep {}));
    let reload = Callback::new(move |()| data.refetch());
    // They are shown this once, in place of all else.
    let codes = RwSignal::new(None::<Vec<Secret>>);
    view! {
        <PageTitle text="Two-step verification"/>
        <main class="room single" id="content" tabindex="-1">
            <nav class="crumbs" aria-label="Path">
                <a href="/account">"My Account"</a>
            </nav>
            <header class="head">
                <h1>"Two-step verification"</h1>
            </header>
            {move || match codes.get() {
                Some(codes) => view! { <Codes codes=codes/> }.into_any(),
                None => {
                    view! {
                        <Loaded from=data view=move |it| view! { <Steps it=it codes=codes reload=reload/> }.into_any()/>
                    }
                    .into_any()
                }
            }}
        </main>
    }
}

/// An app, and passkeys.
#[component]
fn Steps(
    it: TwoStepView,
    codes: RwSignal<Option<Vec<Secret>>>,
    reload: Callback<()>,
) -> impl IntoView {
    let TwoStepView { own, offer, asked, passkeys, no_passkeys } = it;
    let changed = Callback::new(move |given: Vec<Secret>| {
        if given.is_empty() {
            reload.run(());
        } else {
            codes.set(Some(given));
            request_animation_frame(|| browser::focus("codes"));
        }
    });
    let has_passkeys = !passkeys.is_empty();
    let required = own.required && !has_passkeys;
    view! {
        {match (own.since, offer) {
            (Some(_), _) => {
                view! { <Kept own=own asked=asked has_passkeys=has_passkeys reload=reload/> }.into_any()
            }
            (None, Some(offer)) => view! { <SetUp offer=offer required=required/> }.into_any(),
            (None, None) => {
                view! { <Begin asked=asked required=required begun=reload/> }.into_any()
            }
        }}
        <Passkeys passkeys=passkeys asked=asked refusal=no_passkeys changed=changed/>
        {(has_passkeys && own.since.is_none())
            .then(|| view! { <RecoveryCodes own=own asked=asked/> })}
    }
}

/// Recovery codes, this once.
#[component]
fn Codes(codes: Vec<Secret>) -> impl IntoView {
    let codes: Vec<String> = codes.into_iter().map(|code| code.reveal().to_owned()).collect();
    let all = codes.join("\n");
    view! {
        <section class="codes" aria-labelledby="codes">
            <h2 id="codes" tabindex="-1">"Recovery codes"</h2>
            <p class="lead">
                "Each works once, in place of a code of your app. Keep them where you find them without your telephone: they are not shown again."
            </p>
            <ul>{codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}</ul>
            <div class="actions">
                <CopyButton label="Copy all" value=all what="The recovery codes"/>
                <a class="button main" href="/" rel="external">"I have kept them"</a>
            </div>
        </section>
    }
}
