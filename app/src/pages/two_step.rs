//! `/account/two-step`: the own two-step verification: set up, renewed, ended.

mod functions;
mod kept;
mod of_group;
#[cfg(feature = "ssr")]
mod picture;
mod reset;
mod set_up;

use leptos::prelude::*;
use roster::secret::Secret;

use self::functions::{SeeTwoStep, TwoStepView};
use self::kept::Kept;
pub use self::of_group::TwoStepOfGroup;
pub use self::reset::ResetTwoStepOf;
use self::set_up::SetUp;
use crate::ask::fetch;
use crate::components::{CopyButton, Loaded, PageTitle};

#[component]
pub fn TwoStepPage() -> impl IntoView {
    let data = fetch(|| Ok(SeeTwoStep {}));
    let reload = Callback::new(move |()| data.refetch());
    view! {
        <PageTitle text="Two-step verification"/>
        <main class="room single" id="content" tabindex="-1">
            <nav class="crumbs" aria-label="Path">
                <a href="/account">"My Account"</a>
            </nav>
            <header class="head">
                <h1>"Two-step verification"</h1>
            </header>
            <Loaded
                from=data
                view=move |TwoStepView { own, offer }| match offer {
                    Some(offer) => view! { <SetUp offer=offer required=own.required/> }.into_any(),
                    None => view! { <Kept own=own reload=reload/> }.into_any(),
                }
            />
        </main>
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
