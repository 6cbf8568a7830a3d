//! The steps in their order: each one's fields, what its form does, and its page.

mod check;
mod code;
mod directory;
mod groups;
mod install;
mod muster;
mod preview;

use maud::{Markup, html};

use super::fields::Field;
use super::form::Form;
use super::markup;
use super::state::State;
use super::work::Task;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Muster,
    Directory,
    /// Between two steps, if the Master Account Holder has two-step verification.
    Code,
    Groups,
    Check,
    Preview,
    Install,
    Finished,
}

/// What follows a submitted form.
pub enum Next {
    Stay,
    To(Place),
    Work(Task),
}

impl Place {
    pub const STEPS: [(Self, &'static str); 6] = [
        (Self::Muster, "Muster"),
        (Self::Directory, "Directory"),
        (Self::Groups, "Groups"),
        (Self::Check, "Check"),
        (Self::Preview, "Preview"),
        (Self::Install, "Service"),
    ];

    pub fn path(self) -> &'static str {
        match self {
            Self::Muster => "/muster",
            Self::Directory => "/directory",
            Self::Code => "/code",
            Self::Groups => "/groups",
            Self::Check => "/check",
            Self::Preview => "/preview",
            Self::Install => "/install",
            Self::Finished => "/finished",
        }
    }

    pub fn of(path: &str) -> Option<Self> {
        let all = Self::STEPS.map(|(place, _)| place);
        all.into_iter().chain([Self::Code, Self::Finished]).find(|place| place.path() == path)
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Muster => "Connect to Muster",
            Self::Directory => "Connect to the directory",
            Self::Code => "Two-step verification",
            Self::Groups => "Map AD groups to Technician Groups",
            Self::Check => "What can be read",
            Self::Preview => "What the first run would do",
            Self::Install => "Install the service",
            Self::Finished => "Set-up is finished",
        }
    }

    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Muster => {
                &[Field::Server, Field::Token, Field::Email, Field::Password, Field::CaFile]
            }
            Self::Directory => &[
                Field::Domain,
                Field::Controllers,
                Field::StartTls,
                Field::CaFile,
                Field::BindUser,
                Field::BindPassword,
                Field::Base,
            ],
            Self::Code => &[Field::Code],
            Self::Groups => &[Field::Search],
            Self::Check | Self::Preview | Self::Install | Self::Finished => &[],
        }
    }

    /// Whether this step comes before the configuration is saved, so that a wrong answer may belong to an
    /// earlier step.
    pub fn asks(self) -> bool {
        self < Self::Groups
    }

    fn before(self) -> Self {
        match self {
            Self::Muster | Self::Directory => Self::Muster,
            Self::Code | Self::Groups => Self::Directory,
            Self::Check => Self::Groups,
            Self::Preview => Self::Check,
            Self::Install | Self::Finished => Self::Preview,
        }
    }
}

pub fn take(place: Place, state: &mut State, form: &Form) -> Next {
    state.faults.clear();
    state.at = place;
    state.remember(place, form);
    if form.get("go") == Some("back") {
        return Next::To(place.before());
    }
    match place {
        Place::Muster => muster::take(state),
        Place::Directory => directory::take(state, form),
        Place::Code => code::take(state),
        Place::Groups => groups::take(state, form),
        Place::Check => check::take(state, form),
        Place::Preview => preview::take(state, form),
        Place::Install => install::take(state, form),
        Place::Finished => Next::Stay,
    }
}

pub fn show(state: &State, token: &str) -> Markup {
    let place = state.at;
    let content = match place {
        Place::Muster => muster::show(state),
        Place::Directory => directory::show(state),
        Place::Code => code::show(state),
        Place::Groups => groups::show(state),
        Place::Check => check::show(state),
        Place::Preview => preview::show(state),
        Place::Install => install::show(state),
        Place::Finished => return markup::frame(place, &[], &finished(state)),
    };
    let form = html! {
        form.form method="post" action=(place.path()) {
            input type="hidden" name="form" value=(token);
            (content)
        }
    };
    markup::frame(place, &state.faults, &form)
}

fn finished(state: &State) -> Markup {
    let server = state.text(Field::Server).trim_end_matches('/');
    html! {
        @if state.installed.is_some() {
            p { "The service runs. Its first run waits in Muster for the approval of a Master Administrator." }
        } @else {
            p { "The service is not installed. Install it with " code { "muster-sync install" } ", or start " code { "muster-sync run" } " with this machine's service manager." }
        }
        p { a href={ (server) "/settings/directory" } { "Active Directory Synchronization in Muster" } }
        p.dim { "This window can be closed." }
    }
}
