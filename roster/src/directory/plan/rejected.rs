//! Why a whole run is refused. Nothing is changed then.

use crate::directory::protocol::{Commit, Guid};

/// The run was refused, and nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    #[error("No AD group is mapped to a Technician Group. Nothing was changed.")]
    NothingMapped,
    /// The names of the AD groups.
    #[error(
        "No mapped AD group is in the directory any more: {}. Nothing was changed. Map another group, \
         or remove the mappings.",
        quoted(.0)
    )]
    GroupGone(Vec<String>),
    #[error(
        "The run contradicts itself about {0}. Nothing was changed. The next run reads everything again."
    )]
    Contradiction(Guid),
    #[error(
        "The run counted {members} people in the AD group “{name}”, but {sent} were sent. Nothing was \
         changed. The next run reads everything again."
    )]
    Miscounted { name: String, members: u64, sent: u64 },
    #[error(
        "{said} {what} were sent, but {here} arrived. Nothing was changed. The next run sends \
         everything again."
    )]
    Missing { what: &'static str, said: u64, here: u64 },
    #[error(
        "The people that arrived differ from those that were sent: the digests don’t match. Nothing was \
         changed. The next run sends everything again."
    )]
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

/// Checks before planning that everything the service sent has arrived. `digest` is computed over the
/// people that arrived.
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
