//! How long a session lives, and how people see theirs.

use serde::{Deserialize, Serialize};

use crate::id::{SessionId, Timestamp};

/// The last use is written down at most this often.
pub const TOUCH_SECONDS: i64 = 60;

/// How long a session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// After it was last used.
    pub idle_minutes: u32,
    /// After it began, used or not.
    pub hours: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { idle_minutes: 60, hours: 12 }
    }
}

impl Limits {
    #[must_use]
    pub fn idle_seconds(self) -> i64 {
        i64::from(self.idle_minutes) * 60
    }

    #[must_use]
    pub fn absolute_seconds(self) -> i64 {
        i64::from(self.hours) * 3600
    }

    /// A session that was last used then and began then is alive now.
    #[must_use]
    pub fn allow(self, created_at: Timestamp, last_seen_at: Timestamp, now: Timestamp) -> bool {
        now.seconds_since(last_seen_at) < self.idle_seconds()
            && now.seconds_since(created_at) < self.absolute_seconds()
    }
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    pub id: SessionId,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub address: String,
    pub agent: String,
    /// The session that asks.
    pub current: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_idle_and_when_old() {
        let check = |created, seen, now, expected| {
            let at = |seconds| Timestamp(0).plus_seconds(seconds);
            let limits = Limits { idle_minutes: 60, hours: 12 };
            assert_eq!(limits.allow(at(created), at(seen), at(now)), expected);
        };
        check(0, 0, 1, true);
        check(0, 0, 3600, false);
        check(0, 100, 3600, true);
        check(0, 43_200 - 1, 43_200, false);
    }
}
