//! What a use case answers when it can't do what was asked, as it may be told to anyone: a public
//! code and a sentence. Causes are logged by the server, never sent.

mod outage;

use serde::{Deserialize, Serialize};

use crate::authority::Denied;
use crate::problem::Problem;
pub use outage::Outage;

/// What was sent, or answered, is of another version of the program.
const UPDATED: &str = "Muster was updated. Load the page again.";

/// A refusal with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Fault {
    #[error("{denied}")]
    Denied { denied: Denied },
    #[error("There is no such {what}, or not within the groups that are assigned to you.")]
    NotFound { what: String },
    /// A form's fields that are wrong.
    #[error("{}", summary(problems))]
    Invalid { problems: Vec<FieldProblem> },
    /// Somebody else changed it since it was read, or the database holds something in the way.
    #[error("{message}")]
    Conflict { message: String },
    /// The words of a form that is not about a field: a wrong code, wrong sign-in data.
    #[error("{message}")]
    Refused { message: String },
    #[error("Too many tries. Try again in {}.", for_how_long(*seconds))]
    Wait { seconds: i64 },
    #[error("Too many passwords are being checked right now. Try again in {seconds} s.")]
    Busy { seconds: i64 },
    /// The database can't be used at the moment; nothing was changed.
    #[error("{}", reason.sentence())]
    Unavailable {
        #[serde(default)]
        reason: Outage,
    },
    #[error("Something went wrong on the server. The log has the cause under {request}.")]
    Internal { request: String },
}

/// What is wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// The field by its key, `singleSignOnId`.
    pub field: String,
    pub message: String,
}

impl FieldProblem {
    #[must_use]
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), message: message.into() }
    }
}

impl From<Problem> for FieldProblem {
    fn from(problem: Problem) -> Self {
        Self { field: problem.column.unwrap_or_default(), message: problem.message }
    }
}

/// Never less than it is.
fn for_how_long(seconds: i64) -> String {
    match seconds {
        ..=120 => format!("{seconds} s"),
        121..=7_200 => format!("{} minutes", (seconds + 59) / 60),
        _ => format!("{} hours", seconds.saturating_add(3_599) / 3_600),
    }
}

fn summary(problems: &[FieldProblem]) -> String {
    problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ")
}

impl From<Denied> for Fault {
    fn from(denied: Denied) -> Self {
        match denied {
            // Who decides about a person says "technician" by itself: whatever isn't there is
            // answered in the same word.
            Denied::OutsideArea => Self::not_found("Technician Group"),
            _ => Self::Denied { denied },
        }
    }
}

impl Fault {
    /// One field that is wrong.
    #[must_use]
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid { problems: vec![FieldProblem::new(field, message)] }
    }

    /// Something is wrong with this field.
    #[must_use]
    pub fn is_about(&self, field: &str) -> bool {
        let Self::Invalid { problems } = self else { return false };
        problems.iter().any(|problem| problem.field == field)
    }

    /// The page and the server are of different versions. The code is one that every version reads.
    #[must_use]
    pub fn updated() -> Self {
        Self::refused(UPDATED)
    }

    #[must_use]
    pub fn is_updated(&self) -> bool {
        matches!(self, Self::Refused { message } if message == UPDATED)
    }

    /// A person whose fields break the rules.
    #[must_use]
    pub fn invalid_person(problems: Vec<Problem>) -> Self {
        Self::Invalid { problems: problems.into_iter().map(Into::into).collect() }
    }

    /// Another change was in the way: the next try finds things as they are.
    #[must_use]
    pub fn busy_database() -> Self {
        Self::Unavailable { reason: Outage::Busy }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_said_in_words_that_can_be_read() {
        let check = |seconds, expected: &str| {
            let said = Fault::Wait { seconds }.to_string();
            assert_eq!(said, format!("Too many tries. Try again in {expected}."));
        };
        check(1, "1 s");
        check(120, "120 s");
        check(121, "3 minutes");
        check(899, "15 minutes");
        check(7_201, "3 hours");
        check(86_400, "24 hours");
        check(i64::MAX, "2562047788015215 hours");
    }
}
