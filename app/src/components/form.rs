//! A form that is sent to a server function: its faults stand beside the fields and, on top, in a
//! summary that takes the focus. It works before the page is alive, too.

use leptos::context::Provider;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use roster::fault::{Fault, FieldProblem};

use super::fault::LoadAgain;
use super::sending::{SendForm, Sending};
use crate::browser;

/// The form that fields are in: how they are called and what is wrong with them.
#[derive(Clone, Copy)]
pub struct FormScope {
    id: &'static str,
    fault: Signal<Option<Fault>>,
    /// Counts what was taken.
    pub(super) taken: Signal<usize>,
}

/// One field of a form.
#[derive(Clone)]
pub struct FieldScope {
    /// The input's id; its hint and error are `{id}-hint` and `{id}-error`.
    pub id: String,
    /// The input's name: `form[key]`.
    pub name: String,
    pub error: Signal<Option<String>>,
    pub described_by: Signal<Option<String>>,
}

impl FormScope {
    /// The field whose JSON key, and so whose problems' column, is `key`.
    #[must_use]
    pub fn field(self, key: &'static str, has_hint: bool) -> FieldScope {
        let id = [self.id, "-", key].concat();
        let fault = self.fault;
        let error = Signal::derive(move || fault.with(|fault| message_for(fault.as_ref(), key)));
        let (hint_id, error_id) = ([&id, "-hint"].concat(), [&id, "-error"].concat());
        let described_by = Signal::derive(move || match (error.with(Option::is_some), has_hint) {
            (true, true) => Some([&error_id, " ", &hint_id].concat()),
            (true, false) => Some(error_id.clone()),
            (false, true) => Some(hint_id.clone()),
            (false, false) => None,
        });
        FieldScope { id, name: ["form[", key, "]"].concat(), error, described_by }
    }
}

/// The form around a field; outside of one nothing is ever wrong.
pub(super) fn use_form() -> FormScope {
    use_context().unwrap_or_else(|| FormScope {
        id: "form",
        fault: Signal::stored(None),
        taken: Signal::stored(0),
    })
}

fn message_for(fault: Option<&Fault>, key: &str) -> Option<String> {
    let Some(Fault::Invalid { problems }) = fault else { return None };
    let mine = problems.iter().filter(|problem| problem.field == key);
    let message = mine.map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ");
    (!message.is_empty()).then_some(message)
}

/// A form for a server function. Fields inside are those of its argument `form` and find their
/// errors by themselves; other arguments come as hidden inputs.
#[component]
pub fn FormFrame(
    /// Unique on the page; the fields' ids begin with it.
    id: &'static str,
    sending: Sending,
    #[prop(optional)] form_ref: NodeRef<html::Form>,
    children: Children,
) -> impl IntoView {
    let fault = sending.fault();
    let scope = FormScope { id, fault, taken: sending.taken() };
    // An address may lead to a field: `#id-key`.
    let hash = use_location().hash;
    Effect::new(move || {
        let named = hash.with(|hash| hash.trim_start_matches('#').to_owned());
        if named.strip_prefix(id).is_some_and(|key| key.starts_with('-')) {
            request_animation_frame(move || browser::focus(&named));
        }
    });
    view! {
        <SendForm sending=sending form_ref=form_ref class="form">
            <Summary id=id fault=fault/>
            <Provider value=scope>{children()}</Provider>
        </SendForm>
    }
}

/// What is wrong, on top of the form; takes the focus when it appears.
#[component]
fn Summary(id: &'static str, fault: Signal<Option<Fault>>) -> impl IntoView {
    let summary_id = [id, "-summary"].concat();
    let focused = summary_id.clone();
    Effect::new(move || {
        if fault.with(Option::is_some) {
            let focused = focused.clone();
            request_animation_frame(move || browser::focus(&focused));
        }
    });
    move || {
        let summary_id = summary_id.clone();
        fault.get().map(|fault| {
            view! {
                <div class="summary" role="alert" tabindex="-1" id=summary_id>
                    {match fault {
                        Fault::Invalid { problems } => problem_list(id, problems).into_any(),
                        fault if fault.is_updated() => view! {
                            <p>
                                {fault.to_string()}
                                " Nothing was saved. What you typed is still here: copy what you need first."
                            </p>
                            <div class="actions"><LoadAgain/></div>
                        }
                        .into_any(),
                        other => view! { <p>{other.to_string()}</p> }.into_any(),
                    }}
                </div>
            }
        })
    }
}

fn problem_list(id: &'static str, problems: Vec<FieldProblem>) -> impl IntoView {
    let heading = match problems.len() {
        1 => "Nothing was saved yet. One thing needs a correction:".to_owned(),
        count => {
            ["Nothing was saved yet. ", &count.to_string(), " things need a correction:"].concat()
        }
    };
    let items = problems
        .into_iter()
        .map(|problem| {
            let target = [id, "-", &problem.field].concat();
            let href = ["#", &target].concat();
            let focus = move |press: leptos::ev::MouseEvent| {
                press.prevent_default();
                browser::focus(&target);
            };
            view! { <li><a href=href on:click=focus>{problem.message}</a></li> }
        })
        .collect_view();
    view! {
        <p>{heading}</p>
        <ul>{items}</ul>
    }
}
