//! Who may change what a group says, and what changes for whom when it is changed.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Effective, Permission, Rule, Rules};
use crate::id::GroupId;

/// Why what a group says of a permission can't be changed so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("It is locked by a group above, and can be changed only there.")]
    LockedAbove,
    #[error("It is locked here; only a Master Administrator can change it.")]
    LockedHere,
    #[error("Only a Master Administrator can lock a permission.")]
    Lock,
    #[error("At the root there is nothing above to inherit: allow or deny it.")]
    NothingAbove,
}

/// Why nobody, or not who looks, can change what a group says of a permission; `above` is what
/// holds above the group, `rule` what it says now.
#[must_use]
pub fn fixed<G>(above: &Effective<G>, rule: Rule, may_lock: bool) -> Option<Refusal> {
    if above.locked_by.is_some() {
        return Some(Refusal::LockedAbove);
    }
    (rule.locked && !may_lock).then_some(Refusal::LockedHere)
}

/// Whether a group may say from now on `after` of a permission, instead of `before`.
pub fn check_change(
    above: &Effective,
    group: GroupId,
    before: Rule,
    after: Rule,
    may_lock: bool,
) -> Result<(), Refusal> {
    if before == after {
        return Ok(());
    }
    if let Some(refusal) = fixed(above, before, may_lock) {
        return Err(refusal);
    }
    if before.locked != after.locked && !may_lock {
        return Err(Refusal::Lock);
    }
    if group == GroupId::ROOT && after.setting.is_none() {
        return Err(Refusal::NothingAbove);
    }
    Ok(())
}

/// A group with rules of its own, and all groups below it that have none: the same holds for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    pub group: GroupId,
    /// The region in which it lies; `None`: it is the one that is changed.
    pub within: Option<GroupId>,
    /// How many technicians are in it.
    pub technicians: u64,
    /// In how many groups they are.
    pub groups: u64,
    pub rules: Rules,
}

/// A permission whose value changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub permission: Permission,
    /// What holds from then on.
    pub allowed: bool,
    /// For how many technicians: those in groups below that say otherwise are not among them.
    pub technicians: u64,
    /// In how many groups they are.
    pub groups: u64,
}

/// What changes if the last group of a lineage says `after` of these permissions. `regions` are
/// the parts of its tree, an outer one before those within it, the first being its own.
#[must_use]
pub fn changes(lineage: &[(GroupId, Rules)], after: &Rules, regions: &[Region]) -> Vec<Change> {
    let Some(((group, before), above)) = lineage.split_last() else { return Vec::new() };
    let mut found = Vec::new();
    for (&permission, &rule) in after {
        let said = |rules: &Rules| rules.get(&permission).copied().unwrap_or_default();
        let above = Effective::of(permission, above);
        let own = (above.below(group, said(before)), above.below(group, rule));
        let mut holds: HashMap<GroupId, (Effective, Effective)> = HashMap::new();
        let mut change = None;
        for region in regions {
            let outer = region.within.and_then(|outer| holds.get(&outer));
            let (was, becomes) = outer.map_or(own, |(was, becomes)| {
                let rule = said(&region.rules);
                (was.below(&region.group, rule), becomes.below(&region.group, rule))
            });
            holds.insert(region.group, (was, becomes));
            if was.allowed != becomes.allowed {
                // All go the same way: what stands below is either kept or overruled as a whole.
                let change = change.get_or_insert(Change {
                    permission,
                    allowed: becomes.allowed,
                    technicians: 0,
                    groups: 0,
                });
                change.technicians += region.technicians;
                change.groups += region.groups;
            }
        }
        found.extend(change);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAT: Permission = Permission::Chat;
    const ALLOW: Rule = Rule { setting: Some(true), locked: false };
    const DENY: Rule = Rule { setting: Some(false), locked: false };
    const LOCK: Rule = Rule { setting: None, locked: true };
    const NOTHING: Rule = Rule { setting: None, locked: false };

    #[test]
    fn who_may_change_what() {
        let open = Effective::at_setup(CHAT);
        let locked = Effective { locked_by: Some(GroupId(2)), ..open };
        let check = |above: &Effective, group, before, after, expected: [Option<Refusal>; 2]| {
            for (may_lock, expected) in [false, true].into_iter().zip(expected) {
                let found = check_change(above, GroupId(group), before, after, may_lock);
                assert_eq!(found.err(), expected, "{before:?} {after:?} {may_lock}");
            }
        };
        check(&open, 3, NOTHING, DENY, [None, None]);
        check(&open, 3, DENY, NOTHING, [None, None]);
        check(&open, 3, NOTHING, LOCK, [Some(Refusal::Lock), None]);
        check(&open, 3, LOCK, DENY, [Some(Refusal::LockedHere), None]);
        check(&open, 3, LOCK, LOCK, [None, None]);
        check(&locked, 3, NOTHING, DENY, [Some(Refusal::LockedAbove); 2]);
        check(&locked, 3, DENY, DENY, [None, None]);
        check(&open, 1, ALLOW, NOTHING, [Some(Refusal::NothingAbove); 2]);
        check(&open, 1, ALLOW, DENY, [None, None]);
    }

    #[test]
    fn what_changes_for_whom() {
        let region = |group, within: Option<i64>, technicians, groups, rule: Rule| Region {
            group: GroupId(group),
            within: within.map(GroupId),
            technicians,
            groups,
            rules: [(CHAT, rule)].into(),
        };
        // 2 is changed; 3 below it denies, 4 below that allows again.
        let regions = |own| {
            [
                region(2, None, 5, 2, own),
                region(3, Some(2), 30, 3, DENY),
                region(4, Some(3), 100, 1, ALLOW),
            ]
        };
        let check = |before, after, expected: Option<(bool, u64, u64)>| {
            let lineage = [
                (GroupId::ROOT, Rules::from([(CHAT, ALLOW)])),
                (GroupId(2), [(CHAT, before)].into()),
            ];
            let found = changes(&lineage, &[(CHAT, after)].into(), &regions(before));
            let expected = expected.map(|(allowed, technicians, groups)| Change {
                permission: CHAT,
                allowed,
                technicians,
                groups,
            });
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{before:?} {after:?}");
        };
        check(NOTHING, ALLOW, None);
        check(NOTHING, DENY, Some((false, 5, 2)));
        check(DENY, NOTHING, Some((true, 5, 2)));
        check(NOTHING, LOCK, Some((true, 30, 3)));
        check(LOCK, NOTHING, Some((false, 30, 3)));
        check(ALLOW, Rule { locked: true, ..DENY }, Some((false, 105, 3)));
    }
}
