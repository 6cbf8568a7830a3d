//! What a page shows instead of its data: the reason, and a way on.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use roster::authority::Denied;
use roster::fault::Fault;
use serde::de::DeserializeOwned;

use super::PageTitle;
use crate::ask::{Answer, Fetched, decoded};
use crate::browser;
use crate::error::AppError;
use crate::pages::sign_in;

/// Loads the page anew, by the server's present version.
#[component]
pub fn LoadAgain() -> impl IntoView {
    view! {
        <button type="button" class="main" on:click=move |_| browser::reload()>"Load again"</button>
    }
}

/// The reason in a sentence, and where one can go from here.
#[component]
pub fn FaultView(fault: Fault) -> impl IntoView {
    let heading = match &fault {
        Fault::Denied { denied: Denied::NotSignedIn } => "You are not signed in",
        Fault::Denied { denied: Denied::PasswordDue } => "A new password is due",
        Fault::Denied { denied: Denied::TwoStepDue } => "Two-step verification is due",
        Fault::Denied { .. } => "This is not yours to see",
        Fault::NotFound { .. } => "Not found",
        Fault::Unavailable { reason } => reason.statement(),
        fault if fault.is_updated() => "Muster was updated",
        _ => "This did not work",
    };
    let way_on = match &fault {
        Fault::Denied { denied: Denied::NotSignedIn } => {
            let location = use_location();
            let search = location.search.get_untracked();
            let mark = if search.is_empty() { "" } else { "?" };
            let next = [location.pathname.get_untracked().as_str(), mark, &search].concat();
            let href = sign_in::address(&next);
            // Loaded anew, so that nothing of the ended session stays in the page.
            view! { <a class="button main" href=href rel="external">"Sign in"</a> }.into_any()
        }
        Fault::Denied { denied: Denied::PasswordDue } => {
            view! { <a class="button main" href="/choose-password" rel="external">"Choose a new password"</a> }
                .into_any()
        }
        Fault::Denied { denied: Denied::TwoStepDue } => {
            view! { <a class="button main" href="/account/two-step" rel="external">"Set up two-step verification"</a> }
                .into_any()
        }
        Fault::Denied { .. } => {
            view! { <a class="button main" href="/account">"Go to My Account"</a> }.into_any()
        }
        Fault::NotFound { .. } => view! {
            <a class="button main" href="/organization">"Go to the Organization"</a>
            <a class="button" href="/account">"Go to My Account"</a>
        }
        .into_any(),
        fault if fault.is_updated() => view! { <LoadAgain/> }.into_any(),
        _ => view! {
            <button type="button" class="main" on:click=move |_| browser::reload()>"Try again"</button>
            <a class="button" href="/account">"Go to My Account"</a>
        }
        .into_any(),
    };
    let sentence = move || match &fault {
        Fault::Denied { denied: Denied::NotSignedIn } => {
            "Your session has ended. Sign in again, and you come back to this page.".to_owned()
        }
        fault => fault.to_string(),
    };
    view! {
        <PageTitle text=heading/>
        <div class="fault" role="alert">
            <h1>{heading}</h1>
            <p>{sentence}</p>
            <div class="actions">{way_on}</div>
        </div>
    }
}

/// Shows what was fetched, or why there is nothing; what was there before stays until then. The
/// view is made anew each time, so that nothing typed for the one is left standing for the other.
#[component]
pub fn Loaded<T, V>(
    from: Fetched<T>,
    /// Makes the view of the data.
    view: V,
) -> impl IntoView
where
    T: DeserializeOwned + 'static,
    V: Fn(T) -> AnyView + Send + Sync + 'static,
{
    let show = move |text: &str| match decoded(text) {
        Ok(data) => view(data),
        Err(AppError(fault)) => view! { <FaultView fault=fault/> }.into_any(),
    };
    shown(from.text(), Arc::new(show))
}

fn shown(text: Resource<Answer>, show: Arc<dyn Fn(&str) -> AnyView + Send + Sync>) -> AnyView {
    view! {
        <Transition fallback=|| view! { <p class="loading" role="status">"Loading…"</p> }>
            {move || {
                let show = show.clone();
                Suspend::new(async move {
                    match text.await {
                        // A closure is replaced where a view would be patched.
                        Ok(text) => (move || show(&text)).into_any(),
                        Err(AppError(fault)) => view! { <FaultView fault=fault/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}
