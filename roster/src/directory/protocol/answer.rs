//! What the server answers to a run's commit.

use serde::{Deserialize, Serialize};

use super::Guid;
use crate::directory::words::words;

/// What came of a run.
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
    /// What waits, by its kind; in none of the counts above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    /// Why all of it was refused, `group.not_found`, and in a sentence; with `rejected` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

words! {
    /// What became of a run.
    pub enum RunResult {
        Applied = "applied", "Applied";
        Preview = "preview", "Preview";
        /// Something waits for a Master Administrator.
        Held = "held", "Held for approval";
        /// Nothing was done: a group is gone, it is another directory, the digest differs.
        Rejected = "rejected", "Rejected";
    }
}

/// One person's fault; the run goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonFault {
    pub guid: Guid,
    /// `email.required`, `email.in_use`, …: those of the import, and those of `plan`.
    pub code: String,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub reason: HeldReason,
    /// How many changes wait.
    pub count: u64,
}

/// The changes that wait; one that links an account is an update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub created: u64,
    pub updated: u64,
    pub disabled: u64,
    pub enabled: u64,
}

words! {
    /// Why steps wait; the first that applies.
    pub enum HeldReason {
        FirstRun = "first_run", "It is the first run.";
        MappingChanged = "mapping_changed", "The mapping of groups was changed.";
        /// A group that had members has none.
        GroupEmptied = "group_emptied", "A group that had members has none now.";
        /// It would disable more at once than is set.
        ManyDisabled = "many_disabled", "It would disable more technicians at once than is set.";
        /// More would be disabled within 24 hours than is set.
        ManyInADay = "many_in_a_day",
            "It would disable more technicians within 24 hours than is set.";
        /// It would change the emails of more at once than is set.
        ManyEmails = "many_emails",
            "It would change the emails of more technicians at once than is set.";
        /// The emails of more would change within 24 hours than is set.
        ManyEmailsInADay = "many_emails_in_a_day",
            "It would change the emails of more technicians within 24 hours than is set.";
        /// It would enable more at once than is set.
        ManyEnabled = "many_enabled",
            "It would enable more technicians at once than is set.";
        /// More would be enabled within 24 hours than is set.
        ManyEnabledInADay = "many_enabled_in_a_day",
            "It would enable more technicians within 24 hours than is set.";
    }
}
