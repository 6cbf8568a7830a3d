//! The protocol between `muster-sync` and the server: `/api/directory-sync/v1`, JSON, gzip, with the
//! service token as `Authorization: Bearer`. Shapes only; `plan` decides.

mod answer;
pub mod bounds;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::words::words;
use crate::hexadecimal;
use crate::id::{GroupId, Timestamp};
use crate::secret::Secret;

pub use answer::{Committed, Held, HeldReason, PersonFault, RunResult, Waiting};

/// The protocol's version, sent in `hello`.
pub const PROTOCOL: u32 = 1;

/// The most people in one batch.
pub const BATCH_PEOPLE: usize = 1_000;

/// GUIDs in one page of `managed`.
pub const MANAGED_PAGE: usize = 1_000;

/// An `objectGUID`: it stays the same when the object is renamed or moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Guid(pub Uuid);

/// One directory that keeps people in step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub i64);

/// One run; a UUID v7 that the service makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub Uuid);

macro_rules! as_text {
    ($($name:ident: $error:ty),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}
as_text!(Guid: uuid::Error, RunId: uuid::Error, SourceId: std::num::ParseIntError);

/// Identifies a directory. A source is enrolled for exactly one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryIdentity {
    /// `corp.example.com`
    pub domain: String,
    pub domain_guid: Guid,
    /// `S-1-5-21-…`
    pub domain_sid: String,
}

/// `POST enroll`: the Master Account Holder authorizes this directory. The request's token is bound to
/// the directory from then on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Enroll {
    pub email: String,
    pub password: Secret,
    /// A code of two-step verification, if the account has it.
    #[serde(default)]
    pub code: Secret,
    pub directory: DirectoryIdentity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    pub source_id: SourceId,
}

/// The answer to `GET hello`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    pub protocol: u32,
    pub server_time: Timestamp,
    pub source_id: SourceId,
    /// The directory enrolled with the token; the service compares it before it reads.
    pub directory: DirectoryIdentity,
    pub interval_seconds: u32,
    pub mappings: Vec<Mapping>,
    pub commands: Vec<Command>,
}

/// What an administrator asked the service to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Begin a run now, without waiting for the interval.
    RunNow,
}

/// Members of an AD group become technicians of a Technician Group. A person in several mapped groups
/// belongs to the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    pub ad_group_guid: Guid,
    pub ad_group_name: String,
    pub technician_group_id: GroupId,
}

/// `PUT mappings`: replaces all mappings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mappings {
    pub mappings: Vec<Mapping>,
}

/// The answer to `GET groups?search=`: Technician Groups, 20 at most, by path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    pub groups: Vec<GroupChoice>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupChoice {
    pub id: GroupId,
    /// "Support/Tier 1"
    pub path: String,
}

/// The answer to `GET managed?after=`: enabled technicians of this source, sorted by GUID.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Managed {
    pub guids: Vec<Guid>,
    /// The `after` of the next page; `None`: this was the last page.
    pub next: Option<Guid>,
}

words! {
    /// Whether a run changes anything.
    pub enum Mode {
        Apply = "apply", "Run";
        /// The same transaction, rolled back.
        Preview = "preview", "Preview";
    }
}

/// `POST runs`: 201, or 409 while another one is under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeginRun {
    pub run_id: RunId,
    pub mode: Mode,
    /// "muster-sync 0.1.0, linux"
    pub agent: String,
    /// The domain controller from which the whole run is read.
    pub controller: String,
}

/// `PUT runs/{id}/batches/{n}`, numbered from 0; sending one again changes nothing. Each person is
/// in one batch of the run, once, with all of their groups. A run that contradicts itself about a
/// person is rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    pub people: Vec<PersonSeen>,
}

/// A person as read from the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonSeen {
    pub guid: Guid,
    /// Unchecked, as are all texts: the server validates. Empty if there is none.
    pub name: String,
    pub email: String,
    pub enabled: bool,
    /// Why the account is disabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<DisabledReason>,
    /// The mapped groups to which they belong, directly, by nesting or as their primary group.
    pub group_guids: Vec<Guid>,
    pub read: Read,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisabledReason {
    Disabled,
    Expired,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Read {
    Ok,
    /// They are a member, but nothing else about them could be read.
    Unreadable,
}

/// `POST runs/{id}/commit`: everything was sent. Sent again, it is answered the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    pub batches: u32,
    pub people: u64,
    /// [`PeopleDigest`] over the people of all batches, in their order.
    pub digest: String,
    pub groups: Vec<GroupSeen>,
    pub absent: Vec<Absent>,
}

/// A mapped group as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSeen {
    pub guid: Guid,
    pub status: GroupStatus,
    /// People in it, nested ones included. For a complete group it must equal the number of people
    /// sent with it in their `group_guids`, or the run is rejected.
    pub members: u64,
    #[serde(default)]
    pub ignored: Ignored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupStatus {
    /// Every page of every search ended in success.
    Complete,
    Partial,
    Failed,
    NotFound,
}

/// Members that can't be technicians: counted, not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ignored {
    pub computers: u64,
    pub contacts: u64,
    pub foreign: u64,
    pub other: u64,
}

/// A person of `managed` who was in no mapped group, looked up by GUID; at most once in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absent {
    pub guid: Guid,
    pub finding: Finding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// Readable, and in no mapped group or outside the search base.
    LeftGroups,
    NoSuchObject,
    /// Not readable, so perhaps still there.
    Unreadable,
}

/// `POST runs/{id}/abort`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abort {
    pub code: String,
    pub message: String,
}

/// `POST events`: heartbeats, and errors that kept a run from beginning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Events {
    pub events: Vec<Event>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    Heartbeat,
    /// `code` is one of the service's own, such as `ldap.wrong_password`. `message` has no secret.
    Error {
        at: Timestamp,
        code: String,
        message: String,
    },
}

/// The answer to `POST token/rotate`. The old token works for another 24 hours.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rotated {
    pub token: Secret,
}

/// The body of every refusal, next to its HTTP status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub code: String,
    pub message: String,
}

/// The digest of the people sent, in their order: SHA-256 in hexadecimal over each one's JSON and a
/// line feed.
#[derive(Default)]
pub struct PeopleDigest(Sha256);

impl PeopleDigest {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn add(&mut self, person: &PersonSeen) {
        // Strings, booleans and lists of them always serialize.
        self.0.update(serde_json::to_vec(person).unwrap_or_default());
        self.0.update(b"\n");
    }

    #[must_use]
    pub fn finish(self) -> String {
        hexadecimal::of(&self.0.finalize())
    }
}

#[cfg(test)]
mod tests;
