//! The address of Muster, the token, and the Master Account Holder who enrolls the directory.

use maud::{Markup, html};

use super::{Next, Place};
use crate::browser::fields::Field;
use crate::browser::markup::{field, next};
use crate::browser::state::State;
use crate::browser::work::{Task, Then, failed};
use crate::failure::{Failure, Result};
use crate::setup::Setup;

pub fn take(state: &mut State) -> Next {
    state.faults = state.missing(&[Field::Server, Field::Token]);
    if !state.faults.is_empty() {
        return Next::Stay;
    }
    Next::Work(Task::new("Asking Muster…", ask(state.setup())))
}

async fn ask(setup: Result<Setup>) -> Then {
    let answer = match setup.and_then(|setup| setup.server()) {
        Ok(server) => server.hello().await,
        Err(failure) => Err(failure),
    };
    match answer {
        Ok(_) => Box::new(|state| {
            state.enrolled();
            Place::Directory
        }),
        Err(Failure::TokenNotEnrolled { .. }) => Box::new(|state| {
            state.is_enrolled = false;
            state.faults = state.missing(&[Field::Email, Field::Password]);
            if state.faults.is_empty() { Place::Directory } else { Place::Muster }
        }),
        Err(failure) => failed(failure, Place::Muster),
    }
}

pub fn show(state: &State) -> Markup {
    html! {
        p.lead { "Generate a token in Muster first: Global Settings, Active Directory Synchronization. It is for one directory." }
        (field(state, Field::Server))
        (field(state, Field::Token))
        @if state.is_enrolled {
            p.notice { "A directory is enrolled with this token already, so no email and password are needed." }
        } @else {
            (field(state, Field::Email))
            (field(state, Field::Password))
        }
        (field(state, Field::CaFile))
        div.actions { (next("Next")) }
    }
}
