//! The value that holds for a group, and why.

use serde::{Deserialize, Serialize};

use super::{Permission, Rule, Rules};
use crate::id::GroupId;

/// What holds for a group. `G` is how groups are told: by their id or, for a page, by as much as
/// who looks may know of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effective<G = GroupId> {
    pub permission: Permission,
    pub allowed: bool,
    /// The group whose setting this is.
    pub from: G,
    /// The group above (or the group itself) that locks it.
    pub locked_by: Option<G>,
}

impl Effective {
    /// What holds above the root: what the root carries at setup.
    #[must_use]
    pub fn at_setup(permission: Permission) -> Self {
        let allowed = permission.allowed_at_setup();
        Self { permission, allowed, from: GroupId::ROOT, locked_by: None }
    }

    /// What holds for the last group of a lineage, root first.
    #[must_use]
    pub fn of(permission: Permission, lineage: &[(GroupId, Rules)]) -> Self {
        lineage.iter().fold(Self::at_setup(permission), |above, (group, rules)| {
            above.below(group, rules.get(&permission).copied().unwrap_or_default())
        })
    }
}

impl<G: Clone> Effective<G> {
    /// What holds in a group directly below, which says this: its own setting or, where it has
    /// none or a lock above keeps it, what holds here.
    #[must_use]
    pub fn below(self, group: &G, rule: Rule) -> Self {
        if self.locked_by.is_some() {
            return self;
        }
        let own = rule.setting.map(|allowed| (allowed, group.clone()));
        let (allowed, from) = own.unwrap_or((self.allowed, self.from));
        let locked_by = rule.locked.then(|| group.clone());
        Self { permission: self.permission, allowed, from, locked_by }
    }

    /// The same with its groups told in another way.
    pub fn told<H>(self, mut tell: impl FnMut(G) -> H) -> Effective<H> {
        let Self { permission, allowed, from, locked_by } = self;
        Effective { permission, allowed, from: tell(from), locked_by: locked_by.map(tell) }
    }
}

/// The effective permissions of the last group of a lineage, root first. A value is the nearest
/// one set on the way to the root, unless a lock above keeps an earlier one.
#[must_use]
pub fn effective(lineage: &[(GroupId, Rules)]) -> Vec<Effective> {
    Permission::ALL.iter().map(|&permission| Effective::of(permission, lineage)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(entries: &[(Permission, Option<bool>, bool)]) -> Rules {
        entries
            .iter()
            .map(|&(permission, setting, locked)| (permission, Rule { setting, locked }))
            .collect()
    }

    #[test]
    fn the_nearest_setting_holds_unless_locked_above() {
        use Permission::{Chat, Reboot};
        let check =
            |below: &[Rules], permission: Permission, allowed, from, locked_by: Option<i64>| {
                let lineage: Vec<_> = (1..).map(GroupId).zip(below.iter().cloned()).collect();
                let found = effective(&lineage).into_iter().find(|e| e.permission == permission);
                let expected = Effective {
                    permission,
                    allowed,
                    from: GroupId(from),
                    locked_by: locked_by.map(GroupId),
                };
                assert_eq!(found, Some(expected));
            };
        let none = || rules(&[]);
        let deny = || rules(&[(Chat, Some(false), false)]);
        let lock = |setting| rules(&[(Chat, setting, true)]);
        check(&[none()], Chat, true, 1, None);
        check(&[none(), deny()], Chat, false, 2, None);
        check(&[none(), deny()], Reboot, true, 1, None);
        check(&[none(), deny(), none()], Chat, false, 2, None);
        check(&[none(), deny(), rules(&[(Chat, Some(true), false)])], Chat, true, 3, None);
        check(&[none(), lock(Some(true)), deny()], Chat, true, 2, Some(2));
        check(&[none(), lock(None), deny()], Chat, true, 1, Some(2));
        // A lock below a lock has no meaning.
        check(&[none(), lock(None), lock(Some(false))], Chat, true, 1, Some(2));
    }
}
