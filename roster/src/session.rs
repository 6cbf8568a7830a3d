//! How long a session lives, and how people see theirs.

use serde::{Deserialize, Serialize};

use crate::id::{SessionId, Timestamp};

/// A session ends this long after it was last used.
pub const IDLE_SECONDS: i64 = 60 * 60;
/// A session ends this long after it began, used or not.
pub const ABSOLUTE_SECONDS: i64 = 12 * 60 * 60;
/// The last use is written down at most this often.
pub const TOUCH_SECONDS: i64 = 60;

/// A session that was last used then and began then is alive now.
#[must_use]
pub fn is_alive(created_at: Timestamp, last_seen_at: Timestamp, now: Timestamp) -> bool {
    now.seconds_since(last_seen_at) < IDLE_SECONDS
        && now.seconds_since(created_at) < ABSOLUTE_SECONDS
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
            assert_eq!(is_alive(at(created), at(seen), at(now)), expected);
        };
        check(0, 0, 1, true);
        check(0, 0, IDLE_SECONDS, false);
        check(0, 100, IDLE_SECONDS, true);
        check(0, ABSOLUTE_SECONDS - 1, ABSOLUTE_SECONDS, false);
    }
}
