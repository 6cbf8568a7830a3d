//! Addresses in one file that a person can't tell apart, where at least one of them is not ASCII.

use rustc_hash::FxHashSet;

use super::email_key;
use super::{Finding, Place};
use crate::email;
use crate::fields::Field;
use crate::import::arena::{narrow, wide};
use crate::import::first_seen::hash;
use crate::import::sheet::Sheet;
use crate::problem::Code;

/// Adds a warning for every such row, which names another of them. What the international ones look
/// like is handed back, as hashes. Files without an international
/// address, nearly all, cost nothing.
pub(super) fn find(
    sheet: &Sheet,
    international: &[u32],
    findings: &mut Vec<Finding>,
) -> FxHashSet<u64> {
    if international.is_empty() {
        return FxHashSet::default();
    }
    let mut key = String::new();
    let mut skeleton = String::new();
    let mut skeleton_of = |row: usize| {
        email_key(sheet, row, &mut key);
        email::skeleton_into(&key, &mut skeleton);
        (!key.is_empty()).then(|| hash(&skeleton))
    };
    let wanted: FxHashSet<u64> =
        international.iter().filter_map(|row| skeleton_of(wide(*row))).collect();
    let mut alike: Vec<(u64, u32)> = (0..sheet.row_count())
        .filter_map(|row| {
            let skeleton = skeleton_of(row).filter(|skeleton| wanted.contains(skeleton))?;
            Some((skeleton, narrow(row)))
        })
        .collect();
    alike.sort_unstable();
    for rows in alike.chunk_by(|one, other| one.0 == other.0).filter(|rows| rows.len() > 1) {
        compare(sheet, rows, findings);
    }
    wanted
}

/// Of what the key looks like.
pub(super) fn hash_of(key: &str) -> u64 {
    hash(&email::skeleton(key))
}

/// The rows' skeletons have one hash. The same address twice is a duplicate, not a lookalike.
fn compare(sheet: &Sheet, rows: &[(u64, u32)], findings: &mut Vec<Finding>) {
    let keys: Vec<(usize, String, String)> = rows
        .iter()
        .map(|(_, row)| {
            let mut key = String::new();
            email_key(sheet, wide(*row), &mut key);
            let skeleton = email::skeleton(&key);
            (wide(*row), key, skeleton)
        })
        .collect();
    let Some((_, first, skeleton)) = keys.first() else { return };
    let Some((other, ..)) = keys.iter().find(|(_, key, _)| key != first) else { return };
    for (row, key, own) in &keys {
        if own == skeleton {
            let twin = if key == first { *other } else { keys[0].0 };
            let place = Place::Field(Field::Email);
            findings.push(Finding::new(*row, Code::EmailLookalike, place, twin));
        }
    }
}
