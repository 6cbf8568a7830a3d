//! What the store knows about a source when a run is planned.

use super::rules;
use super::step::Identity;
use crate::account::Role;
use crate::directory::protocol::Guid;
use crate::email::Email;
use crate::id::{AccountId, GroupId};

/// Read inside the transaction that applies the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// All people linked to this source, enabled or not; each GUID and each account once.
    pub people: Vec<KnownPerson>,
    /// Accounts not linked to this source that have one of the emails in the run, compared by key.
    /// Further accounts are harmless.
    pub holders: Vec<Holder>,
    /// In order: a person in several mapped groups belongs to the first.
    pub mappings: Vec<KnownMapping>,
    /// A mapping was removed, and no plan has settled since; see [`super::Plan::settles`].
    pub mapping_removed: bool,
    /// No plan has settled yet.
    pub first_run: bool,
    /// Technicians disabled by this source within the last 24 hours.
    pub disabled_last_day: u64,
    /// Technicians who got another email from this source within the last 24 hours.
    pub emails_last_day: u64,
    /// Technicians enabled again by this source within the last 24 hours.
    pub enabled_last_day: u64,
    /// Technicians created by this source within the last 24 hours without an approval.
    pub created_last_day: u64,
}

/// An account that is linked to the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPerson {
    pub guid: Guid,
    pub account: AccountId,
    pub version: i64,
    /// A person who became an administrator stays linked, but is changed by hand only.
    pub role: Role,
    pub name: String,
    pub email: Email,
    pub enabled: bool,
    /// They are disabled, and the sync did it.
    pub disabled_by_sync: bool,
    pub group: Option<GroupId>,
    /// The group where the sync created or linked them. If `group` differs, they were moved by hand.
    pub placed: GroupId,
    /// The mapped groups in which they were last seen; `None`: unknown.
    pub seen_in: Option<Vec<Guid>>,
}

impl KnownPerson {
    /// Whether they were moved by hand to another Technician Group.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        self.group != Some(self.placed)
    }

    /// Whether they may have been in this group when they were last seen.
    #[must_use]
    pub fn may_belong_to(&self, ad_group: Guid) -> bool {
        self.seen_in.as_ref().is_none_or(|groups| groups.contains(&ad_group))
    }

    /// Whether the sync may change them: only technicians are kept in step.
    #[must_use]
    pub fn is_owned(&self) -> bool {
        self.role == Role::Technician
    }

    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity { name: self.name.clone(), email: self.email.clone() }
    }
}

/// An account that is not linked to this source, and has the email of a person in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub account: AccountId,
    pub version: i64,
    pub role: Role,
    pub name: String,
    pub email: Email,
    /// Linked to another source.
    pub elsewhere: bool,
    /// A Master Administrator confirmed that the account belongs to this person of the directory.
    pub agreed: Option<Guid>,
}

impl Holder {
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity { name: self.name.clone(), email: self.email.clone() }
    }
}

/// Maps an AD group to a Technician Group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownMapping {
    pub ad_group_guid: Guid,
    pub ad_group_name: String,
    /// `None`: the Technician Group was deleted.
    pub group: Option<GroupId>,
    /// People in the AD group at the last applied run that read it completely; 0 before.
    pub members: u64,
    /// Since the mapping was made or changed, a plan with people of this group has settled; see
    /// [`super::Plan::settles`].
    pub approved: bool,
}

impl Known {
    /// The number of technicians of which the thresholds are a share; see [`super::counted`].
    #[must_use]
    pub fn counted(&self) -> u64 {
        let enabled = self.people.iter().filter(|person| person.enabled && person.is_owned());
        rules::counted(enabled.count() as u64, self.created_last_day)
    }
}
