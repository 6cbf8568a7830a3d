//! The steps of a plan, and why each is in it: what is stored with the run, audited, and shown to
//! who approves.

use serde::{Deserialize, Serialize};

use crate::directory::protocol::Guid;
use crate::directory::words::words;
use crate::email::Email;
use crate::id::{AccountId, GroupId};

words! {
    /// Why a step is in the plan.
    pub enum Reason {
        NewInGroup = "new_in_group", "New in a mapped group";
        SameEmail = "same_email", "Has the same email";
        /// A person answered that they are the same.
        Agreed = "agreed", "Linked as agreed";
        Changed = "changed", "Changed in the directory";
        Disabled = "disabled", "Disabled in the directory";
        Expired = "expired", "Account expired";
        LeftGroups = "left_groups", "No longer in a mapped group";
        Deleted = "deleted", "Deleted in the directory";
        CameBack = "came_back", "Enabled in the directory again";
        /// They left for certain, and somebody of the directory has their email now.
        EmailPassedOn = "email_passed_on", "Left, and somebody else has their email now";
    }

    /// What is wrong with one person; those of the import where it has one.
    pub enum FaultCode {
        NameRequired = "name.required", "No name";
        NameTooLong = "name.too_long", "Name too long";
        EmailRequired = "email.required", "No email";
        EmailInvalid = "email.invalid", "Invalid email";
        EmailTooLong = "email.too_long", "Email too long";
        /// Several people of the run have it, and none of them had it before.
        EmailDuplicateInSource = "email.duplicate_in_source", "Email of several people";
        /// Another account has it, and it is not to be linked.
        EmailInUse = "email.in_use", "Email in use";
        /// An account made by hand has it, and somebody is to say whether it is theirs.
        EmailAsk = "email.ask", "Same person?";
        /// An administrator has it, whose account is never taken over.
        EmailAdministrator = "email.administrator", "Email of an administrator";
        /// The mapped Technician Group is gone.
        GroupUnknown = "group.unknown", "No such Technician Group";
        /// A group that counts before theirs, and leads elsewhere, wasn't read completely.
        GroupUncertain = "group.uncertain", "Which group?";
        /// The directory says otherwise, but the account is an administrator's by now.
        AccountAdministrator = "account.administrator", "Administrator by now";
        /// A member of whom nothing could be read.
        PersonUnreadable = "person.unreadable", "Not readable";
        /// A member of which nobody knows whether it is a person, or a group with people in it.
        MemberUnknown = "member.unknown", "Person or group?";
        /// Said by the store.
        SeatsNoneLeft = "seats.none_left", "No seat left";
    }
}

/// Who somebody is to people: what is kept in step besides the status.
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
    /// The AD group through which they come.
    pub ad_group_guid: Guid,
    pub reason: Reason,
}

/// Another name or email; of a link, perhaps the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Change {
    pub guid: Guid,
    pub account: AccountId,
    /// In which it was planned.
    pub version: i64,
    pub before: Identity,
    pub after: Identity,
    pub reason: Reason,
}

impl Change {
    /// They sign in with another one from then on.
    #[must_use]
    pub fn changes_email(&self) -> bool {
        self.before.email.key != self.after.email.key
    }
}

/// Enabled or disabled.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StatusChange {
    pub guid: Guid,
    pub account: AccountId,
    /// In which it was planned.
    pub version: i64,
    /// As they are known here before the run.
    pub who: Identity,
    pub reason: Reason,
}

/// One step, as it waits; in the order of the kinds.
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

    /// `None`: it is made by the step.
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
