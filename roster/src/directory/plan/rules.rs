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

impl Default for Thresholds {
    fn default() -> Self {
        Self { at_least: 5, percent: 10, day_percent: 20 }
    }
}
