//! Lists are paged by the database; nothing loads all.

use serde::{Deserialize, Serialize};

/// How many entries a page has, unless the caller asks for fewer.
pub const PAGE_SIZE: u32 = 50;

/// One page of a list, and where the next begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// How many entries the whole list has.
    pub total: u64,
    /// How many entries come before this page.
    pub offset: u64,
}

impl<T> Page<T> {
    #[must_use]
    pub fn next_offset(&self) -> Option<u64> {
        let end = self.offset + self.items.len() as u64;
        (end < self.total && !self.items.is_empty()).then_some(end)
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub offset: u64,
    pub limit: u32,
}

impl Default for Window {
    fn default() -> Self {
        Self { offset: 0, limit: PAGE_SIZE }
    }
}
