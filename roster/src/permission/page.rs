//! A group's permissions as its page shows them.

use serde::{Deserialize, Serialize};

use super::{Effective, Permission, Refusal, Rule, Rules, fixed};
use crate::group::PathStep;
use crate::id::GroupId;

/// A group as who looks may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    Group(PathStep),
    /// It lies above the groups that are assigned to who looks.
    Above,
}

impl Seen {
    /// "Europe", "a group above yours".
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Group(step) => &step.name,
            Self::Above => "a group above yours",
        }
    }
}

/// All that a group says of permissions, and what would hold without that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPermissions {
    pub group: PathStep,
    /// One for each permission, in their order.
    pub lines: Vec<PermissionLine>,
    /// Who looks may change what isn't locked.
    pub editable: bool,
    /// Who looks may lock, and change what is locked here.
    pub may_lock: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionLine {
    /// What the group itself says.
    pub own: Rule,
    /// What holds above it.
    pub above: Effective<Seen>,
}

impl PermissionLine {
    #[must_use]
    pub fn permission(&self) -> Permission {
        self.above.permission
    }
}

impl GroupPermissions {
    /// What the group says now.
    #[must_use]
    pub fn own(&self) -> Rules {
        self.lines.iter().map(|line| (line.permission(), line.own)).collect()
    }

    /// What holds for the group if it says this.
    #[must_use]
    pub fn holds(&self, line: &PermissionLine, rule: Rule) -> Effective<Seen> {
        line.above.clone().below(&Seen::Group(self.group.clone()), rule)
    }

    /// Why who looks can't change this line.
    #[must_use]
    pub fn fixed(&self, line: &PermissionLine) -> Option<Refusal> {
        fixed(&line.above, line.own, self.may_lock)
    }

    /// Nothing is above to inherit from.
    #[must_use]
    pub fn at_root(&self) -> bool {
        self.group.id == GroupId::ROOT
    }
}
