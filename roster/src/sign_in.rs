//! How failed sign-ins slow down the next: per account and per address, kept in the database, so
//! that every server counts alike.

use crate::id::Timestamp;

/// Failures that are free: people mistype.
const FREE_FAILURES: u32 = 3;
/// The longest growing delay before the lock-out.
const MAX_DELAY_SECONDS: i64 = 60;
/// A failure is forgotten this long after the last one.
pub const FORGET_SECONDS: i64 = 15 * 60;

/// Whose failures are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// One email, whether or not it has an account.
    Account,
    /// One network address, behind which may be a whole office.
    Address,
}

impl Counter {
    /// Failures until the lock-out.
    #[must_use]
    pub fn threshold(self) -> u32 {
        match self {
            Self::Account => 10,
            Self::Address => 100,
        }
    }

    fn free(self) -> u32 {
        match self {
            Self::Account => FREE_FAILURES,
            Self::Address => FREE_FAILURES * 10,
        }
    }
}

/// Failed sign-ins so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    pub count: u32,
    pub last_at: Option<Timestamp>,
}

impl Failures {
    /// With one more failure now; those before a long quiet are forgotten.
    #[must_use]
    pub fn and_one_more(self, now: Timestamp) -> Self {
        let kept = if self.forgotten(now) { 0 } else { self.count };
        Self { count: kept.saturating_add(1), last_at: Some(now) }
    }

    fn forgotten(self, now: Timestamp) -> bool {
        self.last_at.is_none_or(|last| now.seconds_since(last) >= FORGET_SECONDS)
    }

    /// Seconds until the next try is looked at; 0: now.
    #[must_use]
    pub fn wait_seconds(self, counter: Counter, now: Timestamp) -> i64 {
        let Some(last) = self.last_at else { return 0 };
        if self.forgotten(now) || self.count < counter.free() {
            return 0;
        }
        let delay = if self.count >= counter.threshold() {
            FORGET_SECONDS
        } else {
            let doublings = (self.count - counter.free()).min(6);
            (1 << doublings).min(MAX_DELAY_SECONDS)
        };
        (delay - now.seconds_since(last)).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_and_lock_out() {
        let check = |counter, count, after: i64, expected| {
            let failures = Failures { count, last_at: Some(Timestamp(0)) };
            let wait = failures.wait_seconds(counter, Timestamp(0).plus_seconds(after));
            assert_eq!(wait, expected, "{count} failures, {after} s later");
        };
        check(Counter::Account, 2, 0, 0);
        check(Counter::Account, 3, 0, 1);
        check(Counter::Account, 3, 1, 0);
        check(Counter::Account, 6, 0, 8);
        check(Counter::Account, 9, 0, 60);
        check(Counter::Account, 10, 0, FORGET_SECONDS);
        check(Counter::Account, 10, FORGET_SECONDS, 0);
        check(Counter::Address, 10, 0, 0);
        check(Counter::Address, 30, 0, 1);
        check(Counter::Address, 99, 0, 60);
        check(Counter::Address, 100, 60, FORGET_SECONDS - 60);
    }

    #[test]
    fn failures_are_forgotten_after_a_quiet_time() {
        let at = |seconds| Timestamp(0).plus_seconds(seconds);
        let failures = Failures::default().and_one_more(at(0)).and_one_more(at(5));
        assert_eq!(failures.count, 2);
        assert_eq!(failures.and_one_more(at(5 + FORGET_SECONDS)).count, 1);
    }
}
