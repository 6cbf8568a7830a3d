//! What a run would do: a pure function of what was seen, what is known and what is set. Preview,
//! commit and approval call the same one. Seats, and whether somebody changed an account since it
//! was read, only the store knows.

mod approval;
mod known;
mod rejected;
mod rules;
mod seen;
mod step;

use serde::{Deserialize, Serialize};

pub use approval::Approval;
pub use known::{Holder, Known, KnownMapping, KnownPerson};
pub use rejected::{Rejected, received};
pub use rules::{ExistingEmail, Rules, Thresholds};
pub use seen::Seen;
pub use step::{Change, Create, FaultCode, Identity, Reason, StatusChange, Step};

use super::protocol::{self, HeldReason, PersonFault};

/// What is to be done, each list by GUID. The lists are one set and not a sequence: a swap of two
/// emails is two updates, and a creation may take an email that an update frees. Somebody may be
/// in `updates` and in `disables` or `enables`, with the same `version`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub creates: Vec<Create>,
    /// Accounts made by hand that belong to the source from now on. They stay in their group, which
    /// counts as the one where the sync placed them, and as enabled or disabled as they are.
    pub links: Vec<Change>,
    pub updates: Vec<Change>,
    pub disables: Vec<StatusChange>,
    pub enables: Vec<StatusChange>,
    /// People who were seen or looked for, with nothing to do and nothing wrong.
    pub unchanged: u64,
    /// One fault a person, by GUID.
    pub failed: Vec<PersonFault>,
    /// What waits; in none of the lists above.
    pub held: Option<Held>,
    /// Every mapped group was read completely: absence counted.
    pub complete: bool,
}

impl Plan {
    /// Once it is applied, the source is past its first run and its mappings are approved: all was
    /// read, and nothing waits. The store keeps `first_run`, `approved` and `mapping_removed` of
    /// [`Known`] as they are until a plan says so.
    #[must_use]
    pub fn settles(&self) -> bool {
        self.complete && self.held.is_none()
    }

    /// Nothing is to be done, and nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_none()
            && self.creates.is_empty()
            && self.links.is_empty()
            && self.updates.is_empty()
            && self.disables.is_empty()
            && self.enables.is_empty()
    }
}

/// Steps that wait for a Master Administrator, who approves exactly these or drops them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub reason: HeldReason,
    /// By kind, then by GUID.
    pub waiting: Vec<Step>,
}

impl Held {
    /// As the service hears it.
    #[must_use]
    pub fn told(&self) -> protocol::Held {
        protocol::Held { reason: self.reason, count: self.waiting.len() as u64 }
    }
}

/// Plans a run. The order of what is handed in makes no difference.
pub fn plan(
    _seen: Seen<'_>,
    _known: &Known,
    _rules: &Rules,
    _approved: &Approval,
) -> Result<Plan, Rejected> {
    Ok(Plan::default())
}
