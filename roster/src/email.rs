//! Email addresses: what one must be, the form in which two are compared, and which look alike.
//! International addresses (RFC 6531) are valid; quoted local parts and address literals, which
//! in an import are typing errors, are not.

mod fault;
mod lookalike;

use std::fmt;

use idna::AsciiDenyList;
use serde::{Deserialize, Serialize};

use crate::problem::Code;
use crate::text;

pub use fault::Fault;
pub use lookalike::skeleton;
pub(crate) use lookalike::{is_international, skeleton_into};

/// In bytes of UTF-8 (RFC 5321, 4.5.3.1, and 6531, 3.3).
const MAX_ADDRESS: usize = 254;
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 253;
const MAX_LABEL: usize = 63;

/// An address that mail can be sent to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Email {
    /// Trimmed and in normal form, otherwise as somebody typed it.
    pub as_typed: String,
    /// What makes two addresses the same: lower case, the domain in IDNA ASCII.
    pub key: String,
}

impl Email {
    pub fn parse(text: &str) -> Result<Self, Code> {
        let as_typed = text::clean(text).into_owned();
        let mut key = String::with_capacity(as_typed.len());
        match examine(&as_typed, &mut key) {
            Ok(()) => Ok(Self { as_typed, key }),
            Err(fault) => Err(fault.code()),
        }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_typed)
    }
}

/// Whether the clean text is an address; its key is written over `key`, which is left undefined
/// where it is none. Takes a buffer, so that a million rows need none of their own.
pub(crate) fn examine(text: &str, key: &mut String) -> Result<(), Fault> {
    key.clear();
    if is_plain(text.as_bytes()) {
        key.push_str(text);
        key.make_ascii_lowercase();
        return Ok(());
    }
    examine_closely(text, key)
}

fn examine_closely(text: &str, key: &mut String) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    if text.len() > MAX_ADDRESS {
        return Err(Fault::TooLong(text.len()));
    }
    if let Some(blank) = text.chars().find(|c| c.is_whitespace()) {
        return Err(Fault::Blank(blank));
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return Err(Fault::NoAt);
    };
    if local.contains('@') && !local.starts_with('"') {
        return Err(Fault::TwoAts);
    }
    local_part(local, key)?;
    key.push('@');
    domain_part(domain, key)
}

/// Nearly every address is known to be one in a single pass; only the others are looked at from
/// all sides.
fn is_plain(bytes: &[u8]) -> bool {
    let mut domain = 0;
    let mut label = 0;
    let mut dots = 0;
    let mut letters = false;
    let mut before = b'.';
    for (at, byte) in bytes.iter().copied().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => letters = true,
            b'0'..=b'9' => {}
            b'@' if domain == 0 && before != b'.' && at <= MAX_LOCAL => {
                domain = at + 1;
                label = domain;
            }
            b'.' if domain == 0 && before != b'.' => {}
            b'.' if !matches!(before, b'.' | b'@' | b'-') && at - label <= MAX_LABEL => {
                label = at + 1;
                dots += 1;
                letters = false;
            }
            b'-' | b'_' | b'+' | b'\'' if domain == 0 => {}
            // Two in a row may be an encoded label.
            b'-' if !matches!(before, b'.' | b'@' | b'-') => {}
            _ => return false,
        }
        before = byte;
    }
    let ends = !matches!(before, b'.' | b'@' | b'-') && bytes.len() - label <= MAX_LABEL;
    ends && letters && dots > 0 && bytes.len() <= MAX_ADDRESS
}

fn local_part(local: &str, key: &mut String) -> Result<(), Fault> {
    if local.is_empty() {
        return Err(Fault::NoLocal);
    }
    if let Some(wrong) = local.chars().find(|c| !is_local(*c)) {
        return Err(Fault::Character(wrong));
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err(Fault::Dots);
    }
    if local.len() > MAX_LOCAL {
        return Err(Fault::LocalTooLong(local.len()));
    }
    if local.is_ascii() {
        key.push_str(local);
        key.make_ascii_lowercase();
    } else {
        // Letter by letter: the lower case of a final sigma must not depend on its place.
        let lower: String = local.chars().flat_map(char::to_lowercase).collect();
        key.push_str(&text::nfc(&lower));
    }
    Ok(())
}

/// `atext` and the dot (RFC 5322), and beyond ASCII whatever can be seen.
fn is_local(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || "!#$%&'*+-./=?^_`{|}~".contains(c)
    } else {
        !text::is_invisible(c) && !is_reserved(c)
    }
}

/// Private use and non-characters.
fn is_reserved(c: char) -> bool {
    let code = u32::from(c);
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{f0000}'..)
        || code & 0xfffe == 0xfffe
}

