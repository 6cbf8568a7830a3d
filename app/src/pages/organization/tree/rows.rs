//! The tree as the flat list of lines that can be seen.

use std::collections::HashSet;

use roster::account::Role;
use roster::group::GroupNode;
use roster::id::GroupId;

use super::super::place::Place;
use super::functions::{Branch, Leaf};
use super::state::Known;
use crate::text::{counted, grouped};

/// Which line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    Place(Place),
    /// "n more…" groups below this one.
    MoreGroups(GroupId),
    /// "n more…" technicians in this group.
    MoreLeaves(GroupId),
    /// What is below this group is being read.
    Waiting(GroupId),
}

impl Key {
    #[must_use]
    pub fn element(self) -> String {
        match self {
            Self::Place(place) => place.element(),
            Self::MoreGroups(group) => ["tree-mg", &group.to_string()].concat(),
            Self::MoreLeaves(group) => ["tree-mt", &group.to_string()].concat(),
            Self::Waiting(group) => ["tree-w", &group.to_string()].concat(),
        }
    }

    /// The group that can be opened here.
    #[must_use]
    pub fn group(self) -> Option<GroupId> {
        match self {
            Self::Place(Place::Group(group)) => Some(group),
            _ => None,
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    pub key: Key,
    /// 1 for the tops.
    pub level: usize,
    pub label: String,
    /// Behind the label, at the right; empty for technicians.
    pub count: String,
    /// The count in words.
    pub title: String,
    /// There is something below it.
    pub opens: bool,
    /// A technician who is disabled.
    pub disabled: bool,
    /// What a technician may do beside giving support.
    pub role: Role,
    /// Its place among its siblings, where that is known.
    pub position: Option<u64>,
    pub siblings: u64,
}

/// The lines from top to bottom.
#[must_use]
pub fn visible(known: &Known, open: &HashSet<GroupId>) -> Vec<Row> {
    let mut rows = Vec::new();
    let siblings = known.tops.len() as u64;
    for (top, position) in known.tops.iter().zip(1..) {
        add_group(&mut rows, known, open, top, 1, Some(position), siblings);
    }
    rows
}

fn add_group(
    rows: &mut Vec<Row>,
    known: &Known,
    open: &HashSet<GroupId>,
    node: &GroupNode,
    level: usize,
    position: Option<u64>,
    siblings: u64,
) {
    let opens = node.groups + node.technicians > 0;
    rows.push(Row {
        key: Key::Place(Place::Group(node.id)),
        level,
        label: node.name.clone(),
        count: grouped(node.technicians_below),
        title: counted(node.technicians_below, "technician", "technicians"),
        opens,
        disabled: false,
        role: Role::Technician,
        position,
        siblings,
    });
    if !opens || !open.contains(&node.id) {
        return;
    }
    let Some(branch) = known.branches.get(&node.id) else {
        rows.push(note(Key::Waiting(node.id), level + 1, "Loading…".to_owned(), 1));
        return;
    };
    let siblings = branch.groups.total + branch.leaves.total;
    for (child, position) in branch.groups.items.iter().zip(1..) {
        add_group(rows, known, open, child, level + 1, Some(position), siblings);
    }
    if let Some(pinned) = &branch.pinned_group {
        add_group(rows, known, open, pinned, level + 1, None, siblings);
    }
    let missing =
        missing(branch.groups.total, branch.groups.items.len(), branch.pinned_group.is_some());
    if missing > 0 {
        rows.push(note(Key::MoreGroups(node.id), level + 1, more(missing), siblings));
    }
    add_leaves(rows, branch, level + 1, siblings);
}

fn add_leaves(rows: &mut Vec<Row>, branch: &Branch, level: usize, siblings: u64) {
    for (leaf, position) in branch.leaves.items.iter().zip(branch.groups.total + 1..) {
        rows.push(line(leaf, level, Some(position), siblings));
    }
    if let Some(pinned) = &branch.pinned_leaf {
        rows.push(line(pinned, level, None, siblings));
    }
    let missing =
        missing(branch.leaves.total, branch.leaves.items.len(), branch.pinned_leaf.is_some());
    if missing > 0 {
        rows.push(note(Key::MoreLeaves(branch.group), level, more(missing), siblings));
    }
}

fn missing(total: u64, shown: usize, pinned: bool) -> u64 {
    total.saturating_sub(shown as u64 + u64::from(pinned))
}

fn more(missing: u64) -> String {
    grouped(missing) + " more…"
}

fn line(leaf: &Leaf, level: usize, position: Option<u64>, siblings: u64) -> Row {
    Row {
        disabled: !leaf.enabled,
        role: leaf.role,
        position,
        ..note(Key::Place(Place::Technician(leaf.id)), level, leaf.name.clone(), siblings)
    }
}

fn note(key: Key, level: usize, label: String, siblings: u64) -> Row {
    Row {
        key,
        level,
        label,
        count: String::new(),
        title: String::new(),
        opens: false,
        disabled: false,
        role: Role::Technician,
        position: None,
        siblings,
    }
}

/// The place is one of this branch's lines.
#[must_use]
pub fn holds(branch: &Branch, place: Place) -> bool {
    match place {
        Place::Group(id) => {
            branch.groups.items.iter().chain(&branch.pinned_group).any(|node| node.id == id)
        }
        Place::Technician(id) => {
            branch.leaves.items.iter().chain(&branch.pinned_leaf).any(|leaf| leaf.id == id)
        }
    }
}

#[cfg(test)]
mod tests {
    use roster::id::AccountId;
    use roster::page::Page;

    use super::*;

    fn node(id: i64, name: &str, groups: u64, technicians: u64) -> GroupNode {
        GroupNode {
            id: GroupId(id),
            name: name.to_owned(),
            groups,
            technicians,
            technicians_below: technicians,
        }
    }

    #[test]
    fn lines_follow_what_is_open() {
        let leaf = |id, name: &str| Leaf {
            id: AccountId(id),
            name: name.to_owned(),
            enabled: true,
            role: Role::Technician,
        };
        let branch = Branch {
            group: GroupId::ROOT,
            groups: Page { items: vec![node(2, "Europe", 1, 0)], total: 3, offset: 0 },
            leaves: Page { items: vec![leaf(7, "Ada")], total: 2, offset: 0 },
            pinned_group: Some(node(9, "Tier 9", 0, 0)),
            pinned_leaf: Some(leaf(8, "Zoë")),
        };
        let known = Known {
            tops: vec![node(1, "Technicians", 3, 2)],
            branches: [(GroupId::ROOT, branch)].into(),
        };
        let labels = |open: &[i64]| {
            let open = open.iter().copied().map(GroupId).collect();
            let rows = visible(&known, &open);
            rows.iter()
                .map(|row| [&"-".repeat(row.level), row.label.as_str()].concat())
                .collect::<Vec<_>>()
        };
        assert_eq!(labels(&[]), ["-Technicians"]);
        let level_two = ["-Technicians", "--Europe", "--Tier 9", "--1 more…", "--Ada", "--Zoë"];
        assert_eq!(labels(&[1]), level_two);
        assert_eq!(labels(&[1, 2])[2], "---Loading…");
        assert_eq!(labels(&[2]), ["-Technicians"]);
    }
}
