//! What is known of the tree, what is open, and where the keyboard is. It lives as long as the
//! Organization page, so that it survives going from one group to another.

use std::collections::{HashMap, HashSet};

use leptos::prelude::*;
use leptos::task::spawn_local;
use roster::authority::Actor;
use roster::group::GroupNode;
use roster::id::GroupId;

use super::super::place::Place;
use super::acts::{self, Target};
use super::functions::{Branch, Extent, More, TreeMore, TreeWay, Way};
use super::marks::Marks;
use super::menu::MenuAt;
use super::rows::{self, Key, Row};
use crate::ask::look;
use crate::browser;
use crate::components::{Announcer, Unsaved, use_announcer};

/// Lines that "n more…" brings.
const MORE: u32 = 200;

/// What has been read.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub tops: Vec<GroupNode>,
    pub branches: HashMap<GroupId, Branch>,
}

/// The tree as its parts share it.
#[derive(Clone, Copy)]
pub struct TreeState {
    known: RwSignal<Known>,
    open: RwSignal<HashSet<GroupId>>,
    /// The line that the Tab key reaches.
    pub active: RwSignal<Option<Key>>,
    /// The lines that were marked to do something with them together.
    pub marks: Marks,
    /// The menu that is open.
    pub menu: RwSignal<Option<MenuAt>>,
    /// What is being dragged.
    pub dragged: RwSignal<Vec<Target>>,
    /// The group over which it hovers, and why it can't fall there.
    pub over: RwSignal<Option<(GroupId, Option<String>)>>,
    /// Why it could not fall where it hovered last.
    pub refused: StoredValue<Option<String>>,
    /// Who looks.
    pub actor: RwSignal<Option<Actor>>,
    /// Counts what was done in the tree.
    changes: RwSignal<u32>,
    /// What is typed in the page beside it.
    pub unsaved: Unsaved,
    pub announcer: Announcer,
}

impl TreeState {
    #[must_use]
    pub fn new() -> Self {
        Self {
            known: RwSignal::new(Known::default()),
            open: RwSignal::new(HashSet::new()),
            active: RwSignal::new(None),
            marks: Marks::new(),
            menu: RwSignal::new(None),
            dragged: RwSignal::new(Vec::new()),
            over: RwSignal::new(None),
            refused: StoredValue::new(None),
            actor: RwSignal::new(None),
            changes: RwSignal::new(0),
            unsaved: use_context().unwrap_or_else(Unsaved::new),
            announcer: use_announcer(),
        }
    }

    /// The lines that can be seen, from top to bottom.
    #[must_use]
    pub fn rows(self) -> Vec<Row> {
        self.known.with(|known| self.open.with(|open| rows::visible(known, open)))
    }

    pub fn is_open(self, group: GroupId) -> bool {
        self.open.with(|open| open.contains(&group))
    }

    /// Takes in what was read, and opens the way to `selected`.
    pub fn learn(self, way: Way, selected: Option<Place>) {
        let leads_to = |group: GroupId| selected != Some(Place::Group(group));
        let read = |group: GroupId| way.branches.iter().any(|branch| branch.group == group);
        let opened: Vec<_> =
            way.steps.iter().copied().filter(|&id| read(id) && leads_to(id)).collect();
        self.take_in(way);
        self.open.update(|open| open.extend(opened));
    }

    fn take_in(self, way: Way) {
        let before = self.known.with_untracked(|known| known.branches.keys().copied().collect());
        let after: HashSet<GroupId> = way.branches.iter().map(|branch| branch.group).collect();
        self.actor.set(way.actor);
        self.known.set(Known {
            tops: way.tops,
            branches: way.branches.into_iter().map(|branch| (branch.group, branch)).collect(),
        });
        // What is open and gone is closed; what is just being read stays.
        let gone: HashSet<GroupId> = HashSet::difference(&before, &after).copied().collect();
        self.open.update(|open| open.retain(|group| !gone.contains(group)));
    }

    /// Reads what is shown anew, and the way to what is selected: names and counts have changed, or
    /// it isn't there yet.
    pub fn refresh(self, selected: Option<Place>) {
        self.read_again(selected, move |way| self.learn(way, selected));
    }

    /// Reads what is shown anew after something was done; what is open, marked and focused stays.
    pub fn refresh_after_change(self) {
        self.read_again(None, move |way| {
            let focus = self.focused();
            self.take_in(way);
            if let Some((element, at)) = focus {
                request_animation_frame(move || self.focus_again(&element, at));
            }
            self.changes.update(|changes| *changes += 1);
        });
    }

    fn read_again(self, selected: Option<Place>, learn: impl FnOnce(Way) + 'static) {
        if self.is_left() {
            return;
        }
        let shown = self.open.with_untracked(|open| {
            self.known.with_untracked(|known| {
                let shown = known.branches.values().filter(|branch| open.contains(&branch.group));
                shown.map(extent).collect()
            })
        });
        spawn_local(async move {
            let answer = look(TreeWay { selected, shown }).await;
            if let Ok(way) = answer
                && !self.is_left()
            {
                // Why it failed is the page's to say.
                learn(way);
            }
        });
    }

