//! What the pages, the command line and the Active Directory Logger show of directory synchronization.

pub mod log;

use serde::{Deserialize, Serialize};

use super::plan::Rules;
use super::protocol::{Guid, Held, Mode, RunId, SourceId};
use super::words::words;
use crate::id::{AccountId, GroupId, Timestamp, TokenId};
use crate::secret::Secret;

/// The settings of directory synchronization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectorySettings {
    /// From the beginning of one run to that of the next; 5 to 1,440.
    pub interval_minutes: u32,
    pub rules: Rules,
    /// Grows with each change; a form sends the version that it was filled from.
    pub version: i64,
}

/// A service token in the list, without the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLine {
    pub id: TokenId,
    pub created_at: Timestamp,
    /// The creator's name at that time.
    pub created_by: String,
    pub last_used_at: Option<Timestamp>,
    /// The directory enrolled with it, and its domain.
    pub source: Option<(SourceId, String)>,
    pub state: TokenState,
}

/// A code for enrolling a directory, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrollmentCode {
    pub code: Secret,
    pub ends_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// No directory has enrolled with it yet. One may until this moment.
    New(Timestamp),
    InUse,
    /// It was replaced, and works until this moment.
    Until(Timestamp),
    Expired,
    Revoked,
}

/// An enrolled directory and its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    pub id: SourceId,
    /// `corp.example.com`
    pub domain: String,
    pub domain_guid: Guid,
    pub domain_sid: String,
    /// The service's name and version, and the controller that it read; empty before the first run.
    pub agent: String,
    pub controller: String,
    pub enrolled_at: Timestamp,
    pub enrolled_by: String,
    pub last_contact_at: Option<Timestamp>,
    pub last_success_at: Option<Timestamp>,
    pub state: SourceState,
    /// Linked technicians.
    pub linked: u64,
    /// Linked technicians who are enabled.
    pub enabled: u64,
    /// The number of which the thresholds are a share; see [`super::plan::counted`].
    pub counted: u64,
    pub mappings: Vec<MappingLine>,
    /// The run that waits for approval.
    pub held: Option<RunId>,
    /// A run was asked for, and has not begun yet.
    pub run_asked: bool,
    /// The number of current problems.
    pub problems: u64,
    /// The directory has a token that works.
    pub has_token: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Enrolled; no run succeeded yet.
    New,
    InStep,
    /// A run waits for a Master Administrator.
    Held,
    /// No run has succeeded since this moment, for longer than [`late_after_seconds`].
    Late(Timestamp),
}

/// The directory's name as an actor in the audit trail.
#[must_use]
pub fn caller_name(domain: &str) -> String {
    ["Active Directory ", domain].concat()
}

/// A directory is late if no run succeeds for this long: three intervals, but at least an hour.
#[must_use]
pub fn late_after_seconds(interval_seconds: u32) -> i64 {
    (3 * i64::from(interval_seconds)).max(3600)
}

/// A mapping as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingLine {
    pub ad_group_guid: Guid,
    pub ad_group_name: String,
    pub group: GroupId,
    /// "Support / Tier 1"; `None`: the Technician Group was deleted.
    pub path: Option<String>,
    /// People in the AD group at the last run that read it completely.
    pub members: Option<u64>,
    /// A run with this mapping was approved.
    pub approved: bool,
}

words! {
    /// The systems that the service runs on.
    pub enum System {
        Linux = "linux", "Linux";
        Windows = "windows", "Windows";
    }

    /// The state of a run.
    pub enum RunState {
        UnderWay = "under_way", "Under way";
        Applied = "applied", "Done";
        Previewed = "previewed", "Preview";
        Held = "held", "Waits for approval";
        /// Its steps wait in an earlier run.
        HeldBefore = "held_before", "Waits with an earlier run";
        Approved = "approved", "Approved";
        Dropped = "dropped", "Dropped";
        /// It was held, and a later run or a change of the mappings replaced it.
        Replaced = "replaced", "Replaced by a later run";
        Rejected = "rejected", "Refused";
        Aborted = "aborted", "Ended early";
    }

    /// What a run did for a person.
    pub enum ChangeKind {
        Created = "created", "Created";
        /// An existing account is kept in step from now on.
        Linked = "linked", "Linked";
        Updated = "updated", "Changed";
        Disabled = "disabled", "Disabled";
        Enabled = "enabled", "Enabled";
        Failed = "failed", "Failed";
    }
}

