//! The last step: the service.

use maud::{Markup, html};

use super::{Next, Place};
use crate::browser::form::Form;
use crate::browser::markup::back;
use crate::browser::state::State;
use crate::browser::work::{Task, Then, failed};
use crate::configuration::Files;
use crate::failure::Failure;
use crate::system;

pub fn take(state: &mut State, form: &Form) -> Next {
    match form.get("go") {
        Some("install") if state.may_install => {
            let work = install(state.files.clone());
            Next::Work(Task::to_its_end("Installing the service…", work))
        }
        Some("finish") => Next::To(Place::Finished),
        _ => Next::Stay,
    }
}

async fn install(files: Files) -> Then {
    let installed = tokio::task::spawn_blocking(move || system::this().install(&files)).await;
    let installed =
        installed.unwrap_or_else(|error| Err(Failure::Install { why: error.to_string() }));
    match installed {
        Ok(lines) => Box::new(|state| {
            state.installed = Some(lines);
            Place::Install
        }),
        Err(failure) => failed(failure, Place::Install),
    }
}

pub fn show(state: &State) -> Markup {
    html! {
        @if let Some(done) = &state.installed {
            ul.done { @for line in done { li { (line) } } }
            div.actions { button.main name="go" value="finish" { "Finish" } (back()) }
        } @else if state.may_install {
            p.lead { "The service keeps technicians in step, also after this machine restarts. Its first run waits in Muster for approval." }
            div.actions {
                button.main name="go" value="install" { "Install the service" }
                button name="go" value="finish" { "Finish without it" }
                (back())
            }
        } @else {
            p.lead { "Start the service yourself: " code { "muster-sync run" } " keeps technicians in step." }
            div.actions { button.main name="go" value="finish" { "Finish" } (back()) }
        }
    }
}