    /// The Organization page was left; what was said there stands above other pages, too, and what
    /// was done may be taken back from there.
    #[must_use]
    pub fn is_left(self) -> bool {
        self.known.is_disposed()
    }

    /// The line that has the focus, and its place among the lines.
    fn focused(self) -> Option<(String, usize)> {
        let element = browser::focused()?;
        let rows = untrack(|| self.rows());
        let at = rows.iter().position(|row| row.key.element() == element)?;
        Some((element, at))
    }

    /// A line that changed was made anew, and one that is gone has left the focus nowhere: then the
    /// line that is in its place has it.
    fn focus_again(self, element: &str, at: usize) {
        browser::focus(element);
        if browser::focused().as_deref() != Some(element) {
            let rows = untrack(|| self.rows());
            if let Some(row) = rows.get(at.min(rows.len().saturating_sub(1))) {
                browser::focus(&row.key.element());
            }
        }
    }

    /// Does this whenever something was done in the tree, so that a page shows what is so now: at
    /// once or, while something is typed there, as soon as that is saved or given up.
    pub fn when_changed(self, then: impl Fn() + 'static) {
        Effect::new(move |shown: Option<u32>| {
            let now = self.changes.get();
            let shown = shown.unwrap_or(now);
            if shown == now || self.unsaved.any() {
                return shown;
            }
            then();
            now
        });
    }

    /// What something done at this line means.
    #[must_use]
    pub fn targets(self, here: Place) -> Vec<Target> {
        untrack(|| acts::targets(&self.rows(), &self.marks.all(), here))
    }

    /// The place has a line already.
    #[must_use]
    pub fn shows(self, place: Place) -> bool {
        self.known.with_untracked(|known| {
            let top = known.tops.iter().any(|top| place == Place::Group(top.id));
            top || known.branches.values().any(|branch| rows::holds(branch, place))
        })
    }

    /// Opens a group; what is below it is read the first time.
    pub fn open(self, group: GroupId) {
        self.open.update(|open| {
            open.insert(group);
        });
        if !self.known.with_untracked(|known| known.branches.contains_key(&group)) {
            let limit = roster::page::PAGE_SIZE;
            self.read(
                Extent { group, groups: 0, leaves: 0 },
                Extent { group, groups: limit, leaves: limit },
            );
        }
    }

    pub fn close(self, group: GroupId) {
        self.open.update(|open| {
            open.remove(&group);
        });
    }

    pub fn toggle(self, group: GroupId) {
        if self.open.with_untracked(|open| open.contains(&group)) {
            self.close(group);
        } else {
            self.open(group);
        }
    }

    /// Brings the next groups, or the next technicians, below a group.
    pub fn more(self, key: Key) {
        let (group, groups, leaves) = match key {
            Key::MoreGroups(group) => (group, MORE, 0),
            Key::MoreLeaves(group) => (group, 0, MORE),
            Key::Place(_) | Key::Waiting(_) => return,
        };
        let from = self.known.with_untracked(|known| known.branches.get(&group).map(extent));
        if let Some(from) = from {
            self.read(from, Extent { group, groups, leaves });
        }
    }

    fn read(self, from: Extent, wanted: Extent) {
        spawn_local(async move {
            match look(TreeMore { from, wanted }).await {
                Ok(more) => self.known.update(|known| append(known, wanted, more)),
                Err(error) => {
                    self.announcer.announce(error.to_string());
                    if from.groups + from.leaves == 0 {
                        self.close(from.group);
                    }
                }
            }
        });
    }
}

fn extent(branch: &Branch) -> Extent {
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    Extent {
        group: branch.group,
        groups: count(branch.groups.items.len()),
        leaves: count(branch.leaves.items.len()),
    }
}

fn append(known: &mut Known, wanted: Extent, more: More) {
    let More { groups, leaves } = more;
    let Some(branch) = known.branches.get_mut(&wanted.group) else {
        let branch =
            Branch { group: wanted.group, groups, leaves, pinned_group: None, pinned_leaf: None };
        known.branches.insert(wanted.group, branch);
        return;
    };
    if wanted.groups > 0 {
        branch.groups.items.extend(groups.items);
        branch.groups.total = groups.total;
    }
    if wanted.leaves > 0 {
        branch.leaves.items.extend(leaves.items);
        branch.leaves.total = leaves.total;
    }
    let (groups, leaves) = (&branch.groups.items, &branch.leaves.items);
    branch.pinned_group =
        branch.pinned_group.take().filter(|pin| groups.iter().all(|node| node.id != pin.id));
    branch.pinned_leaf =
        branch.pinned_leaf.take().filter(|pin| leaves.iter().all(|leaf| leaf.id != pin.id));
}
