//! What the store knows of a source when a run is planned.

use super::rules;
use super::step::Identity;
use crate::account::Role;
use crate::directory::protocol::Guid;
use crate::email::Email;
use crate::id::{AccountId, GroupId};

/// Read inside of the transaction that applies the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Everybody who is linked to this source, enabled or not, each GUID and each account once.
    pub people: Vec<KnownPerson>,
    /// Accounts that are not linked to this source and hold an email which arrives, by its key.
    /// Others do no harm.
    pub holders: Vec<Holder>,
    /// In their order: who is in several mapped groups belongs to the first.
    pub mappings: Vec<KnownMapping>,
    /// A mapping was taken away, and no plan settled since; see [`super::Plan::settles`].
    pub mapping_removed: bool,
    /// No plan settled yet.
    pub first_run: bool,
    /// Technicians whom this source disabled within the last 24 hours.
    pub disabled_last_day: u64,
    /// Technicians to whom this source gave another email within the last 24 hours.
    pub emails_last_day: u64,
    /// Technicians whom this source enabled again within the last 24 hours.
    pub enabled_last_day: u64,
    /// Technicians whom this source created within the last 24 hours without an approval.
    pub created_last_day: u64,
}

/// An account that is linked to the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPerson {
    pub guid: Guid,
    pub account: AccountId,
    pub version: i64,
    /// Who became an administrator is not the sync's any more, though still linked.
    pub role: Role,
    pub name: String,
    pub email: Email,
    pub enabled: bool,
    /// They are disabled, and it was the sync that did it last.
    pub disabled_by_sync: bool,
    pub group: Option<GroupId>,
    /// Where the sync created or linked them. In another group now: moved by hand.
    pub placed: GroupId,
    /// The mapped groups in which they were seen last; `None`: that is not known.
    pub seen_in: Option<Vec<Guid>>,
}

impl KnownPerson {
    /// Somebody moved them to another Technician Group.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        self.group != Some(self.placed)
    }

    /// They may have been in it when they were seen last.
    #[must_use]
    pub fn may_belong_to(&self, ad_group: Guid) -> bool {
        self.seen_in.as_ref().is_none_or(|groups| groups.contains(&ad_group))
    }

    /// Only technicians are kept in step.
    #[must_use]
    pub fn is_owned(&self) -> bool {
        self.role == Role::Technician
    }

    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity { name: self.name.clone(), email: self.email.clone() }
    }
}

/// An account that this source doesn't own, and whose email somebody of the directory has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub account: AccountId,
    pub version: i64,
    pub role: Role,
    pub name: String,
    pub email: Email,
    /// Linked to another source.
    pub elsewhere: bool,
    /// A person answered that this account is that person of the directory.
    pub agreed: Option<Guid>,
}

impl Holder {
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity { name: self.name.clone(), email: self.email.clone() }
    }
}

/// Which group's members go where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownMapping {
    pub ad_group_guid: Guid,
    pub ad_group_name: String,
    /// `None`: the Technician Group is gone.
    pub group: Option<GroupId>,
    /// People in it at the last run that read it completely and was applied; 0 before.
    pub members: u64,
    /// A plan with people of it settled since it was made or changed; see [`super::Plan::settles`].
    pub approved: bool,
}

impl Known {
    /// What the thresholds are a share of.
    #[must_use]
    pub fn counted(&self) -> u64 {
        let enabled = self.people.iter().filter(|person| person.enabled && person.is_owned());
        rules::counted(enabled.count() as u64, self.created_last_day)
    }
}
