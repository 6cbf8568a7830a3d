//! The table between what the group says and what it is to say.

use leptos::prelude::*;
use roster::permission::{GroupPermissions, Permission, Rule, Rules};

use crate::components::Difference;

#[derive(Clone, Copy)]
pub struct State {
    /// As it is kept.
    pub page: RwSignal<GroupPermissions>,
    /// As it is chosen.
    pub wish: RwSignal<Rules>,
    /// Counts what was saved.
    pub saves: RwSignal<i64>,
    /// Where somebody else chose otherwise meanwhile.
    pub differences: RwSignal<Vec<Difference>>,
    /// The same: the permission, what was chosen here, what they chose.
    clashes: StoredValue<Vec<(Permission, Rule, Rule)>>,
}

impl State {
    pub fn new(page: GroupPermissions) -> Self {
        Self {
            wish: RwSignal::new(page.own()),
            page: RwSignal::new(page),
            saves: RwSignal::new(0),
            differences: RwSignal::default(),
            clashes: StoredValue::default(),
        }
    }

    pub fn saved(self, page: GroupPermissions) {
        self.differences.set(Vec::new());
        self.wish.set(page.own());
        self.page.set(page);
        self.saves.update(|saves| *saves += 1);
    }

    pub fn rule(self, permission: Permission) -> Rule {
        self.wish.with(|wish| said(wish, permission))
    }

    pub fn set(self, permission: Permission, change: impl FnOnce(&mut Rule)) {
        self.wish.update(|wish| change(wish.entry(permission).or_default()));
    }

    /// What the group said when this was filled, for the server.
    pub fn seen(self) -> String {
        // Such rules are always JSON.
        self.page.with(|page| serde_json::to_string(&page.own())).unwrap_or_default()
    }

    /// What was chosen and isn't saved.
    pub fn changed(self) -> Rules {
        let saved = self.page.with(GroupPermissions::own);
        let mut wish = self.wish.get();
        wish.retain(|permission, rule| said(&saved, *permission) != *rule);
        wish
    }

    /// Somebody else saved meanwhile: what one didn't touch is taken over, what both changed is to
    /// be chosen; until then one's own stays.
    pub fn meet(self, theirs: GroupPermissions) {
        let mine = untrack(|| self.changed());
        let mut wish = theirs.own();
        let before = self.page.with_untracked(GroupPermissions::own);
        let mut clashes = Vec::new();
        for (&permission, &rule) in &mine {
            let now = said(&wish, permission);
            if now != said(&before, permission) && now != rule {
                clashes.push((permission, rule, now));
            }
            wish.insert(permission, rule);
        }
        let difference = |(permission, mine, theirs): &(Permission, Rule, Rule)| Difference {
            label: permission.label(),
            mine: mine.words().to_owned(),
            theirs: theirs.words().to_owned(),
            keeps_mine: true,
        };
        self.differences.set(clashes.iter().map(difference).collect());
        self.clashes.set_value(clashes);
        self.page.set(theirs);
        self.wish.set(wish);
    }

    pub fn choose(self, at: usize, keep_mine: bool) {
        let clash = self.clashes.with_value(|clashes| clashes.get(at).copied());
        if let Some((permission, mine, theirs)) = clash {
            self.set(permission, |rule| *rule = if keep_mine { mine } else { theirs });
        }
    }
}

fn said(rules: &Rules, permission: Permission) -> Rule {
    rules.get(&permission).copied().unwrap_or_default()
}
