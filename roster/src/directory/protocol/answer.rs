//! The server's answer to a run's commit.

use serde::{Deserialize, Serialize};

use super::Guid;
use crate::directory::words::words;

/// The result of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Committed {
    pub result: RunResult,
    pub created: u64,
    pub updated: u64,
    pub disabled: u64,
    pub enabled: u64,
    pub unchanged: u64,
    pub failed: Vec<PersonFault>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// The steps that wait, by kind; in none of the counts above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    /// Only for a rejected run: the reason's code, such as `group.not_found`, and its sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl Committed {
    /// A result without any change, fault or message.
    #[must_use]
    pub const fn empty(result: RunResult) -> Self {
        Self {
            result,
            created: 0,
            updated: 0,
            disabled: 0,
            enabled: 0,
            unchanged: 0,
            failed: Vec::new(),
            held: None,
            waiting: None,
            code: None,
            message: None,
        }
    }
}

words! {
    /// How a run ended.
    pub enum RunResult {
        Applied = "applied", "Applied";
        Preview = "preview", "Preview";
        /// Some steps wait for a Master Administrator.
        Held = "held", "Held for approval";
        /// Nothing was changed, for one of the reasons in [`crate::directory::plan::Rejected`].
        Rejected = "rejected", "Rejected";
    }
}

/// One person's fault; it doesn't stop the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonFault {
    pub guid: Guid,
    /// Such as `email.required`; see [`crate::directory::plan::FaultCode`].
    pub code: String,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub reason: HeldReason,
    /// How many changes wait.
    pub count: u64,
}

/// How many steps wait, by kind. Links count as updates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub created: u64,
    pub updated: u64,
    pub disabled: u64,
    pub enabled: u64,
}

words! {
    /// Why steps wait. If several reasons apply, the first one is told.
    pub enum HeldReason {
        FirstRun = "first_run", "It is the first run.";
        MappingChanged = "mapping_changed", "The mapping of groups was changed.";
        GroupEmptied = "group_emptied", "A group that had members has none now.";
        ManyDisabled = "many_disabled", "It would disable more technicians at once than is set.";
        ManyInADay = "many_in_a_day",
            "It would disable more technicians within 24 hours than is set.";
        ManyEmails = "many_emails",
            "It would change the emails of more technicians at once than is set.";
        ManyEmailsInADay = "many_emails_in_a_day",
            "It would change the emails of more technicians within 24 hours than is set.";
        ManyEnabled = "many_enabled",
            "It would enable more technicians at once than is set.";
        ManyEnabledInADay = "many_enabled_in_a_day",
            "It would enable more technicians within 24 hours than is set.";
    }
}
