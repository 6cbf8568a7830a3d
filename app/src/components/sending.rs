//! A form on its way to a server function: what is sent is what the browser itself would send.

use std::marker::PhantomData;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use roster::fault::Fault;
use serde::de::DeserializeOwned;

use crate::ask::{Answer, decoded};
use crate::error::AppError;

/// Sends forms to one address, one at a time.
#[derive(Clone, Copy)]
pub struct Sending {
    pub address: &'static str,
    pending: RwSignal<bool>,
    answer: RwSignal<Option<Answer>>,
}

impl Sending {
    fn to(address: &'static str) -> Self {
        // A form that was sent before the page was alive has its fault in the page's address.
        let fault = use_context::<ServerActionError>().filter(|error| error.path() == address);
        let answer = fault.map(|fault| Err(ServerFnUrlError::<AppError>::decode_err(fault.err())));
        Self { address, pending: RwSignal::new(false), answer: RwSignal::new(answer) }
    }

    /// The answer isn't there yet.
    pub fn pending(self) -> Signal<bool> {
        self.pending.into()
    }

    /// What is wrong with what was sent last.
    pub fn fault(self) -> Signal<Option<Fault>> {
        let answer = self.answer;
        Signal::derive(move || {
            answer.with(|answer| match answer {
                Some(Err(error)) => Some(error.0.clone()),
                _ => None,
            })
        })
    }

    /// How often something was taken.
    pub(super) fn taken(self) -> Signal<usize> {
        let answer = self.answer;
        Memo::new(move |before: Option<&usize>| {
            let taken = answer.with(|answer| matches!(answer, Some(Ok(_))));
            before.copied().unwrap_or(0) + usize::from(taken)
        })
        .into()
    }

    /// Sends the form of this event, in place of the browser.
    pub fn send(self, event: &SubmitEvent) {
        event.prevent_default();
        if let Some(body) = state_of(event) {
            self.send_state(body);
        }
    }

    /// Sends what a form holds, as [`browser::form_state`](crate::browser::form_state) tells it.
    pub fn send_state(self, body: String) {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        #[cfg(feature = "ssr")]
        drop(body);
        #[cfg(not(feature = "ssr"))]
        {
            leptos::task::spawn_local(async move {
                const FORM: &str = "application/x-www-form-urlencoded;charset=UTF-8";
                let answer =
                    crate::ask::post(self.address, FORM, body, crate::ask::Again::Write).await;
                // The page may have been left meanwhile.
                self.pending.try_set(false);
                self.answer.try_set(Some(answer));
            });
        }
    }

    fn when_taken(self, done: Box<dyn Fn(&str)>) {
        let answer = self.answer;
        Effect::new(move || {
            if let Some(Ok(text)) = answer.get() {
                done(&text);
            }
        });
    }
}

/// What the form of this event holds; on the server there is none.
#[cfg(not(feature = "ssr"))]
fn state_of(event: &SubmitEvent) -> Option<String> {
    use leptos::wasm_bindgen::JsCast;

    let form = event.target()?.dyn_into().ok()?;
    Some(crate::browser::form_state(&form))
}

#[cfg(feature = "ssr")]
fn state_of(_: &SubmitEvent) -> Option<String> {
    None
}

/// A `Sending` that knows its server function.
pub struct Sender<S> {
    sending: Sending,
    function: PhantomData<fn() -> S>,
}

impl<S> Clone for Sender<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Sender<S> {}

impl<S> std::ops::Deref for Sender<S> {
    type Target = Sending;

    fn deref(&self) -> &Sending {
        &self.sending
    }
}

impl<S: ServerFn> Sender<S>
where
    S::Output: DeserializeOwned + 'static,
{
    #[must_use]
    pub fn new() -> Self {
        Self { sending: Sending::to(S::PATH), function: PhantomData }
    }

    /// Does this with each value that the server answers.
    pub fn then(self, done: impl Fn(S::Output) + 'static) {
        self.sending.when_taken(Box::new(move |text| {
            if let Ok(value) = decoded(text) {
                done(value);
            }
        }));
    }
}

/// The form element; what is in it is its children's business.
#[component]
pub fn SendForm(
    sending: Sending,
    #[prop(optional)] form_ref: NodeRef<leptos::html::Form>,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <form
            method="post"
            action=sending.address
            class=class
            novalidate=true
            node_ref=form_ref
            on:submit=move |event| sending.send(&event)
        >
            {children()}
        </form>
    }
}

/// For forms without a place of their own for faults: they are announced.
pub fn announce_faults(sending: Sending) {
    let announcer = super::use_announcer();
    let fault = sending.fault();
    Effect::new(move || {
        if let Some(fault) = fault.get() {
            announcer.announce(fault.to_string());
        }
    });
}
