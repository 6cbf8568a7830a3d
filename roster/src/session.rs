//! How long a session lives, and how people see theirs.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::account::UnknownWord;
use crate::id::{SessionId, Timestamp};

/// The last use is written down at most this often.
pub const TOUCH_SECONDS: i64 = 60;

/// The most sessions of one person: the oldest ends when another begins.
pub const MOST_SESSIONS: u32 = 20;
/// For so long after a sign-in, what that sign-in demands asks for nothing again.
pub const FRESH_SECONDS: i64 = 5 * 60;

/// By what a session began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    Password,
    /// A passkey alone: it stands for both steps.
    Passkey,
}

impl Method {
    const ALL: [Self; 2] = [Self::Password, Self::Passkey];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
        }
    }
}

/// What followed the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondStep {
    Code,
    RecoveryCode,
    Passkey,
}

impl SecondStep {
    const ALL: [Self; 3] = [Self::Code, Self::RecoveryCode, Self::Passkey];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::RecoveryCode => "recovery_code",
            Self::Passkey => "passkey",
        }
    }
}

impl FromStr for Method {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let found = Self::ALL.into_iter().find(|value| value.as_str() == word);
        found.ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

impl FromStr for SecondStep {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let found = Self::ALL.into_iter().find(|value| value.as_str() == word);
        found.ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

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
    pub method: Method,
    pub second_step: Option<SecondStep>,
    /// The session that asks.
    pub current: bool,
}

impl SessionLine {
    /// How its owner signed in.
    #[must_use]
    pub fn signed_in_with(&self) -> &'static str {
        match (self.method, self.second_step) {
            (Method::Password, None) => "Password",
            (Method::Password, Some(SecondStep::Code)) => "Password and code",
            (Method::Password, Some(SecondStep::RecoveryCode)) => "Password and recovery code",
            (Method::Password, Some(SecondStep::Passkey)) => "Password and passkey",
            (Method::Passkey, _) => "Passkey",
        }
    }
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
