//! The organization's settings: its name, its password policy, its seats.

use serde::{Deserialize, Serialize};

use crate::id::Timestamp;
use crate::password::Strength;

/// How long the default password works, unless set.
pub const DEFAULT_PASSWORD_DAYS: i64 = 14;

/// Global Settings as their page shows them; never a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub organization: String,
    pub strength: Strength,
    /// When the default password was set; `None`: there is none.
    pub default_password_set_at: Option<Timestamp>,
    pub default_password_days: i64,
    pub standard: Seats,
    pub mobile: Seats,
    pub version: i64,
}

impl Settings {
    /// The default password stops working at this moment.
    #[must_use]
    pub fn default_password_expires_at(&self) -> Option<Timestamp> {
        self.default_password_set_at.map(|at| at.plus_days(self.default_password_days))
    }

    /// An account without a password of its own could sign in now.
    #[must_use]
    pub fn default_password_works(&self, now: Timestamp) -> bool {
        self.default_password_expires_at().is_some_and(|end| now < end)
    }
}

/// Licences of one kind: enabled technicians take seats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seats {
    /// `None`: no limit.
    pub total: Option<u32>,
    pub used: u32,
}

impl Seats {
    /// How many are free; `None`: no limit.
    #[must_use]
    pub fn free(self) -> Option<u32> {
        self.total.map(|total| total.saturating_sub(self.used))
    }
}