fn domain_part(domain: &str, key: &mut String) -> Result<(), Fault> {
    if domain.is_empty() {
        return Err(Fault::NoDomain);
    }
    let start = key.len();
    if domain.is_ascii() && !has_encoded_label(domain) {
        key.push_str(domain);
        key[start..].make_ascii_lowercase();
    } else {
        match idna::domain_to_ascii_cow(domain.as_bytes(), AsciiDenyList::STD3) {
            Ok(ascii) => key.push_str(&ascii),
            Err(_) => return Err(Fault::of_domain(domain)),
        }
    }
    let ascii = &key[start..];
    if !ascii.contains('.') {
        return Err(if ascii.contains(',') { Fault::Comma } else { Fault::NoDot });
    }
    let fits = ascii.len() <= MAX_DOMAIN && ascii.split('.').all(is_label);
    let top_is_number =
        ascii.rsplit('.').next().is_some_and(|top| top.bytes().all(|byte| byte.is_ascii_digit()));
    if fits && !top_is_number { Ok(()) } else { Err(Fault::of_domain(domain)) }
}

fn has_encoded_label(domain: &str) -> bool {
    domain.split('.').any(|label| label.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("xn--")))
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        let check = |text: &str, expected: &str| {
            assert_eq!(Email::parse(text).map(|email| email.key).as_deref(), Ok(expected));
        };
        check(" Anna.Muster@Example.COM ", "anna.muster@example.com");
        check("o'brien+tag@x-y.example", "o'brien+tag@x-y.example");
        check("ŽOFIE@exämple.test", "žofie@xn--exmple-cua.test");
        check("žofie@XN--EXMPLE-CUA.test", "žofie@xn--exmple-cua.test");
        check("zofie\u{30c}@example.test", "zofiě@example.test");
        check("良平@例え.テスト", "良平@xn--r8jz45g.xn--zckzah");
        check("ΣΊΣΥΦΟΣ@example.test", "σίσυφοσ@example.test");
        check("a@1.example", "a@1.example");
    }

    #[test]
    fn no_addresses() {
        let check = |text: &str, expected: Fault| {
            assert_eq!(examine(&text::clean(text), &mut String::new()), Err(expected), "{text:?}");
        };
        check("", Fault::Empty);
        check("anna", Fault::NoAt);
        check("anna.example.test", Fault::NoAt);
        check("@example.test", Fault::NoLocal);
        check("anna@", Fault::NoDomain);
        check("anna@b@example.test", Fault::TwoAts);
        check("anna@@example.test", Fault::TwoAts);
        check("anna@example", Fault::NoDot);
        check("anna@example,test", Fault::Comma);
        check("anna@mail.example,test", Fault::Comma);
        check("anna muster@example.test", Fault::Blank(' '));
        check("anna..m@example.test", Fault::Dots);
        check(".anna@example.test", Fault::Dots);
        check("Anna<anna@example.test>", Fault::Character('<'));
        check("\"anna\"@example.test", Fault::Character('"'));
        check("an\u{200b}na@example.test", Fault::Character('\u{200b}'));
        check("mailto:anna@example.test", Fault::Character(':'));
        for domain in
            ["-a.test", "a-.test", "a..test", "a.test.", "a_b.test", "[1.2.3.4]", "1.2.3.4"]
        {
            check(&format!("anna@{domain}"), Fault::Domain(domain.to_owned()));
        }
        check(&format!("{}@example.test", "x".repeat(65)), Fault::LocalTooLong(65));
        check(&format!("a@{}.test", "x".repeat(300)), Fault::TooLong(307));
        check(
            &format!("a@{}.test", "x".repeat(64)),
            Fault::Domain(format!("{}.test", "x".repeat(64))),
        );
    }

    #[test]
    fn the_short_way_finds_the_same() {
        let long = |len: usize| "x".repeat(len);
        let cases = [
            "a@b.c",
            "A.b-c_d+e'f@G-h.i1",
            ".a@b.c",
            "a.@b.c",
            "a..b@c.d",
            "a@b",
            "a@b.",
            "a@.b",
            "a@-b.c",
            "a@b-.c",
            "a@b.c-",
            "a@b--c.d",
            "a@b.1",
            "a@1.b2",
            "a@b@c.d",
            "@a.b",
            "a@",
            "",
            "a b@c.d",
            "a@xn--exmple-cua.test",
            "a@xn--.test",
            "-@b.c",
            "a@b_c.d",
            "é@b.c",
        ];
        let long = [
            format!("{}@b.c", long(64)),
            format!("{}@b.c", long(65)),
            format!("a@{}.c", long(63)),
            format!("a@{}.c", long(64)),
            format!("a@b.{}", long(64)),
        ];
        for case in cases.map(str::to_owned).iter().chain(&long) {
            let mut key = String::new();
            let slow = examine_closely(case, &mut key).map(|()| key);
            if is_plain(case.as_bytes()) {
                assert_eq!(slow, Ok(case.to_ascii_lowercase()), "{case}");
            }
        }
        assert!(is_plain(b"A.b-c_d+e'f@G-h.i1") && is_plain(long[0].as_bytes()));
    }

    #[test]
    fn lengths() {
        let domain = format!("{0}.{0}.{1}", "d".repeat(63), "e".repeat(61));
        let address = format!("{}@{domain}", "x".repeat(64));
        assert_eq!(address.len(), 254);
        assert!(Email::parse(&address).is_ok());
        assert_eq!(Email::parse(&format!("{address}e")), Err(Code::EmailTooLong));
        assert_eq!(Email::parse("anna"), Err(Code::EmailInvalid));
        assert_eq!(Email::parse(" "), Err(Code::EmailRequired));
    }
}
