//! Why all of a run is refused: an error that says so, and nothing else happens.

use crate::directory::protocol::{Commit, Guid};

/// Nothing was done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    #[error("No AD group is mapped to a Technician Group. Nothing was changed.")]
    NothingMapped,
    /// By their names.
    #[error(
        "Mapped, but not in the directory any more: {}. Nothing was changed. Map another group, or \
         take the mapping away.",
        quoted(.0)
    )]
    GroupGone(Vec<String>),
    #[error(
        "The run says two different things of {0}. Nothing was changed; the next run is read anew."
    )]
    Contradiction(Guid),
    #[error(
        "The AD group “{name}” has {members} people by its count, but {sent} were sent. Nothing was \
         changed."
    )]
    Miscounted { name: String, members: u64, sent: u64 },
    #[error("{said} {what} were sent, but {here} have come. Nothing was changed.")]
    Missing { what: &'static str, said: u64, here: u64 },
    #[error("What has come is not what was sent: the digests differ. Nothing was changed.")]
    Digest,
}

impl Rejected {
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NothingMapped => "mapping.none",
            Self::GroupGone(_) => "group.not_found",
            Self::Contradiction(_) => "run.contradiction",
            Self::Miscounted { .. } => "run.miscounted",
            Self::Missing { .. } => "run.incomplete",
            Self::Digest => "run.digest",
        }
    }
}

/// Whether all that the service sent has come; looked at before a run is planned. `digest` is that
/// of the people as they are here.
pub fn received(commit: &Commit, batches: u32, people: u64, digest: &str) -> Result<(), Rejected> {
    let missing = |what, said, here| Rejected::Missing { what, said, here };
    if commit.batches != batches {
        return Err(missing("batches", commit.batches.into(), batches.into()));
    }
    if commit.people != people {
        return Err(missing("people", commit.people, people));
    }
    if commit.digest == digest { Ok(()) } else { Err(Rejected::Digest) }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ")
}
