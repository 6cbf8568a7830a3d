//! How failed sign-ins slow down the next: per account and per address, kept in the database, so
//! that every server counts alike.

use serde::{Deserialize, Serialize};

use crate::id::Timestamp;

/// Failures that are free: people mistype.
const FREE_FAILURES: u32 = 3;
/// The longest growing delay before the lock-out.
const MAX_DELAY_SECONDS: i64 = 60;
/// An office has more failures than a person, by this factor.
const OFFICE: u32 = 10;

/// When too many failures lock out, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockOut {
    /// Of one account; of one address ten times as many.
    pub failures: u32,
    /// So long after the last one failures are forgotten.
    pub minutes: u32,
}

impl Default for LockOut {
    fn default() -> Self {
        Self { failures: 10, minutes: 15 }
    }
}

impl LockOut {
    #[must_use]
    pub fn seconds(self) -> i64 {
        i64::from(self.minutes) * 60
    }

    fn threshold(self, counter: Counter) -> u32 {
        match counter {
            Counter::Account => self.failures,
            Counter::Address => self.failures.saturating_mul(OFFICE),
        }
    }
}

/// Whose failures are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// One email, whether or not it has an account.
    Account,
    /// One network address, behind which may be a whole office.
    Address,
}

impl Counter {
    fn free(self) -> u32 {
        match self {
            Self::Account => FREE_FAILURES,
            Self::Address => FREE_FAILURES * OFFICE,
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
    pub fn and_one_more(self, lock_out: LockOut, now: Timestamp) -> Self {
        let kept = if self.forgotten(lock_out, now) { 0 } else { self.count };
        Self { count: kept.saturating_add(1), last_at: Some(now) }
    }

    fn forgotten(self, lock_out: LockOut, now: Timestamp) -> bool {
        self.last_at.is_none_or(|last| now.seconds_since(last) >= lock_out.seconds())
    }

    /// Seconds until the next try is looked at; 0: now.
    #[must_use]
    pub fn wait_seconds(self, counter: Counter, lock_out: LockOut, now: Timestamp) -> i64 {
        let Some(last) = self.last_at else { return 0 };
        if self.forgotten(lock_out, now) || self.count < counter.free() {
            return 0;
        }
        let delay = if self.count >= lock_out.threshold(counter) {
            lock_out.seconds()
        } else {
            let doublings = (self.count - counter.free()).min(6);
            (1 << doublings).min(MAX_DELAY_SECONDS)
        };
        (delay.min(lock_out.seconds()) - now.seconds_since(last)).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK_OUT: LockOut = LockOut { failures: 10, minutes: 15 };

    #[test]
    fn delays_grow_and_lock_out() {
        let check = |counter, count, after: i64, expected| {
            let failures = Failures { count, last_at: Some(Timestamp(0)) };
            let wait = failures.wait_seconds(counter, LOCK_OUT, Timestamp(0).plus_seconds(after));
            assert_eq!(wait, expected, "{count} failures, {after} s later");
        };
        check(Counter::Account, 2, 0, 0);
        check(Counter::Account, 3, 0, 1);
        check(Counter::Account, 3, 1, 0);
        check(Counter::Account, 6, 0, 8);
        check(Counter::Account, 9, 0, 60);
        check(Counter::Account, 10, 0, 900);
        check(Counter::Account, 10, 900, 0);
        check(Counter::Address, 10, 0, 0);
        check(Counter::Address, 30, 0, 1);
        check(Counter::Address, 99, 0, 60);
        check(Counter::Address, 100, 60, 900 - 60);
    }

    #[test]
    fn failures_are_forgotten_after_a_quiet_time() {
        let at = |seconds| Timestamp(0).plus_seconds(seconds);
        let failures =
            Failures::default().and_one_more(LOCK_OUT, at(0)).and_one_more(LOCK_OUT, at(5));
        assert_eq!(failures.count, 2);
        assert_eq!(failures.and_one_more(LOCK_OUT, at(5 + 900)).count, 1);
    }
}
