//! How failed sign-ins slow down the next: per account and per network address, kept in the database,
//! so that every server counts alike.

use std::net::{IpAddr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::id::Timestamp;

/// Failures that are free: people mistype.
const FREE_FAILURES: u32 = 3;
/// The longest growing delay before the lock-out.
const MAX_DELAY_SECONDS: i64 = 60;
/// An office has more failures than a person, by this factor.
const OFFICE: u32 = 10;
/// A provider's customer with many networks has more failures than an office, by this factor.
const CUSTOMER: u32 = 10;

/// A browser that signed in to an account is known for so long after its last sign-in.
pub const DEVICE_DAYS: i64 = 180;
/// The most browsers that are known to one account: the one that was used longest ago is forgotten.
pub const MOST_DEVICES: u32 = 20;

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

    /// What a count of one account must be for a lock now.
    #[must_use]
    pub fn locking(self, now: Timestamp) -> Locking {
        Locking {
            failures: self.threshold(Counter::Account),
            failed_after: now.plus_seconds(-self.seconds()),
        }
    }

    fn threshold(self, counter: Counter) -> u32 {
        self.failures.saturating_mul(counter.factor())
    }
}

/// A count of one account locks sign-in if it has at least so many failures and the last one was later
/// than this. A database finds locked accounts by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locking {
    pub failures: u32,
    pub failed_after: Timestamp,
}

/// Whose failures are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// One email, whether or not it has an account; or one way in to one account.
    Account,
    /// One network address, behind which may be a whole office.
    Address,
    /// An IPv6 prefix of 48 bits, which one customer may have as a whole.
    Network,
}

impl Counter {
    fn factor(self) -> u32 {
        match self {
            Self::Account => 1,
            Self::Address => OFFICE,
            Self::Network => OFFICE * CUSTOMER,
        }
    }

    fn free(self) -> u32 {
        FREE_FAILURES * self.factor()
    }
}

/// What the failures from a network address are counted under. One customer has 2⁶⁴ IPv6 addresses
/// at least: they are counted by the prefix of 64 bits and, ten times more slowly, by that of 48.
#[must_use]
pub fn networks(address: &str) -> Vec<(Counter, String)> {
    match address.parse().map(|ip: IpAddr| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => {
            vec![(Counter::Address, prefix(ip, 64)), (Counter::Network, prefix(ip, 48))]
        }
        Ok(IpAddr::V4(ip)) => vec![(Counter::Address, ip.to_string())],
        Err(_) => vec![(Counter::Address, address.to_owned())],
    }
}

fn prefix(ip: Ipv6Addr, bits: u32) -> String {
    let kept = u128::MAX << (128 - bits);
    format!("{}/{bits}", Ipv6Addr::from_bits(ip.to_bits() & kept))
}

/// That sign-in to an account is locked, as administrators see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    pub until: Timestamp,
    pub failures: u32,
}

impl Lock {
    /// The longest of the locks that follow from what is counted for one account.
    #[must_use]
    pub fn longest(counted: &[Failures], lock_out: LockOut, now: Timestamp) -> Option<Self> {
        counted.iter().filter_map(|it| it.lock(lock_out, now)).max_by_key(|lock| lock.until)
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

    /// There are so many that a lock has begun.
    #[must_use]
    pub fn lock_out(self, counter: Counter, lock_out: LockOut) -> bool {
        self.count >= lock_out.threshold(counter)
    }

    fn lock(self, lock_out: LockOut, now: Timestamp) -> Option<Lock> {
        let Locking { failures, failed_after } = lock_out.locking(now);
        let last = self.last_at.filter(|last| self.count >= failures && *last > failed_after)?;
        Some(Lock { until: last.plus_seconds(lock_out.seconds()), failures: self.count })
    }

    /// Without the one that was counted in advance for a try that turned out to be right: `before`
    /// is what was counted until then, `after` what it became.
    #[must_use]
    pub fn without(self, before: Self, after: Self) -> Self {
        if self == after {
            return before;
        }
        // Others failed meanwhile: theirs stay.
        Self { count: self.count.saturating_sub(1), last_at: self.last_at }
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
        let delay = if self.lock_out(counter, lock_out) {
            lock_out.seconds()
        } else {
            let doublings = (self.count - counter.free()).min(6);
            (1 << doublings).min(MAX_DELAY_SECONDS)
        };
        // A clock that was put back makes nobody wait longer.
        let delay = delay.min(lock_out.seconds());
        (delay - now.seconds_since(last)).clamp(0, delay)
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
        check(Counter::Network, 299, 0, 0);
        check(Counter::Network, 300, 0, 1);
        check(Counter::Network, 1000, 0, 900);
    }

    #[test]
    fn addresses_are_counted_by_network() {
        let check = |address: &str, expected: &[&str]| {
            let found: Vec<String> = networks(address).into_iter().map(|it| it.1).collect();
            assert_eq!(found, expected, "{address}");
        };
        check("192.0.2.7", &["192.0.2.7"]);
        check("::ffff:192.0.2.7", &["192.0.2.7"]);
        check("2001:db8:1:2:3:4:5:6", &["2001:db8:1:2::/64", "2001:db8:1::/48"]);
        check("2001:db8:1:2::", &["2001:db8:1:2::/64", "2001:db8:1::/48"]);
        check("2001:db8:1:3::1", &["2001:db8:1:3::/64", "2001:db8:1::/48"]);
        check("", &[""]);
        check("command line", &["command line"]);
    }

    #[test]
    fn a_right_try_takes_back_its_own_failure_alone() {
        let at =
            |count, seconds| Failures { count, last_at: Some(Timestamp(0).plus_seconds(seconds)) };
        let (before, after) = (at(3, 5), at(4, 10));
        assert_eq!(after.without(before, after), before);
        assert_eq!(at(6, 11).without(before, after), at(5, 11));
        assert_eq!(Failures::default().without(before, after).count, 0, "it was lifted meanwhile");
    }

    #[test]
    fn the_longest_lock_is_told() {
        let at =
            |count, seconds| Failures { count, last_at: Some(Timestamp(0).plus_seconds(seconds)) };
        let now = Timestamp(0).plus_seconds(100);
        let counted = [at(10, 0), at(12, 50), at(9, 90)];
        let lock = Lock { until: Timestamp(0).plus_seconds(950), failures: 12 };
        assert_eq!(Lock::longest(&counted, LOCK_OUT, now), Some(lock));
        assert_eq!(Lock::longest(&counted, LOCK_OUT, Timestamp(0).plus_seconds(950)), None);
        assert_eq!(Lock::longest(&[], LOCK_OUT, now), None);
    }

    #[test]
    fn a_lock_is_seen_as_long_as_it_refuses() {
        let check = |count, after_ms: i64| {
            let failures = Failures { count, last_at: Some(Timestamp(5)) };
            let now = Timestamp(5 + after_ms);
            let refused = failures.wait_seconds(Counter::Account, LOCK_OUT, now) > 0;
            let lock = Lock::longest(&[failures], LOCK_OUT, now);
            assert_eq!(lock.is_some(), refused, "{count} failures, {after_ms} ms later");
        };
        for after_ms in [0, 1, 839_000, 899_000, 899_999, 900_000, 900_001] {
            check(10, after_ms);
            check(11, after_ms);
        }
        check(9, 60_000);
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
