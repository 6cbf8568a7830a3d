//! Password Policies beside the minimum strength: how old a password may be, which may not come
//! again, when too many failures lock out, how long a session lives.

use serde::{Deserialize, Serialize};

use crate::account::PasswordState;
use crate::fault::FieldProblem;
use crate::id::Timestamp;
use crate::session::Limits;
use crate::sign_in::LockOut;

/// The most passwords that are remembered.
pub const MAX_HISTORY: u32 = 24;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policies {
    /// Days after which a password that a person chose must be changed; `None`: never.
    pub max_age_days: Option<u32>,
    /// Days before that on which the person is told.
    pub warning_days: u32,
    /// So many of the passwords that a person had last may not be chosen again.
    pub history: u32,
    /// A password that somebody else set must be changed at the next sign-in.
    pub change_after_reset: bool,
    pub lock_out: LockOut,
    pub sessions: Limits,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            max_age_days: None,
            warning_days: 14,
            history: 0,
            change_after_reset: true,
            lock_out: LockOut::default(),
            sessions: Limits::default(),
        }
    }
}

impl Policies {
    /// Whoever has such a password must choose another before anything else.
    #[must_use]
    pub fn must_change(&self, password: PasswordState) -> bool {
        match password {
            PasswordState::Own => false,
            PasswordState::Temporary => self.change_after_reset,
            PasswordState::Default | PasswordState::Starting => true,
        }
    }

    /// A password that was chosen then must be changed at a sign-in from this moment on.
    #[must_use]
    pub fn expires_at(&self, chosen_at: Option<Timestamp>) -> Option<Timestamp> {
        let days = self.max_age_days?;
        Some(chosen_at?.plus_days(days.into()))
    }

    /// It must be changed at a sign-in now.
    #[must_use]
    pub fn is_expired(&self, chosen_at: Option<Timestamp>, now: Timestamp) -> bool {
        self.expires_at(chosen_at).is_some_and(|end| end <= now)
    }

    /// The person is told now that it expires soon.
    #[must_use]
    pub fn warns(&self, chosen_at: Option<Timestamp>, now: Timestamp) -> bool {
        self.expires_at(chosen_at).is_some_and(|end| end <= now.plus_days(self.warning_days.into()))
    }

    /// What is out of bounds.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        let mut check = |holds: bool, field: &str, message: &str| {
            if !holds {
                problems.push(FieldProblem::new(field, message));
            }
        };
        let age = self.max_age_days;
        check(
            age.is_none_or(|days| (1..=3650).contains(&days)),
            "maxAgeDays",
            "Choose 1 to 3,650 days, or leave it empty.",
        );
        check(
            self.warning_days <= 90 && age.is_none_or(|days| self.warning_days < days.max(1)),
            "warningDays",
            "Choose 0 to 90 days, fewer than a password may be old.",
        );
        check(self.history <= MAX_HISTORY, "history", "Choose 0 to 24 passwords.");
        check(
            (3..=100).contains(&self.lock_out.failures),
            "lockOutFailures",
            "Choose 3 to 100 failures.",
        );
        check(
            (1..=1440).contains(&self.lock_out.minutes),
            "lockOutMinutes",
            "Choose 1 to 1,440 minutes.",
        );
        let Limits { idle_minutes, hours } = self.sessions;
        check((1..=720).contains(&hours), "sessionHours", "Choose 1 to 720 hours.");
        check(
            (5..=hours.saturating_mul(60).max(5)).contains(&idle_minutes),
            "idleMinutes",
            "Choose 5 minutes or more, up to the longest session.",
        );
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_grows_old() {
        let policies = Policies { max_age_days: Some(90), warning_days: 14, ..Policies::default() };
        let chosen = Timestamp(0);
        let check = |days: i64, warned: bool, expired: bool| {
            let now = chosen.plus_days(days);
            let found = (policies.warns(Some(chosen), now), policies.is_expired(Some(chosen), now));
            assert_eq!(found, (warned, expired), "after {days} days");
        };
        check(0, false, false);
        check(75, false, false);
        check(76, true, false);
        check(89, true, false);
        check(90, true, true);
        assert!(!policies.is_expired(None, Timestamp(i64::MAX)), "given, not chosen");
        assert!(!Policies::default().is_expired(Some(chosen), Timestamp(i64::MAX)));
    }

    #[test]
    fn who_must_change_a_password() {
        let check = |change_after_reset, expected| {
            let policies = Policies { change_after_reset, ..Policies::default() };
            assert_eq!(PasswordState::ALL.map(|state| policies.must_change(state)), expected);
        };
        check(true, [false, true, true, true]);
        check(false, [false, false, true, true]);
    }

    #[test]
    fn bounds() {
        let check = |change: fn(&mut Policies), expected: &[&str]| {
            let mut policies = Policies::default();
            change(&mut policies);
            let problems = policies.problems();
            let found: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
            assert_eq!(found, expected, "{policies:?}");
        };
        check(|_| {}, &[]);
        check(|it| it.max_age_days = Some(0), &["maxAgeDays", "warningDays"]);
        check(|it| it.max_age_days = Some(14), &["warningDays"]);
        check(|it| it.history = 25, &["history"]);
        check(|it| it.lock_out.failures = 2, &["lockOutFailures"]);
        check(|it| it.lock_out.minutes = 0, &["lockOutMinutes"]);
        check(|it| it.sessions.hours = 0, &["sessionHours", "idleMinutes"]);
        check(|it| it.sessions.idle_minutes = 12 * 60 + 1, &["idleMinutes"]);
    }
}
