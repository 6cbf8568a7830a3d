//! Numbers and moments as people read them, alike on the server and in the browser.

use roster::id::Timestamp;
pub use roster::text::escaped;

/// 4212 as "4,212".
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// "1 technician", "4,212 technicians".
#[must_use]
pub fn counted(number: u64, one: &str, many: &str) -> String {
    let mut text = grouped(number);
    text.push(' ');
    text.push_str(if number == 1 { one } else { many });
    text
}

/// "2026-11-22 12:00 UTC".
#[must_use]
pub fn utc(moment: Timestamp) -> String {
    let full = moment.rfc3339();
    match (full.get(..10), full.get(11..16)) {
        (Some(day), Some(time)) => [day, " ", time, " UTC"].concat(),
        _ => full,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(counted(1, "row", "rows"), "1 row");
        assert_eq!(counted(2000, "row", "rows"), "2,000 rows");
    }

    #[test]
    fn moments_are_in_utc() {
        assert_eq!(utc(Timestamp(0)), "1970-01-01 00:00 UTC");
    }
}
