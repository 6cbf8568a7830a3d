//! The settings of the synchronization.

use serde::{Deserialize, Serialize};

use crate::directory::words::words;

words! {
    /// What to do with a person whose email belongs to an account made by hand. Accounts of
    /// administrators and of other directories are never linked.
    #[derive(Default)]
    pub enum ExistingEmail {
        Link = "link", "Link it with the directory";
        Refuse = "refuse", "Refuse: it stays as it is";
        #[default]
        Ask = "ask", "Ask";
    }
}

/// The settings that decide a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    pub existing_email: ExistingEmail,
    /// Name and email follow the directory even after a person was moved to another group by hand.
    pub follow_moved: bool,
    /// How many technicians may be disabled without approval.
    pub thresholds: Thresholds,
    /// How many technicians may get another email without approval.
    pub email_thresholds: Thresholds,
    /// How many technicians may be enabled again without approval.
    pub enable_thresholds: Thresholds,
}

/// How many technicians one kind of change may affect without approval: `at_least` of them or a
/// percentage, whichever is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// Always allowed, however few technicians there are.
    pub at_least: u32,
    /// Percentage of the source's enabled technicians, in one run.
    pub percent: u32,
    /// The same within 24 hours; technicians disabled in these count as enabled.
    pub day_percent: u32,
}

impl Thresholds {
    /// Whether `count` of `of` technicians is too many for one run without approval.
    #[must_use]
    pub fn many(self, count: u64, of: u64) -> bool {
        count > self.most(of)
    }

    /// Whether `count` of `of` technicians is too many for 24 hours without approval.
    #[must_use]
    pub fn many_in_a_day(self, count: u64, of: u64) -> bool {
        count > self.most_in_a_day(of)
    }

    /// The most of these technicians that one run may change without approval.
    #[must_use]
    pub fn most(self, of: u64) -> u64 {
        self.or_share(of, self.percent)
    }

    /// The most of these technicians that may change within 24 hours without approval.
    #[must_use]
    pub fn most_in_a_day(self, of: u64) -> u64 {
        self.or_share(of, self.day_percent)
    }

    fn or_share(self, of: u64, percent: u32) -> u64 {
        let share = u128::from(of) * u128::from(percent) / 100;
        u64::from(self.at_least).max(u64::try_from(share).unwrap_or(u64::MAX))
    }
}

/// The number that the percentages refer to: a source's enabled technicians, except those created within
/// 24 hours without approval. A stolen token must not raise the thresholds by creating people.
#[must_use]
pub fn counted(enabled: u64, created_last_day: u64) -> u64 {
    enabled.saturating_sub(created_last_day)
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { at_least: 5, percent: 10, day_percent: 20 }
    }
}
