//! Who may do what: who asks is here, what they want in `act`, whether they may in `decide`, and why
//! they may not in `denied`.

mod act;
mod decide;
mod denied;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::account::Role;
use crate::directory::protocol::SourceId;
use crate::id::{AccountId, GroupId, SessionId, TokenId};
use crate::repeat::Repeat;
use crate::secret::Secret;

pub use act::{Act, Grant};
pub use decide::{Decision, decide};
pub use denied::Denied;

/// From where somebody asks, as it is written into the audit trail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The network address, or "command line".
    pub address: String,
    /// What the browser says it is; empty where there is none.
    pub agent: String,
    /// By what a browser that signed in before is known again.
    #[serde(skip)]
    pub device: Option<Secret>,
    /// By what the request is known again when it is sent again.
    #[serde(skip)]
    pub repeat: Option<Repeat>,
}

/// A signed-in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub account: AccountId,
    pub name: String,
    pub role: Role,
    /// The groups that an Administrator is assigned to; each covers what lies below it.
    pub areas: Vec<GroupId>,
    pub session: SessionId,
    /// Until a new password is chosen, nothing else can be done.
    pub must_change_password: bool,
    /// Until two-step verification is set up, nothing else can be done.
    pub two_step_due: bool,
}

/// A service that keeps people in step with a directory, known by its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryCaller {
    pub token: TokenId,
    /// `None`: no directory has enrolled with the token yet.
    pub source: Option<SourceId>,
    /// As the audit trail shows it: "Active Directory corp.example.com".
    pub name: String,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    Anonymous,
    Person(Actor),
    Directory(DirectoryCaller),
    /// Whoever runs the program on the server holds the database: allowed all, audited as that.
    Operator,
}

/// Who asks, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    pub who: Who,
    pub origin: Origin,
}

impl Caller {
    #[must_use]
    pub fn anonymous(origin: Origin) -> Self {
        Self { who: Who::Anonymous, origin }
    }

    #[must_use]
    pub fn operator() -> Self {
        let origin = Origin { address: "command line".to_owned(), ..Origin::default() };
        Self { who: Who::Operator, origin }
    }

    #[must_use]
    pub fn person(&self) -> Option<&Actor> {
        match &self.who {
            Who::Person(actor) => Some(actor),
            Who::Anonymous | Who::Directory(_) | Who::Operator => None,
        }
    }

    #[must_use]
    pub fn directory(&self) -> Option<&DirectoryCaller> {
        match &self.who {
            Who::Directory(directory) => Some(directory),
            Who::Anonymous | Who::Person(_) | Who::Operator => None,
        }
    }

    /// The name that the audit trail shows.
    #[must_use]
    pub fn display_name(&self) -> &str {
        match &self.who {
            Who::Anonymous => "Anonymous",
            Who::Person(actor) => &actor.name,
            Who::Directory(directory) => &directory.name,
            Who::Operator => "the operator of this server",
        }
    }
}
