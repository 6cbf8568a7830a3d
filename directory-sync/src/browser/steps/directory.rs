//! The domain, its controllers, and the account that reads. After this step the program signs in at a
//! controller, enrolls the directory, and saves the configuration.

use maud::{Markup, html};
use roster::directory::protocol::{DirectoryIdentity, Hello, Mapping};

use super::{Next, Place};
use crate::browser::fields::Field;
use crate::browser::form::Form;
use crate::browser::markup::{back, controllers, field, next, next_by_enter, tick};
use crate::browser::state::State;
use crate::browser::work::{Task, Then, failed};
use crate::configuration::Setting;
use crate::connect;
use crate::failure::{Failure, Result};
use crate::setup::{Setup, mapping};

pub fn take(state: &mut State, form: &Form) -> Next {
    if form.get("go") == Some("find") {
        state.faults = state.missing(&[Field::Domain]);
        return if state.faults.is_empty() {
            Next::Work(Task::new("Looking for controllers…", find(state.setup())))
        } else {
            Next::Stay
        };
    }
    let needed = [Field::Domain, Field::BindUser, Field::BindPassword];
    let needed = if state.reads_as_itself() { &needed[..1] } else { &needed };
    state.faults = state.missing(needed);
    if state.faults.is_empty() { enter(state) } else { Next::Stay }
}

async fn find(setup: Result<Setup>) -> Then {
    let found = match setup {
        Ok(setup) => {
            let mut configuration = setup.answers.configuration;
            configuration.controllers.clear();
            connect::controllers(&configuration).await
        }
        Err(failure) => Err(failure),
    };
    match found {
        Ok(found) => Box::new(move |state| {
            state.found_controllers = found.iter().map(ToString::to_string).collect();
            Place::Directory
        }),
        Err(failure) => failed(failure, Place::Directory),
    }
}

pub fn enter(state: &mut State) -> Next {
    let (setup, maps) = (state.setup(), state.groups.maps.clone());
    Next::Work(Task::new("Connecting to the directory and to Muster…", entered(setup, maps)))
}

struct Entered {
    setting: Setting,
    hello: Hello,
    /// The mappings of the flags.
    mapped: Vec<Mapping>,
    /// Why the flags' mappings could not be resolved.
    unmapped: Option<Failure>,
}

/// Why the step did not succeed.
enum Not {
    CodeWanted(String),
    Failed(Failure),
}

impl From<Failure> for Not {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

async fn entered(setup: Result<Setup>, maps: Vec<String>) -> Then {
    match all(setup, maps).await {
        Ok(Entered { setting, hello, mapped, unmapped }) => Box::new(move |state| {
            state.enrolled();
            state.setting = Some(setting);
            let groups = &mut state.groups;
            groups.maps.clear();
            groups.known.clone_from(&hello.mappings);
            if !mapped.is_empty() {
                groups.mapped = mapped;
            } else if groups.mapped.is_empty() {
                groups.mapped = hello.mappings;
            }
            state.faults = unmapped.map(Into::into).into_iter().collect();
            Place::Groups
        }),
        Err(Not::CodeWanted(message)) => Box::new(move |state| {
            state.code_wanted = message;
            Place::Code
        }),
        Err(Not::Failed(failure)) => {
            let failed = failed(failure, Place::Directory);
            Box::new(|state| {
                // A code works only once.
                state.secrets.remove(&Field::Code);
                failed(state)
            })
        }
    }
}

async fn all(setup: Result<Setup>, maps: Vec<String>) -> Result<Entered, Not> {
    let setup = setup?;
    let (mut connection, domain) = setup.enter().await?;
    enroll(&setup, &domain.identity).await?;
    let setting = setup.keep()?;
    let hello = setup.recognized(&domain.identity).await?;
    let server = setup.server()?;
    let mapped = mapping::given(&maps, &server, &mut connection, &domain).await;
    connection.close().await;
    let (mapped, unmapped) = match mapped {
        Ok(mapped) => (mapped, None),
        Err(failure) => (Vec::new(), Some(failure)),
    };
    Ok(Entered { setting, hello, mapped, unmapped })
}

async fn enroll(setup: &Setup, directory: &DirectoryIdentity) -> Result<(), Not> {
    match setup.enroll(directory).await {
        Ok(_) => Ok(()),
        Err(refusal) => Err(match setup.wants_code(&refusal) {
            Some(message) => Not::CodeWanted(message.to_owned()),
            None => refusal.into(),
        }),
    }
}

pub fn show(state: &State) -> Markup {
    html! {
        (next_by_enter())
        (field(state, Field::Domain))
        (controllers(state))
        (tick(state, Field::StartTls))
        (field(state, Field::CaFile))
        (field(state, Field::BindUser))
        (field(state, Field::BindPassword))
        (field(state, Field::Base))
        div.actions { (next("Next")) (back()) }
    }
}
