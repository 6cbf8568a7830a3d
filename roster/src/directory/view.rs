//! Directory synchronization as its page, the command line and the Active Directory Logger show it.

pub mod log;

use serde::{Deserialize, Serialize};

use super::plan::Rules;
use super::protocol::{Guid, Held, Mode, RunId, SourceId};
use super::words::words;
use crate::id::{AccountId, GroupId, Timestamp, TokenId};
use crate::secret::Secret;

/// What is set for directory synchronization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectorySettings {
    /// From the beginning of one run to that of the next; 5 to 1,440.
    pub interval_minutes: u32,
    pub rules: Rules,
    /// Counts the changes: a form names the version that it was filled from.
    pub version: i64,
}

/// A service token's line; never the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLine {
    pub id: TokenId,
    pub created_at: Timestamp,
    /// The name at that time.
    pub created_by: String,
    pub last_used_at: Option<Timestamp>,
    /// The directory that is enrolled with it, by its domain.
    pub source: Option<(SourceId, String)>,
    pub state: TokenState,
}

/// A code for enrolling, which is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrollmentCode {
    pub code: Secret,
    pub ends_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// No directory has enrolled with it yet: one may until this moment.
    New(Timestamp),
    InUse,
    /// Another took its place: it works until this moment.
    Until(Timestamp),
    Expired,
    Revoked,
}

/// A directory that is enrolled, and how it is with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    pub id: SourceId,
    /// `corp.example.com`
    pub domain: String,
    pub domain_guid: Guid,
    pub domain_sid: String,
    /// The service as it last said of itself, and the controller that it read; empty until a run.
    pub agent: String,
    pub controller: String,
    pub enrolled_at: Timestamp,
    pub enrolled_by: String,
    pub last_contact_at: Option<Timestamp>,
    pub last_success_at: Option<Timestamp>,
    pub state: SourceState,
    /// Technicians who are linked with it, and those of them who are enabled.
    pub linked: u64,
    pub enabled: u64,
    /// What the thresholds are a share of, see [`super::plan::counted`].
    pub counted: u64,
    pub mappings: Vec<MappingLine>,
    /// The run that waits for somebody's decision.
    pub held: Option<RunId>,
    /// A run was asked for, and has not begun yet.
    pub run_asked: bool,
    /// What is wrong with it now.
    pub problems: u64,
    /// A token works with which it can come.
    pub has_token: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Enrolled; no run succeeded yet.
    New,
    InStep,
    /// Something waits for a Master Administrator.
    Held,
    /// There was no success since this moment, for longer than [`late_after_seconds`].
    Late(Timestamp),
}

/// As the audit trail names who keeps people in step.
#[must_use]
pub fn caller_name(domain: &str) -> String {
    ["Active Directory ", domain].concat()
}

/// Without a success for so long it is late.
#[must_use]
pub fn late_after_seconds(interval_seconds: u32) -> i64 {
    (3 * i64::from(interval_seconds)).max(3600)
}

/// Which group's members go where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingLine {
    pub ad_group_guid: Guid,
    pub ad_group_name: String,
    pub group: GroupId,
    /// "Support / Tier 1"; `None`: the Technician Group is gone.
    pub path: Option<String>,
    /// People in it at the last run that read it completely.
    pub members: Option<u64>,
    /// A run with it was approved.
    pub approved: bool,
}

words! {
    /// What the service runs on.
    pub enum System {
        Linux = "linux", "Linux";
        Windows = "windows", "Windows";
    }

    /// What became of a run.
    pub enum RunState {
        UnderWay = "under_way", "Under way";
        Applied = "applied", "Done";
        Previewed = "previewed", "Preview";
        /// Waits for a Master Administrator.
        Held = "held", "Waits for approval";
        /// The same waits as in an earlier run.
        HeldBefore = "held_before", "Waits with an earlier run";
        Approved = "approved", "Approved";
        Dropped = "dropped", "Dropped";
        /// It was held, and a later run or another mapping took its place.
        Replaced = "replaced", "Replaced by a later run";
        Rejected = "rejected", "Refused";
        Aborted = "aborted", "Ended early";
    }

    /// What a run did about a person.
    pub enum ChangeKind {
        Created = "created", "Created";
        /// An account that was there is kept in step from now on.
        Linked = "linked", "Linked";
        Updated = "updated", "Changed";
        Disabled = "disabled", "Disabled";
        Enabled = "enabled", "Enabled";
        Failed = "failed", "Failed";
    }
}

impl System {
    /// The service's program there.
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
    /// In hexadecimal: who unpacked the program can see that it is this one.
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

/// What a run did about one person, or would have done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeLine {
    /// Its place in the run, which stays.
    pub place: u64,
    pub guid: Guid,
    pub account: Option<AccountId>,
    pub name: String,
    pub email: String,
    pub kind: ChangeKind,
    /// It waits, or waited, for an approval.
    pub held: bool,
    /// Why: "Disabled in the directory", or the fault.
    pub reason: String,
    /// Of a fault: `email.in_use`.
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

/// Which changes of a run are wanted; what is empty doesn't matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeFilter {
    pub kind: Option<ChangeKind>,
    /// Those that wait, or waited, for an approval.
    pub held: bool,
    /// Part of a name or an email.
    pub text: String,
}

/// What is wrong now: one line, however often it recurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemLine {
    pub source: SourceId,
    pub domain: String,
    /// `email.in_use`, `ldap.wrong_password`
    pub code: String,
    /// Whom or what it is about: a GUID, or empty.
    pub subject: String,
    /// The name of that.
    pub name: String,
    /// Who is in the way: of `email.ask`, whose account it may be.
    pub account: Option<AccountId>,
    pub message: String,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// How often it was seen.
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

/// What the service told beside its runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventLine {
    pub source: SourceId,
    pub domain: String,
    pub at: Timestamp,
    pub code: String,
    pub message: String,
}

/// What of an account is kept in step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Follows {
    /// Name, email and status: what is written here by hand is overwritten at the next run.
    All,
    /// It was moved by hand: the status alone.
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
