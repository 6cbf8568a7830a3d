//! The check of a few rows after they were changed, and of those others that this concerns. It
//! finds exactly what a check of the whole file would.

use rustc_hash::FxHashSet;

use super::keys::{Kind, names_group};
use super::{Checked, Finding, Keys};
use crate::import::arena::{narrow, wide};
use crate::import::first_seen::NONE;
use crate::import::sheet::Sheet;
use crate::problem::Code;

/// Beyond so many rows it is quicker to compare all of them.
const FEW: usize = 32;

/// What must be known of rows before they are changed.
#[derive(Clone, Copy, Debug)]
pub(in crate::import) struct Before {
    look_alike: bool,
}

impl Before {
    pub fn of(sheet: &Sheet, keys: &Keys, rows: &[u32]) -> Self {
        Self { look_alike: look_alike(sheet, keys, rows) }
    }
}

fn look_alike(sheet: &Sheet, keys: &Keys, rows: &[u32]) -> bool {
    rows.len() > FEW || rows.iter().any(|row| keys.may_look_alike(sheet, *row))
}

/// `rows` were changed; in their order, each once.
pub(in crate::import) fn recheck(
    sheet: &Sheet,
    rows: &[u32],
    before: Before,
    checked: &mut Checked,
    keys: &mut Keys,
) {
    let few = if rows.len() <= FEW { rows } else { &[] };
    let old = Kind::ALL.map(|kind| hashes(keys, kind, few));
    by_themselves(sheet, rows, checked, keys);
    for (kind, old) in Kind::ALL.into_iter().zip(old) {
        if rows.len() <= FEW {
            let mut wanted = old;
            wanted.extend(hashes(keys, kind, rows));
            twins(sheet, rows, kind, &wanted, checked, keys);
        } else {
            let mut found = Vec::new();
            keys.find_duplicates_of(kind, sheet, &mut found);
            checked.replace_all(sheet, kind.code(), found);
        }
    }
    if before.look_alike || look_alike(sheet, keys, rows) {
        let mut found = Vec::new();
        keys.find_lookalikes(sheet, &mut found);
        checked.replace_all(sheet, Code::EmailLookalike, found);
    }
    group_ignored(sheet, rows, checked, keys);
    checked.settle(sheet, rows);
}

fn hashes(keys: &Keys, kind: Kind, rows: &[u32]) -> FxHashSet<u32> {
    let hashes = rows.iter().map(|row| keys.of(kind)[wide(*row)]);
    hashes.filter(|hash| *hash != NONE).collect()
}

fn by_themselves(sheet: &Sheet, rows: &[u32], checked: &mut Checked, keys: &mut Keys) {
    keys.international.retain(|row| rows.binary_search(row).is_err());
    let rules = checked.rules().clone();
    let mut found = Vec::new();
    for row in rows {
        keys.check_row(sheet, wide(*row), &rules, &mut found);
    }
    keys.international.sort_unstable();
    checked.replace(rows, |_| true, found);
}

/// Looks anew at all rows with one of the hashes.
fn twins(
    sheet: &Sheet,
    rows: &[u32],
    kind: Kind,
    wanted: &FxHashSet<u32>,
    checked: &mut Checked,
    keys: &Keys,
) {
    let hashes = keys.of(kind);
    let wanted: Vec<u32> = wanted.iter().copied().collect();
    let concerned: Vec<u32> = match wanted.as_slice() {
        [] => Vec::new(),
        [one] => rows_with(hashes, |hash| hash == *one),
        [one, other] => rows_with(hashes, |hash| hash == *one || hash == *other),
        many => rows_with(hashes, |hash| many.contains(&hash)),
    };
    let mut same = kind.same(sheet);
    let mut firsts: Vec<u32> = Vec::new();
    let mut found = Vec::new();
    for row in &concerned {
        let hash = hashes[wide(*row)];
        let first = firsts
            .iter()
            .find(|first| hashes[wide(**first)] == hash && same(wide(*row), wide(**first)));
        match first {
            Some(first) => found.push(kind.finding(wide(*row), wide(*first))),
            None => firsts.push(*row),
        }
    }
    let mut touched = concerned;
    touched.extend(rows);
    touched.sort_unstable();
    touched.dedup();
    checked.replace(&touched, |finding| finding.code == kind.code(), found);
    checked.settle(sheet, &touched);
}

fn rows_with(hashes: &[u32], wanted: impl Fn(u32) -> bool) -> Vec<u32> {
    let rows = hashes.iter().enumerate().filter(|(_, hash)| wanted(**hash));
    rows.map(|(row, _)| narrow(row)).collect()
}

fn group_ignored(sheet: &Sheet, rows: &[u32], checked: &mut Checked, keys: &mut Keys) {
    let before = keys.group_row;
    let among = rows.iter().copied().find(|row| names_group(sheet, wide(*row)));
    keys.group_row = match (before, among) {
        (Some(first), among) if names_group(sheet, wide(first)) => {
            Some(among.map_or(first, |row| row.min(first)))
        }
        // It was the first: those before it name none, unless they were changed.
        (Some(first), among) => {
            let end = among.map_or(sheet.row_count(), wide);
            (wide(first)..end).find(|row| names_group(sheet, *row)).map(narrow).or(among)
        }
        (None, among) => among,
    };
    let mut touched: Vec<u32> = before.into_iter().chain(keys.group_row).collect();
    touched.sort_unstable();
    touched.dedup();
    let found: Vec<Finding> = keys.group_ignored(checked.rules()).into_iter().collect();
    checked.replace(&touched, |finding| finding.code == Code::GroupIgnored, found);
    checked.settle(sheet, &touched);
}
