//! Distinguished names as comparable parts: names that differ only in escapes or case are the same.

use std::borrow::Cow;

/// From the left: `["cn=anna", "ou=people", "dc=example", "dc=com"]`, without escapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dn(Vec<String>);

impl Dn {
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let parts = split(text).into_iter().filter(|part| !part.trim().is_empty());
        Self(parts.map(comparable).collect())
    }

    /// Whether the name is `base` or below it.
    #[must_use]
    pub fn is_within(&self, base: &Self) -> bool {
        self.0.ends_with(&base.0)
    }

    /// `dc=example,dc=com` is `example.com`.
    #[must_use]
    pub fn domain(&self) -> String {
        let labels: Vec<&str> = self.0.iter().filter_map(|part| part.strip_prefix("dc=")).collect();
        labels.join(".")
    }
}

/// The value of a name's first part, for people: `Inner` of `CN=Inner,DC=example,DC=com`.
#[must_use]
pub fn first(text: &str) -> String {
    let part = split(text).first().copied().unwrap_or_default();
    plain(part.split_once('=').map_or(part, |(_, value)| value))
}

/// Escapes a value for a name (RFC 4514).
#[must_use]
pub fn escape(value: &str) -> Cow<'_, str> {
    ldap3::dn_escape(value)
}

/// Splits at the commas that aren't escaped.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped, mut quoted) = (0, false, false);
    for (place, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ',' | ';' if !quoted => {
                parts.push(&text[start..place]);
                start = place + 1;
            }
            _ => (),
        }
    }
    parts.push(&text[start..]);
    parts
}

fn comparable(part: &str) -> String {
    let (kind, value) = part.split_once('=').unwrap_or(("", part));
    format!("{}={}", kind.trim().to_lowercase(), plain(value).to_lowercase())
}

/// The value without escapes, quotes and surrounding spaces.
fn plain(value: &str) -> String {
    let bytes = value.trim_start().as_bytes();
    let mut plain: Vec<u8> = Vec::with_capacity(bytes.len());
    // The length of `plain` without trailing spaces.
    let mut kept = 0;
    let mut place = 0;
    while let Some(&byte) = bytes.get(place) {
        place += 1;
        match byte {
            b'\\' => {
                let pair = bytes.get(place..place + 2).and_then(hexadecimal);
                plain.extend(pair.or_else(|| bytes.get(place).copied()));
                place += if pair.is_some() { 2 } else { 1 };
                kept = plain.len();
            }
            b'"' => (),
            b' ' => plain.push(byte),
            _ => {
                plain.push(byte);
                kept = plain.len();
            }
        }
    }
    plain.truncate(kept);
    String::from_utf8_lossy(&plain).into_owned()
}

fn hexadecimal(pair: &[u8]) -> Option<u8> {
    if !pair.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_the_same_however_they_are_written() {
        let check = |one: &str, other: &str| assert_eq!(Dn::parse(one), Dn::parse(other));
        check("CN=Anna,DC=example,DC=com", "cn=anna, dc=EXAMPLE, dc=com");
        check(r"CN=Meier\, Anna,DC=x", r"CN=Meier\2C Anna,DC=x");
        check(r#"CN="Meier, Anna",DC=x"#, r"CN=Meier\, Anna,DC=x");
        check(r"CN=Zo\C3\AB,DC=x", "CN=Zoë,DC=x");
        check(r"CN=\ a\ ,DC=x", r"CN=\20a\20,DC=x");
    }

    #[test]
    fn only_whole_parts_are_compared() {
        let check = |name: &str, base: &str, expected: bool| {
            assert_eq!(Dn::parse(name).is_within(&Dn::parse(base)), expected, "{name} in {base}");
        };
        check("CN=a,OU=People,DC=x", "ou=people,dc=x", true);
        check("OU=People,DC=x", "OU=People,DC=x", true);
        check("CN=a,OU=Other People,DC=x", "OU=People,DC=x", false);
        check(r"CN=a\,OU=People,DC=x", "OU=People,DC=x", false);
        check("CN=a,OU=People,DC=x,DC=y", "OU=People,DC=x", false);
        check("CN=a,DC=x", "OU=People,DC=x", false);
    }

    #[test]
    fn a_domain_is_read_from_its_name() {
        assert_eq!(Dn::parse("DC=Corp,DC=Example,DC=com").domain(), "corp.example.com");
    }

    proptest! {
        #[test]
        fn any_value_comes_back_from_a_name(value in r#"[ -~äß🎧,+"\\<>;#=*()]{1,20}"#) {
            let name = format!("CN={},OU=People,DC=x", escape(&value));
            let expected = format!("cn={}", value.to_lowercase());
            prop_assert_eq!(&Dn::parse(&name).0[0], &expected);
            prop_assert!(Dn::parse(&name).is_within(&Dn::parse("OU=People,DC=x")));
        }
    }
}
