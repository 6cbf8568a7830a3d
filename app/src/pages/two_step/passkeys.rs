//! The own passkeys: listed, added, removed. What a browser makes of it is in `browser::passkeys`.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use roster::id::PasskeyId;
use roster::own::{Again, Asked};
use roster::passkey::{PasskeyLine, Question};
use roster::secret::Secret;
use serde::{Deserialize, Serialize};

use crate::ask::ask;
use crate::browser::passkeys;
use crate::components::{
    AddressButton, AgainFields, Dialog, FormFrame, Moment, Sender, SubmitButton, TextField,
    use_announcer,
};
use crate::error::AppError;

/// The page on which all of it is.
const HERE: &str = "/account/two-step";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PasskeyForm {
    name: String,
    #[serde(flatten)]
    again: Again,
}

/// What the browser is asked for a new passkey.
#[server(prefix = "/api/fn", endpoint = "passkey_ask")]
pub async fn begin_passkey(form: PasskeyForm) -> Result<Question, AppError> {
    let (operations, caller) = crate::server::context()?;
    let PasskeyForm { name, again } = form;
    Ok(operations::passkeys::begin_adding(&operations, &caller, &name, &again).await?)
}

/// Adds what the browser made; answers recovery codes to who had none.
#[server(prefix = "/api/fn", endpoint = "passkey_add", input = Json)]
pub async fn add_passkey(token: Secret, answer: String) -> Result<Vec<Secret>, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::passkeys::add(&operations, &caller, &token, &answer).await?)
}

/// Removes one.
#[server(prefix = "/api/fn", endpoint = "passkey_remove")]
pub async fn remove_passkey(id: PasskeyId, form: Again) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    operations::passkeys::remove(&operations, &caller, id, &form).await?;
    crate::server::lead_plain_form_to("/account/two-step");
    Ok(())
}

#[component]
pub fn Passkeys(
    passkeys: Vec<PasskeyLine>,
    asked: Asked,
    /// Why there can be none.
    refusal: Option<String>,
    /// Something was added or removed; who has recovery codes now is given them.
    changed: Callback<Vec<Secret>>,
) -> impl IntoView {
    let query = use_query_map();
    let opened = Memo::new(move |_| query.with(|query| query.get("passkey")));
    let kept = StoredValue::new(passkeys.clone());
    let named = move |id: &str| {
        let id: PasskeyId = id.parse().ok()?;
        kept.with_value(|kept| kept.iter().find(|it| it.id == id).cloned())
    };
    let can_add = refusal.is_none();
    view! {
        <section aria-labelledby="passkeys">
            <h2 id="passkeys">"Passkeys"</h2>
            <p class="lead">
                "Your device signs you in by a finger, a face or its PIN: without your password, or in place of the code after it."
            </p>
            {(!passkeys.is_empty()).then(|| table(passkeys))}
            {match refusal {
                Some(why) => view! { <p class="hint">{why}</p> }.into_any(),
                None => view! { <AddressButton label="Add passkey" path=HERE query=("passkey", "add")/> }.into_any(),
            }}
        </section>
        {move || match opened.get().as_deref() {
            Some("add") if can_add => Some(view! { <Add asked=asked changed=changed/> }.into_any()),
            Some(id) => named(id).map(|it| view! { <Remove passkey=it asked=asked changed=changed/> }.into_any()),
            None => None,
        }}
    }
}

fn table(passkeys: Vec<PasskeyLine>) -> impl IntoView {
    let line = |PasskeyLine { id, name, created_at, last_used_at }| {
        let (whose, href) = ([" ", &name].concat(), [HERE, "?passkey=", &id.to_string()].concat());
        view! {
            <tr>
                <td>{name}</td>
                <td><Moment at=created_at/></td>
                <td>
                    {match last_used_at {
                        Some(at) => view! { <Moment at=at/> }.into_any(),
                        None => view! { <span class="dim">"never"</span> }.into_any(),
                    }}
                </td>
                <td class="num">
                    <a href=href data-noscroll="true">"Remove"<span class="unseen">{whose}</span></a>
                </td>
            </tr>
        }
    };
    view! {
        <section class="table" aria-label="Table of passkeys" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Added"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col"><span class="unseen">"Remove"</span></th>
                    </tr>
                </thead>
                <tbody>{passkeys.into_iter().map(line).collect_view()}</tbody>
            </table>
        </section>
    }
}

#[component]
fn Add(asked: Asked, changed: Callback<Vec<Secret>>) -> impl IntoView {
    let sender = Sender::<BeginPasskey>::new();
    let announcer = use_announcer();
    let navigate = StoredValue::new_local(use_navigate());
    // The device is asked, after the form was taken.
    let waits = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    sender.then(move |question| {
        waits.set(true);
        fault.set(None);
        spawn_local(async move {
            let done = add(question).await;
            if waits.try_set(false).is_some() {
                // The dialog was closed meanwhile.
                return;
            }
            match done {
                Ok(codes) => {
                    announcer.announce("The passkey is added.");
                    navigate.with_value(|navigate| navigate(HERE, NavigateOptions::default()));
                    changed.run(codes);
                }
                Err(why) => fault.set(Some(why)),
            }
        });
    });
    let pending = Signal::derive(move || sender.pending().get() || waits.get());
    view! {
        <Dialog id="add-passkey" title="Add passkey" back=HERE>
            <FormFrame id="passkey" sending=*sender>
                <TextField
                    label="Name"
                    key="name"
                    required=true
                    autofocus=true
                    hint="By which you know it: the device that keeps it."
                />
                <AgainFields asked=asked/>
                <p class="reason" role="alert">{move || fault.get()}</p>
                <div class="actions">
                    <SubmitButton label="Continue" waiting="Waiting for your device…" pending=pending/>
                    <a class="button" href=HERE data-noscroll="true">"Cancel"</a>
                </div>
            </FormFrame>
        </Dialog>
    }
}

async fn add(question: Question) -> Result<Vec<Secret>, String> {
    let answer = passkeys::make(&question.options).await?;
    let token = question.token;
    ask(AddPasskey { token, answer }).await.map_err(|error| error.to_string())
}

#[component]
fn Remove(passkey: PasskeyLine, asked: Asked, changed: Callback<Vec<Secret>>) -> impl IntoView {
    let sender = Sender::<RemovePasskey>::new();
    let announcer = use_announcer();
    let navigate = use_navigate();
    sender.then(move |()| {
        announcer.announce("The passkey is removed.");
        navigate(HERE, NavigateOptions::default());
        changed.run(Vec::new());
    });
    let PasskeyLine { id, name, .. } = passkey;
    view! {
        <Dialog id="remove-passkey" title="Remove passkey" back=HERE>
            <FormFrame id="passkey-removal" sending=*sender>
                <p class="about">"“" {name} "” signs nobody in any more. Remove it from the device itself, too."</p>
                <input type="hidden" name="id" value=id.to_string()/>
                <AgainFields asked=asked/>
                <div class="actions">
                    <SubmitButton label="Remove" waiting="Removing…" pending=sender.pending() danger=true/>
                    <a class="button" href=HERE data-noscroll="true">"Cancel"</a>
                </div>
            </FormFrame>
        </Dialog>
    }
}
