//! What a use case answers when it can't do what was asked, as it may be told to anyone: a public
//! code and a sentence. Causes are logged by the server, never sent.

use serde::{Deserialize, Serialize};

use crate::authority::Denied;
use crate::problem::Problem;

/// A refusal with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Fault {
    #[error("{denied}")]
    Denied { denied: Denied },
    #[error("There is no such {what}, or not within the groups that are assigned to you.")]
    NotFound { what: String },
    /// Fields that are wrong, each with its problem; `Problem::column` names the field.
    #[error("{}", summary(problems))]
    Invalid { problems: Vec<Problem> },
    /// Somebody else changed it since it was read, or the database holds something in the way.
    #[error("{message}")]
    Conflict { message: String },
    /// The words of a form that is not about a field: a wrong code, wrong sign-in data.
    #[error("{message}")]
    Refused { message: String },
    #[error("Too many tries. Try again in {seconds} s.")]
    Wait { seconds: i64 },
    #[error("The database does not answer. Nothing was changed; try again in a moment.")]
    Unavailable,
    #[error("Something went wrong on the server. The log has the cause under {request}.")]
    Internal { request: String },
}

fn summary(problems: &[Problem]) -> String {
    problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ")
}

impl From<Denied> for Fault {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::OutsideArea => Self::NotFound { what: "entry".to_owned() },
            _ => Self::Denied { denied },
        }
    }
}

impl Fault {
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::NotFound { what: what.to_owned() }
    }

    #[must_use]
    pub fn refused(message: impl Into<String>) -> Self {
        Self::Refused { message: message.into() }
    }

    #[must_use]
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::Conflict { message: message.into() }
    }
}
