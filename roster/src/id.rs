//! Identifiers and moments, each a type of its own, so that they can't be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! numeric_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

numeric_id! {
    /// One person's account.
    AccountId
}
numeric_id! {
    /// A Technician Group. People see this number, copy it and put it in files.
    GroupId
}
numeric_id! {
    /// A session, by its place in the list; never the token.
    SessionId
}

numeric_id! {
    /// A service token of directory synchronization, by its place in the list; never the token.
    TokenId
}

numeric_id! {
    /// A passkey, by its place in the list; never its device's name for it.
    PasskeyId
}

impl GroupId {
    /// The root of the tree, "Technicians": it carries the organization's defaults.
    pub const ROOT: Self = Self(1);
}

/// One import; a UUID v7 that the browser makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ImportId(pub Uuid);

impl fmt::Display for ImportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ImportId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// Seconds from `earlier` to this moment; negative when this one is the earlier.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0) / 1000
    }

    /// The beginning of a day in UTC: `2026-11-24`.
    #[must_use]
    pub fn of_day(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let mut next = || parts.next();
        let (year, month, day) = (next()?, next()?, next()?);
        let month = time::Month::try_from(month.parse::<u8>().ok()?).ok()?;
        let day = day.parse().ok()?;
        let date = time::Date::from_calendar_date(year.parse().ok()?, month, day).ok()?;
        Some(Self(date.midnight().assume_utc().unix_timestamp() * 1000))
    }

    /// RFC 3339 in UTC, to the second: `2026-11-22T12:00:00Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        time::OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1000))
            .ok()
            .and_then(|moment| moment.format(&time::format_description::well_known::Rfc3339).ok())
            .unwrap_or_default()
    }
}
