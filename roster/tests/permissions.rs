//! What holds for every tree of groups, whatever they say.

#![cfg(test)]

use std::collections::HashMap;

use proptest::prelude::*;
use roster::id::GroupId;
use roster::permission::{Change, Effective, Permission, Region, Rule, Rules, changes, effective};

const PERMISSIONS: [Permission; 2] = [Permission::Chat, Permission::UnattendedAccess];

/// A group at its place in the list; its parent stands before it.
#[derive(Clone, Debug)]
struct Group {
    parent: usize,
    rules: Rules,
    technicians: u64,
}

fn id(place: usize) -> GroupId {
    GroupId(i64::try_from(place).unwrap() + 1)
}

fn rules() -> impl Strategy<Value = Rules> {
    let rule = (any::<Option<bool>>(), prop::bool::weighted(0.2))
        .prop_map(|(setting, locked)| Rule { setting, locked });
    prop::collection::btree_map(prop::sample::select(&PERMISSIONS[..]), rule, 0..=2)
}

fn tree() -> impl Strategy<Value = Vec<Group>> {
    let group = (any::<prop::sample::Index>(), rules(), 0_u64..5);
    prop::collection::vec(group, 1..24).prop_map(|groups| {
        let groups = groups.into_iter().enumerate();
        groups
            .map(|(place, (above, rules, technicians))| Group {
                parent: above.index(place.max(1)),
                rules,
                technicians,
            })
            .collect()
    })
}

/// From the root to the group.
fn way(tree: &[Group], mut place: usize) -> Vec<usize> {
    let mut way = vec![place];
    while place > 0 {
        place = tree[place].parent;
        way.insert(0, place);
    }
    way
}

/// Root down, the first lock ends it; else the last setting holds.
fn naive(tree: &[Group], place: usize, permission: Permission) -> (bool, Option<GroupId>) {
    let mut allowed = permission.allowed_at_setup();
    for place in way(tree, place) {
        let rule = tree[place].rules.get(&permission).copied().unwrap_or_default();
        allowed = rule.setting.unwrap_or(allowed);
        if rule.locked {
            return (allowed, Some(id(place)));
        }
    }
    (allowed, None)
}

fn lineage(tree: &[Group], place: usize) -> Vec<(GroupId, Rules)> {
    way(tree, place).into_iter().map(|place| (id(place), tree[place].rules.clone())).collect()
}

/// The parts of the tree below a group, as the store brings them.
fn regions(tree: &[Group], changed: usize) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    let mut lies_in: HashMap<usize, usize> = HashMap::new();
    for (place, group) in tree.iter().enumerate().skip(changed) {
        let outer = lies_in.get(&group.parent).copied();
        if place != changed && (outer.is_none() || place == 0) {
            continue;
        }
        let own = place == changed || !group.rules.is_empty();
        let region = if own {
            let within = outer.filter(|_| place != changed).map(|at: usize| regions[at].group);
            let rules = group.rules.clone();
            regions.push(Region { group: id(place), within, technicians: 0, groups: 0, rules });
            regions.len() - 1
        } else {
            outer.unwrap()
        };
        lies_in.insert(place, region);
        regions[region].technicians += group.technicians;
        regions[region].groups += u64::from(group.technicians > 0);
    }
    regions
}

proptest! {
    #[test]
    fn the_effective_value_is_that_of_a_naive_walk(tree in tree()) {
        for place in 0..tree.len() {
            let found: Vec<Effective> = effective(&lineage(&tree, place));
            for permission in PERMISSIONS {
                let found = found.iter().find(|it| it.permission == permission).unwrap();
                let expected = naive(&tree, place, permission);
                prop_assert_eq!((found.allowed, found.locked_by), expected);
            }
        }
    }

    #[test]
    fn what_changes_is_what_is_different_afterwards(
        tree in tree(),
        changed in any::<prop::sample::Index>(),
        after in rules(),
    ) {
        let changed = changed.index(tree.len());
        let mut then = tree.clone();
        then[changed].rules.extend(after.clone());
        let mut expected = Vec::new();
        for &permission in after.keys() {
            let differs = (0..tree.len()).filter(|&place| {
                naive(&tree, place, permission).0 != naive(&then, place, permission).0
            });
            let differs: Vec<usize> = differs.collect();
            if let Some(&first) = differs.first() {
                expected.push(Change {
                    permission,
                    allowed: naive(&then, first, permission).0,
                    technicians: differs.iter().map(|&place| tree[place].technicians).sum(),
                    groups: differs.iter().filter(|&&place| tree[place].technicians > 0).count() as u64,
                });
            }
        }
        let found = changes(&lineage(&tree, changed), &after, &regions(&tree, changed));
        prop_assert_eq!(found, expected);
    }
}
