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
    /// Keys come in one by one and go into the table many at a time: the table is larger than the
    /// processor's cache, and so it fetches many slots at once.
    waiting: Vec<(u64, u32)>,
}

impl FirstSeen {
    pub fn with_capacity(rows: usize) -> Self {
        let slots = vec![Slot::default(); (rows * 2).next_power_of_two()];
        Self { slots, waiting: Vec::new() }
    }

    /// Each row once, in their order, and no more rows than the capacity.
    pub fn add(&mut self, key: &str, row: usize) {
        self.waiting.push((hash(key), narrow(row)));
    }

    /// Tells `found` of each added row whose key an earlier row had: the row, and the first of
    /// them. `same` says whether two rows of the same hash have the same key.
    pub fn settle(
        &mut self,
        mut same: impl FnMut(usize, usize) -> bool,
        mut found: impl FnMut(usize, usize),
    ) {
        let mut waiting = std::mem::take(&mut self.waiting);
        for (hash, row) in waiting.drain(..) {
            let row = wide(row);
            if let Some(first) = self.insert(hash, row, |other| same(row, other)) {
                found(row, first);
            }
        }
        self.waiting = waiting;
    }

    fn insert(
        &mut self,
        hash: u64,
        row: usize,
        mut same: impl FnMut(usize) -> bool,
    ) -> Option<usize> {
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
        let mut found = Vec::new();
        for (row, key) in keys.iter().enumerate() {
            seen.add(key, row);
            if row % 2 == 0 {
                seen.settle(
                    |one, other| keys[one] == keys[other],
                    |row, first| found.push((row, first)),
                );
            }
        }
        assert_eq!(found, [(2, 0), (4, 1), (5, 0)]);
    }

    #[test]
    fn keys_of_one_hash_are_told_apart() {
        let mut seen = FirstSeen::with_capacity(4);
        assert_eq!(seen.insert(7, 0, |_| false), None);
        assert_eq!(seen.insert(7, 1, |_| false), None);
        assert_eq!(seen.insert(7, 2, |other| other == 1), Some(1));
    }
}
