//! What is set for the synchronization, on its page.

use serde::{Deserialize, Serialize};

use crate::directory::words::words;

words! {
    /// What becomes of a person whose email an account made by hand has already. It never holds for
    /// an administrator's account, nor for one of another directory.
    #[derive(Default)]
    pub enum ExistingEmail {
        Link = "link", "Link it with the directory";
        Refuse = "refuse", "Refuse: it stays as it is";
        #[default]
        Ask = "ask", "Ask";
    }
}

/// What is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    pub existing_email: ExistingEmail,
    /// Name and email are kept in step also for who was moved to another group by hand.
    pub follow_moved: bool,
    /// How many may be disabled without asking.
    pub thresholds: Thresholds,
    /// How many may get another email without asking.
    pub email_thresholds: Thresholds,
    /// How many may be enabled again without asking.
    pub enable_thresholds: Thresholds,
}

/// How many technicians may be changed so without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// So many always may, however few there are.
    pub at_least: u32,
    /// Of the source's enabled technicians, in one run.
    pub percent: u32,
    /// Of the same within 24 hours; who was disabled in these counts as enabled.
    pub day_percent: u32,
}

impl Thresholds {
    /// More than may be changed in one run without asking.
    #[must_use]
    pub fn many(self, count: u64, of: u64) -> bool {
        count > self.most(of)
    }

    /// More than may be changed within 24 hours without asking.
    #[must_use]
    pub fn many_in_a_day(self, count: u64, of: u64) -> bool {
        count > self.most_in_a_day(of)
    }

    /// So many of these technicians may be changed in one run without asking.
    #[must_use]
    pub fn most(self, of: u64) -> u64 {
        self.or_share(of, self.percent)
    }

    /// So many of these technicians may be changed within 24 hours without asking.
    #[must_use]
    pub fn most_in_a_day(self, of: u64) -> u64 {
        self.or_share(of, self.day_percent)
    }

    fn or_share(self, of: u64, percent: u32) -> u64 {
        let share = u128::from(of) * u128::from(percent) / 100;
        u64::from(self.at_least).max(u64::try_from(share).unwrap_or(u64::MAX))
    }
}

/// What the shares are of: the enabled technicians of a source without those whom its runs created within
/// 24 hours and nobody approved. Who can send a run must not be able to raise by it what the next may do.
#[must_use]
pub fn counted(enabled: u64, created_last_day: u64) -> u64 {
    enabled.saturating_sub(created_last_day)
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { at_least: 5, percent: 10, day_percent: 20 }
    }
}
