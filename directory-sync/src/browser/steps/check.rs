//! The results of `muster-sync check`: each thing that a run needs.

use maud::{Markup, html};

use super::{Next, Place, preview};
use crate::browser::faults::Fault;
use crate::browser::form::Form;
use crate::browser::markup::{back, next};
use crate::browser::state::{Checked, State};
use crate::browser::work::{Task, Then, failed};
use crate::commands::Ready;
use crate::commands::check::{self, Found, Line};
use crate::configuration::Setting;
use crate::failure::{Exit, Result};
use crate::server::Waits;

pub fn take(state: &mut State, form: &Form) -> Next {
    let Some(setting) = state.setting.clone() else { return Next::To(Place::Directory) };
    let passed = state.checked.as_ref().is_some_and(|checked| checked.exit != Exit::Failed);
    if form.get("go") == Some("again") {
        return Next::Work(Task::new("Checking everything that a run needs…", checked(setting)));
    }
    if passed {
        return Next::Work(preview::task(setting));
    }
    state.faults = vec![Fault::general(
        "A run needs something that is missing. Correct it, then check again.",
    )];
    Next::Stay
}

pub async fn checked(setting: Setting) -> Then {
    let mut lines: Vec<Line> = Vec::new();
    let exit: Result<Exit> = async {
        let ready = Ready::of(setting, Waits::of_a_person())?;
        let mut told = |line| {
            lines.push(line);
            Ok(())
        };
        check::of(&ready, &mut told).await
    }
    .await;
    match exit {
        Ok(exit) => Box::new(move |state| {
            state.checked = Some(Checked { lines, exit });
            state.preview = None;
            Place::Check
        }),
        Err(failure) => failed(failure, Place::Groups),
    }
}

pub fn show(state: &State) -> Markup {
    let Some(Checked { lines, exit }) = &state.checked else { return html! {} };
    html! {
        ul.checked {
            @for line in lines { (item(line)) }
        }
        div.actions {
            @if *exit == Exit::Failed {
                button.main name="go" value="again" { "Check again" }
            } @else {
                (next("Next"))
                button name="go" value="again" { "Check again" }
            }
            (back())
        }
    }
}

fn item(line: &Line) -> Markup {
    let (class, word) = match line.found {
        Found::There => ("chip ok", "OK"),
        Found::Missing(_) => ("chip bad", "Missing"),
        Found::Note => ("chip warn", "Note"),
    };
    html! {
        li {
            span class=(class) { (word) }
            div {
                p { (line.what) }
                @if let Found::Missing(failure) = &line.found {
                    p.hint { (failure) " " code { (failure.code()) } }
                }
            }
        }
    }
}
