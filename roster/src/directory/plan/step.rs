//! The steps of a plan with their reasons: stored with the run, audited, and shown for approval.

use serde::{Deserialize, Serialize};

use super::known::KnownPerson;
use crate::account::Role;
use crate::directory::protocol::Guid;
use crate::directory::words::words;
use crate::email::Email;
use crate::id::{AccountId, GroupId};

words! {
    /// Why a step is in the plan.
    pub enum Reason {
        NewInGroup = "new_in_group", "New in a mapped group";
        SameEmail = "same_email", "Has the same email";
        /// A Master Administrator confirmed that they are the same person.
        Agreed = "agreed", "Linked as agreed";
        Changed = "changed", "Changed in the directory";
        Disabled = "disabled", "Disabled in the directory";
        Expired = "expired", "Account expired";
        LeftGroups = "left_groups", "No longer in a mapped group";
        Deleted = "deleted", "Deleted in the directory";
        CameBack = "came_back", "Enabled in the directory again";
        /// They certainly left, and another person of the directory has their email now.
        EmailPassedOn = "email_passed_on", "Left, and somebody else has their email now";
    }

    /// What is wrong with one person. The codes are the import's where it has one.
    pub enum FaultCode {
        NameRequired = "name.required", "No name";
        NameTooLong = "name.too_long", "Name too long";
        EmailRequired = "email.required", "No email";
        EmailInvalid = "email.invalid", "Invalid email";
        EmailTooLong = "email.too_long", "Email too long";
        /// Several people of the run have this email, and none of them had it before.
        EmailDuplicateInSource = "email.duplicate_in_source", "Email of several people";
        /// Another account has this email and must not be linked.
        EmailInUse = "email.in_use", "Email in use";
        /// An account made by hand has this email; a Master Administrator must say whose it is.
        EmailAsk = "email.ask", "Same person?";
        /// An administrator has this email. Such an account is never taken over.
        EmailAdministrator = "email.administrator", "Email of an administrator";
        /// The mapped Technician Group was deleted.
        GroupUnknown = "group.unknown", "No such Technician Group";
        /// A mapping before theirs, to another Technician Group, was not read completely.
        GroupUncertain = "group.uncertain", "Which group?";
        /// The directory differs, but the account is an administrator's by now.
        AccountAdministrator = "account.administrator", "Administrator by now";
        /// Nothing about this member could be read.
        PersonUnreadable = "person.unreadable", "Not readable";
        /// An unreadable member that may be a person, or a group with people in it.
        MemberUnknown = "member.unknown", "Person or group?";
        /// Reported by the store.
        SeatsNoneLeft = "seats.none_left", "No seat left";
    }
}

/// What is kept in step besides the status.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identity {
    pub name: String,
    pub email: Email,
}

/// A new technician, enabled, with the default password.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Create {
    pub guid: Guid,
    pub after: Identity,
    pub group: GroupId,
    /// The AD group whose mapping placed them.
    pub ad_group_guid: Guid,
    pub reason: Reason,
}

impl Create {
    /// The person as the store knows them once this step is applied.
    #[must_use]
    pub fn applied(&self, account: AccountId, seen_in: Option<Vec<Guid>>) -> KnownPerson {
        KnownPerson {
            guid: self.guid,
            account,
            version: 1,
            role: Role::Technician,
            name: self.after.name.clone(),
            email: self.after.email.clone(),
            enabled: true,
            disabled_by_sync: false,
            group: Some(self.group),
            placed: self.group,
            seen_in,
        }
    }
}

/// A change of name or email; a link may leave both as they are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Change {
    pub guid: Guid,
    pub account: AccountId,
    /// The account's version when the step was planned.
    pub version: i64,
    pub before: Identity,
    pub after: Identity,
    pub reason: Reason,
}

impl Change {
    /// Whether they must sign in with another email afterwards.
    #[must_use]
    pub fn changes_email(&self) -> bool {
        self.before.email.key != self.after.email.key
    }
}

/// Enables or disables an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StatusChange {
    pub guid: Guid,
    pub account: AccountId,
    /// The account's version when the step was planned.
    pub version: i64,
    /// The person before the run.
    pub who: Identity,
    pub reason: Reason,
}

/// One step that waits. The variants are in the order in which steps are listed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    Create(Create),
    Link(Change),
    Update(Change),
    Disable(StatusChange),
    Enable(StatusChange),
}

impl Step {
    #[must_use]
    pub fn guid(&self) -> Guid {
        match self {
            Self::Create(create) => create.guid,
            Self::Link(change) | Self::Update(change) => change.guid,
            Self::Disable(status) | Self::Enable(status) => status.guid,
        }
    }

    /// `None`: the step creates the account.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Create(_) => None,
            Self::Link(change) | Self::Update(change) => Some(change.account),
            Self::Disable(status) | Self::Enable(status) => Some(status.account),
        }
    }

    #[must_use]
    pub fn reason(&self) -> Reason {
        match self {
            Self::Create(create) => create.reason,
            Self::Link(change) | Self::Update(change) => change.reason,
            Self::Disable(status) | Self::Enable(status) => status.reason,
        }
    }

    /// What is done, as people read it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Create(_) => "Create",
            Self::Link(_) => "Link",
            Self::Update(_) => "Update",
            Self::Disable(_) => "Disable",
            Self::Enable(_) => "Enable",
        }
    }
}
