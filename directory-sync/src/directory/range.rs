//! Attributes with many values come in ranges, such as `member;range=0-999`; the last one ends in `*`.

use crate::ldap::Entry;

/// Values in one answer: the limit of the strictest controllers.
const STEP: usize = 1_000;

#[must_use]
pub fn asked(attribute: &str, from: usize) -> String {
    format!("{attribute};range={from}-{}", from + STEP - 1)
}

/// Some of the values, and where the next ones begin.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    pub values: Vec<String>,
    /// The beginning of the next range; `None`: this was the last one.
    pub next: Option<usize>,
}

/// `attribute` is in lower case. `None`: the entry has no range that begins at `from`.
#[must_use]
pub fn part(entry: &Entry, attribute: &str, from: usize) -> Option<Part> {
    let prefix = format!("{attribute};range=");
    let values = |name: &str| -> Option<Vec<String>> {
        entry.all(name).map(|value| str::from_utf8(value).ok().map(str::to_owned)).collect()
    };
    if let Some(name) = entry.names().find(|name| name.starts_with(&prefix)) {
        let (low, high) = name[prefix.len()..].split_once('-')?;
        let values = values(name)?;
        if low.parse() != Ok(from) {
            return None;
        }
        if high == "*" {
            return Some(Part { values, next: None });
        }
        let high: usize = high.parse().ok()?;
        // The number of values must match the range.
        let next = high.checked_add(1)?;
        return (high >= from && values.len() == next - from)
            .then_some(Part { values, next: Some(next) });
    }
    // An attribute without values, or a directory without ranges.
    (from == 0).then_some(Part { values: values(attribute)?, next: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_follow_each_other_until_the_star() {
        let check =
            |name: &str, values: &[&str], from: usize, expected: Option<(usize, Option<usize>)>| {
                let values: Vec<(&str, &[u8])> =
                    values.iter().map(|it| (name, it.as_bytes())).collect();
                let found = part(&Entry::of("", &values), "member", from);
                assert_eq!(found.map(|part| (part.values.len(), part.next)), expected, "{name}");
            };
        check("member;range=0-1", &["a", "b"], 0, Some((2, Some(2))));
        check("member;range=2-*", &["c"], 2, Some((1, None)));
        check("member;range=0-*", &["a"], 0, Some((1, None)));
        check("member", &["a", "b", "c"], 0, Some((3, None)));
        check("objectclass", &["group"], 0, Some((0, None)));
        // No values where there must be more, another range than requested, a wrong number of values.
        check("objectclass", &["group"], 1_000, None);
        check("member;range=0-1", &["a", "b"], 2, None);
        check("member;range=0-2", &["a", "b"], 0, None);
        check("member;range=0-x", &["a"], 0, None);
        check("member;range=0-18446744073709551615", &["a"], 0, None);
        assert_eq!(asked("member", 1_000), "member;range=1000-1999");
    }
}
