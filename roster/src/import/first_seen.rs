//! Where a key was seen first, without keeping the keys: a table of hashes and rows; whoever asks
//! compares the rows themselves.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::arena::{narrow, wide};

#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u32,
    /// One more than the row; 0: free.
    row: u32,
}

pub(super) struct FirstSeen {
    slots: Vec<Slot>,
}

impl FirstSeen {
    pub fn with_capacity(rows: usize) -> Self {
        Self { slots: vec![Slot::default(); (rows * 2).next_power_of_two()] }
    }

    /// The row that had the key before, or none, and then it is this row from now on. `same` says
    /// whether a row of the same hash has the same key. At most as many rows as the capacity.
    pub fn insert(
        &mut self,
        key: &str,
        row: usize,
        mut same: impl FnMut(usize) -> bool,
    ) -> Option<usize> {
        let hash = hash(key);
        // The hasher's best bits are its lowest.
        let (low, high) = (narrow_hash(hash), narrow_hash(hash >> 32));
        let mask = self.slots.len() - 1;
        let mut at = wide(low) & mask;
        loop {
            let slot = self.slots[at];
            if slot.row == 0 {
                self.slots[at] = Slot { hash: high, row: narrow(row + 1) };
                return None;
            }
            let other = wide(slot.row - 1);
            if slot.hash == high && same(other) {
                return Some(other);
            }
            at = (at + 1) & mask;
        }
    }
}

pub(super) fn hash(key: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(key.as_bytes());
    hasher.finish()
}

fn narrow_hash(hash: u64) -> u32 {
    u32::try_from(hash & u64::from(u32::MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_found_again() {
        let keys = ["a", "b", "a", "c", "b", "a", ""];
        let mut seen = FirstSeen::with_capacity(keys.len());
        let found: Vec<_> = keys
            .iter()
            .enumerate()
            .map(|(row, key)| seen.insert(key, row, |other| keys[other] == *key))
            .collect();
        assert_eq!(found, [None, None, Some(0), None, Some(1), Some(0), None]);
    }

    #[test]
    fn keys_of_one_hash_are_told_apart() {
        let mut seen = FirstSeen::with_capacity(4);
        assert_eq!(seen.insert("x", 0, |_| false), None);
        assert_eq!(seen.insert("x", 1, |_| false), None);
        assert_eq!(seen.insert("x", 2, |other| other == 1), Some(1));
    }
}
