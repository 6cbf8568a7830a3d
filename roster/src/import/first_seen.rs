//! Where a key was seen first, without keeping the keys: a table of hashes and rows; whoever asks
//! compares the rows themselves.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::arena::{narrow, wide};

/// The hash of a row without a key.
pub(super) const NONE: u32 = 0;

#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u32,
    row: u32,
}

/// Tells `found` of each row whose key an earlier row has: the row, and the first of them.
/// `hashes` are those of the rows' keys; `same` says whether two rows of one hash have one key.
pub(super) fn duplicates(
    hashes: &[u32],
    mut same: impl FnMut(usize, usize) -> bool,
    mut found: impl FnMut(usize, usize),
) {
    let keys = hashes.iter().filter(|hash| **hash != NONE).count();
    let mut slots = vec![Slot::default(); (keys * 2).next_power_of_two()];
    let mask = slots.len() - 1;
    for (row, hash) in hashes.iter().enumerate().filter(|(_, hash)| **hash != NONE) {
        let mut at = wide(*hash) & mask;
        loop {
            let slot = &mut slots[at];
            if slot.hash == NONE {
                *slot = Slot { hash: *hash, row: narrow(row) };
                break;
            }
            let first = wide(slot.row);
            if slot.hash == *hash && same(row, first) {
                found(row, first);
                break;
            }
            at = (at + 1) & mask;
        }
    }
}

/// Never `NONE`.
pub(super) fn short_hash(key: &str) -> u32 {
    // The hasher's best bits are its lowest.
    let low = hash(key) & u64::from(u32::MAX);
    u32::try_from(low).unwrap_or_default().max(NONE + 1)
}

pub(super) fn hash(key: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(key.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(keys: &[&str], hash: fn(&str) -> u32) -> Vec<(usize, usize)> {
        let hashes: Vec<u32> = keys.iter().map(|key| hash(key)).collect();
        let mut found = Vec::new();
        let same = |one: usize, other: usize| keys[one] == keys[other];
        duplicates(&hashes, same, |row, first| found.push((row, first)));
        found
    }

    #[test]
    fn the_first_is_found_again() {
        let keys = ["a", "b", "a", "c", "b", "a", ""];
        assert_eq!(found(&keys, short_hash), [(2, 0), (4, 1), (5, 0)]);
        assert_eq!(found(&[], short_hash), []);
    }

    #[test]
    fn keys_of_one_hash_are_told_apart() {
        assert_eq!(found(&["a", "b", "b", "a"], |_| 7), [(2, 1), (3, 0)]);
        assert_eq!(found(&["a", "a"], |_| NONE), []);
    }
}
