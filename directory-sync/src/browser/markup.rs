//! The HTML that the steps share. The templates escape all text from outside.

use maud::{DOCTYPE, Markup, html};

use super::faults::Fault;
use super::fields::Field;
use super::state::State;
use super::steps::Place;

/// Muster's style sheets and this page's own.
pub const STYLE: &str = concat!(
    include_str!("../../../style/tokens.css"),
    include_str!("../../../style/base.css"),
    include_str!("../../../style/frame.css"),
    include_str!("../../../style/page.css"),
    include_str!("../../../style/table.css"),
    include_str!("../../../style/form.css"),
    include_str!("setup.css"),
);
pub const SIGN: &str = include_str!("../../../style/static/favicon.svg");
pub const PROGRESS: &str = include_str!("progress.js");

fn document(title: &str, head: &Markup, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Muster" }
                link rel="icon" href="/favicon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/style.css";
                (head)
            }
            body {
                header.top {
                    span.brand { "Muster" }
                    span.subject { "Active Directory Synchronization" }
                }
                main.room.single { (body) }
            }
        }
    }
}

pub fn frame(place: Place, faults: &[Fault], content: &Markup) -> Markup {
    let title = place.title();
    let said = if faults.is_empty() { title.to_owned() } else { format!("Error: {title}") };
    let body = html! {
        (steps(place))
        h1 { (title) }
        (summary(faults))
        (content)
    };
    document(&said, &html! {}, &body)
}

fn steps(at: Place) -> Markup {
    let at = if at == Place::Code { Place::Directory } else { at };
    html! {
        ol.steps aria-label="Steps" {
            @for (place, name) in Place::STEPS {
                li aria-current=[(place == at).then_some("step")] class=[(place < at).then_some("past")] {
                    (name) @if place < at { span.unseen { " (done)" } }
                }
            }
        }
    }
}

fn summary(faults: &[Fault]) -> Markup {
    html! {
        @if !faults.is_empty() {
            div.summary role="alert" {
                p { "Please correct:" }
                ul {
                    @for fault in faults {
                        li {
                            @match fault.field {
                                Some(field) => { a href={ "#" (field.name()) } { (fault.sentence) } }
                                None => { (fault.sentence) }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub fn field(state: &State, field: Field) -> Markup {
    beside(state, field, field.hint(), state.text(field), &html! {}, &html! {})
}

/// A field with a search button.
pub fn search(state: &State, field: Field) -> Markup {
    let button = html! { button name="go" value="search" { "Search" } };
    beside(state, field, None, state.text(field), &button, &html! {})
}

/// The controllers found by DNS as tick boxes, and a field for others.
pub fn controllers(state: &State) -> Markup {
    let (field, chosen) = (Field::Controllers, state.controllers());
    let is_found = |it: &String| state.found_controllers.contains(it);
    let typed: Vec<&str> = chosen.iter().filter(|it| !is_found(it)).map(String::as_str).collect();
    let button =
        html! { button name="go" value="find" { "Find" span.unseen { " controllers by DNS" } } };
    let found = html! {
        @if !state.found_controllers.is_empty() {
            fieldset.named {
                legend { "Found by DNS" }
                @for (number, found) in state.found_controllers.iter().enumerate() {
                    div.field.check {
                        input id={ "found-" (number) } type="checkbox" name=(field.name()) value=(found) checked[chosen.contains(found)];
                        label for={ "found-" (number) } { (found) }
                    }
                }
                p.hint { "Tick controllers to use only those; none: DNS is asked at each run" }
            }
        }
    };
    beside(state, field, field.hint(), &typed.join(" "), &button, &found)
}

/// A field with a button, and content below.
fn beside(
    state: &State,
    field: Field,
    hint: Option<&str>,
    value: &str,
    button: &Markup,
    more: &Markup,
) -> Markup {
    let (name, fault) = (field.name(), state.fault(field));
    let secret = field.is_secret();
    let kept = secret && !state.secret(field).is_empty();
    let hint = if kept { Some("Kept; type to change") } else { hint };
    html! {
        div.field {
            label for=(name) { (field.label()) }
            div.found {
                input id=(name) name=(name)
                    type=(if secret { "password" } else { "text" })
                    value=(if secret { "" } else { value })
                    autocomplete=(if secret { "new-password" } else { "off" })
                    autocapitalize="none" spellcheck="false"
                    aria-describedby=[described(name, fault.is_some(), hint)]
                    aria-invalid=[fault.map(|_| "true")]
                    autofocus[is_first(state, field)];
                (button)
            }
            @if let Some(fault) = fault { p.error id={ (name) "-error" } { (fault.sentence) } }
            @if let Some(hint) = hint { p.hint id={ (name) "-hint" } { (hint) } }
            (more)
        }
    }
}

pub fn tick(state: &State, field: Field) -> Markup {
    let name = field.name();
    html! {
        div.field.check {
            input id=(name) type="checkbox" name=(name) value="on" checked[state.texts.contains_key(&field)];
            label for=(name) { (field.label()) }
        }
    }
}

fn described(name: &str, is_wrong: bool, hint: Option<&str>) -> Option<String> {
    let fault = is_wrong.then(|| format!("{name}-error"));
    let hint = hint.map(|_| format!("{name}-hint"));
    let all: Vec<String> = fault.into_iter().chain(hint).collect();
    Some(all.join(" ")).filter(|all| !all.is_empty())
}

/// Whether this is the first field with a fault, in the order shown.
fn is_first(state: &State, field: Field) -> bool {
    let wrong = |field: &Field| state.fault(*field).is_some();
    state.at.fields().iter().copied().find(wrong) == Some(field)
}

pub fn next(label: &str) -> Markup {
    html! { button.main name="go" value="next" { (label) } }
}

/// An invisible *Next*, which Enter in a field presses even if another button comes first.
pub fn next_by_enter() -> Markup {
    html! { button.unseen name="go" value="next" tabindex="-1" aria-hidden="true" { "Next" } }
}

pub fn back() -> Markup {
    html! { button name="go" value="back" { "Back" } }
}

/// The progress page. The script waits for the end of the work; without scripts the page reloads itself.
pub fn working(place: Place, what: &str, can_cancel: bool, token: &str) -> Markup {
    let head = html! {
        script src="/progress.js" defer {}
        noscript { meta http-equiv="refresh" content="2; url=/working"; }
    };
    let body = html! {
        (steps(place))
        h1 { (place.title()) }
        p.working role="status" { span.turning aria-hidden="true" {} (what) }
        @if can_cancel {
            form method="post" action="/working" {
                input type="hidden" name="form" value=(token);
                div.actions { button name="go" value="cancel" { "Cancel" } }
            }
        }
    };
    document(what, &head, &body)
}

/// Leads to the first step by a page of this origin: a redirect that another page began would not send
/// the cookie.
pub fn onward() -> Markup {
    let path = Place::Muster.path();
    let head = html! { meta http-equiv="refresh" content={ "0; url=" (path) }; };
    document("Set-up", &head, &html! { p { a href=(path) { "Go on to set-up" } } })
}

pub fn refusal(sentence: &str) -> Markup {
    document(
        "Not here",
        &html! {},
        &html! { div.fault { h1 { "This can’t be done" } p { (sentence) } } },
    )
}
