//! Parses the directory's time formats.

use roster::id::Timestamp;
use time::PrimitiveDateTime;
use time::macros::format_description;

/// From 1601-01-01 to 1970-01-01, in units of 100 nanoseconds.
const TO_1970: i64 = 116_444_736_000_000_000;

/// `GeneralizedTime` in UTC: `20261125084014.0Z`.
#[must_use]
pub fn generalized(text: &str) -> Option<Timestamp> {
    let whole = text.strip_suffix('Z')?.split('.').next()?;
    let format = format_description!("[year][month][day][hour][minute][second]");
    let moment = PrimitiveDateTime::parse(whole, format).ok()?.assume_utc();
    Some(Timestamp(moment.unix_timestamp() * 1000))
}

/// `accountExpires`: units of 100 nanoseconds since 1601; 0 and the greatest number mean never.
#[must_use]
pub fn expiry(value: i64) -> Option<Timestamp> {
    match value {
        0 | i64::MAX => None,
        value => Some(Timestamp((value - TO_1970).div_euclid(10_000))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_controllers_clock_is_read_to_the_second() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(generalized(text).map(Timestamp::rfc3339).as_deref(), expected, "{text}");
        };
        check("20261125084014.0Z", Some("2026-11-25T08:40:14Z"));
        check("20240229235959Z", Some("2024-02-29T23:59:59Z"));
        check("20261125084014.0", None);
        check("now", None);
    }

    #[test]
    fn an_expiry_is_a_moment_or_never() {
        let check = |value: i64, expected: Option<&str>| {
            assert_eq!(expiry(value).map(Timestamp::rfc3339).as_deref(), expected, "{value}");
        };
        check(0, None);
        check(0x7FFF_FFFF_FFFF_FFFF, None);
        check(133_170_048_000_000_000, Some("2023-01-01T00:00:00Z"));
        check(1, Some("1601-01-01T00:00:00Z"));
    }
}
