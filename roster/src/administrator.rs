//! Who administers what, as lists show it.

use serde::{Deserialize, Serialize};

use crate::account::{Password, Role};
use crate::group::GroupPath;
use crate::id::{AccountId, GroupId, Timestamp};
use crate::sign_in::Lock;

/// Somebody who administers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdministratorLine {
    pub id: AccountId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub enabled: bool,
    /// A new password must be chosen at the next sign-in.
    pub password_due: bool,
    pub password: Password,
    /// It doesn't open the account any more; filled in by the caller of the store, which has the clock.
    pub password_ended: bool,
    pub last_sign_in_at: Option<Timestamp>,
    /// Too many sign-ins failed.
    pub locked: Option<Lock>,
    /// The groups that are assigned to an Administrator, each with all below it; who is more has
    /// every group.
    pub groups: Vec<GroupPath>,
}

/// An Administrator by a group that is assigned to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    pub id: AccountId,
    pub name: String,
    pub email: String,
    pub enabled: bool,
    pub group: GroupId,
}

/// The Administrators of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupAdministrators {
    /// From the root to the group.
    pub path: GroupPath,
    /// By name; those of the group itself and those of the groups above it.
    pub assignments: Vec<Assignment>,
}