impl System {
    /// The file name of the service's program.
    #[must_use]
    pub fn program(self) -> &'static str {
        match self {
            Self::Linux => "muster-sync",
            Self::Windows => "muster-sync.exe",
        }
    }
}

/// The service's program, as it can be downloaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Download {
    pub system: System,
    /// Of the unpacked program, in hexadecimal, for comparison.
    pub sha256: String,
}

/// How many people a run changed, or would have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunCounts {
    pub created: u64,
    pub updated: u64,
    pub disabled: u64,
    pub enabled: u64,
    pub unchanged: u64,
    pub failed: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunLine {
    pub id: RunId,
    pub source: SourceId,
    pub domain: String,
    pub mode: Mode,
    pub state: RunState,
    pub began_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub agent: String,
    pub controller: String,
    pub counts: RunCounts,
    /// Why it was held, and how many changes waited.
    pub held: Option<Held>,
    /// Why it was refused or ended early.
    pub message: Option<String>,
    /// Who approved or dropped it.
    pub decided: Option<Decided>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    pub by: String,
    pub at: Timestamp,
}

/// What a run did, or would have done, for one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeLine {
    /// Its number in the run; it never changes.
    pub place: u64,
    pub guid: Guid,
    pub account: Option<AccountId>,
    pub name: String,
    pub email: String,
    pub kind: ChangeKind,
    /// It waits, or waited, for an approval.
    pub held: bool,
    /// Such as "Disabled in the directory", or the fault's sentence.
    pub reason: String,
    /// A fault's code, such as `email.in_use`.
    pub code: Option<String>,
    pub fields: Vec<FieldChange>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// "name", "email", "group"
    pub field: String,
    pub before: String,
    pub after: String,
}

/// Selects changes of a run. An empty field selects all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeFilter {
    pub kind: Option<ChangeKind>,
    /// Only those that wait, or waited, for an approval.
    pub held: bool,
    /// Part of a name or an email.
    pub text: String,
}

/// A current problem: one line, however often it recurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemLine {
    pub source: SourceId,
    pub domain: String,
    /// Such as `email.in_use` or `ldap.wrong_password`.
    pub code: String,
    /// The GUID of the person or group that it concerns; empty for the whole directory.
    pub subject: String,
    /// The subject's name.
    pub name: String,
    /// The account that has the email; for `email.ask`, the one that may be this person's.
    pub account: Option<AccountId>,
    pub message: String,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// How often it was reported.
    pub times: u64,
}

/// An account that a directory keeps in step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLink {
    pub source: SourceId,
    pub domain: String,
    pub guid: Guid,
    pub follows: Follows,
    /// The directory disabled it, and will enable it again.
    pub disabled_by_directory: bool,
}

/// An error that the service reported outside its runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventLine {
    pub source: SourceId,
    pub domain: String,
    pub at: Timestamp,
    pub code: String,
    pub message: String,
}

/// What is kept in step for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Follows {
    /// Name, email and status: the next run overwrites changes by hand.
    All,
    /// Only the status, because the account was moved by hand.
    Status,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_late_after_three_intervals_and_an_hour() {
        let check = |minutes: u32, expected: i64| {
            assert_eq!(late_after_seconds(minutes * 60), expected * 60);
        };
        check(5, 60);
        check(15, 60);
        check(20, 60);
        check(60, 180);
        check(1440, 4320);
    }
}
