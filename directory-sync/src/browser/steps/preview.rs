//! A preview of the first run, which changes nothing.

use maud::{Markup, html};

use super::{Next, Place};
use crate::browser::faults::Fault;
use crate::browser::form::Form;
use crate::browser::markup::{back, next};
use crate::browser::state::State;
use crate::browser::table;
use crate::browser::work::{Stop, Task, Then, failed, stay, stopped};
use crate::commands::Ready;
use crate::commands::preview::Preview;
use crate::commands::table::Told;
use crate::configuration::Setting;
use crate::failure::{Exit, Failure};
use crate::server::Waits;

pub fn take(state: &mut State, form: &Form) -> Next {
    let Some(setting) = state.setting.clone() else { return Next::To(Place::Directory) };
    if form.get("go") == Some("again") {
        return Next::Work(task(setting));
    }
    match &state.preview {
        Some(preview) if preview.outcome.exit() != Exit::Failed => Next::To(Place::Install),
        _ => {
            let sentence =
                "The server rejected the run. Correct what it names, then preview again.";
            state.faults = vec![Fault::general(sentence)];
            Next::Stay
        }
    }
}

/// When it is cancelled, its run is aborted on the server, so that the next run can begin at once.
pub fn task(setting: Setting) -> Task {
    Task::that_stops("Reading the directory for a preview…", |stop| previewed(setting, stop))
}

async fn previewed(setting: Setting, mut stop: Stop) -> Then {
    let made = async {
        let ready = Ready::of(setting, Waits::of_a_person())?;
        Preview::unless(stopped(&mut stop), &ready).await
    };
    match made.await {
        Ok(preview) => Box::new(|state| {
            state.preview = Some(preview);
            Place::Preview
        }),
        Err(Failure::Stopped {}) => stay(),
        Err(failure) => failed(failure, Place::Check),
    }
}

pub fn show(state: &State) -> Markup {
    let Some(preview) = &state.preview else { return html! {} };
    let Told { groups, counts, faults, more, warnings, waiting } = Told::of(&preview.outcome);
    let failed = preview.outcome.exit() == Exit::Failed;
    html! {
        @for warning in &warnings { p.notice.bad { (warning) } }
        @if let Some(waiting) = &waiting { p.notice { (waiting) } }
        (table::of("What was read", &groups))
        (table::of("What the run would do", &counts))
        @if !faults.rows.is_empty() { (table::of("People with faults", &faults)) }
        @if more > 0 { p.hint { "and " (more) " more" } }
        p.hint { a href=(preview.address) target="_blank" rel="noopener noreferrer" { "Person by person, in Muster" } }
        div.actions {
            @if failed {
                button.main name="go" value="again" { "Preview again" }
            } @else {
                (next("Next"))
                button name="go" value="again" { "Preview again" }
            }
            (back())
        }
    }
}
