//! Two-step verification: codes that an app makes of a shared secret and the time (TOTP, RFC 6238:
//! SHA-1, six digits, 30 seconds), recovery codes, and who must have it.

use std::fmt::Write as _;
use std::str::FromStr;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha1::Sha1;

use crate::account::{Role, UnknownWord};
use crate::id::Timestamp;
use crate::secret::Secret;

/// Bytes of a secret: as many as the hash has, by RFC 4226.
pub const SECRET_BYTES: usize = 20;
/// So many recovery codes are given.
pub const RECOVERY_CODES: usize = 10;
/// Whoever gave the right password has so long to give the code.
pub const WAIT_SECONDS: i64 = 10 * 60;

/// A secret that was offered and not used for so long is worth nothing any more.
pub const OFFER_SECONDS: i64 = 15 * 60;

const STEP_SECONDS: i64 = 30;
/// Clocks differ: so many steps before and after are taken, too.
const DRIFT: i64 = 1;
const DIGITS: usize = 6;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Who must have two-step verification, by Global Settings; groups can ask for more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Required {
    #[default]
    Nobody,
    Administrators,
    Everybody,
}

impl Required {
    pub const ALL: [Self; 3] = [Self::Nobody, Self::Administrators, Self::Everybody];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Administrators => "administrators",
            Self::Everybody => "everybody",
        }
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Nobody => "Nobody",
            Self::Administrators => "Administrators",
            Self::Everybody => "Everybody",
        }
    }

    /// What it means, below the choice.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::Nobody => "Whoever wants can set it up in My Account.",
            Self::Administrators => {
                "All administrators must set it up before they can go on. For others it is optional."
            }
            Self::Everybody => "Everybody must set it up before they can go on.",
        }
    }

    /// Of somebody with this role; `by_group`: a group on the way to theirs asks for it.
    #[must_use]
    pub fn of(self, role: Role, by_group: bool) -> bool {
        by_group
            || match self {
                Self::Nobody => false,
                Self::Administrators => role > Role::Technician,
                Self::Everybody => true,
            }
    }
}

/// What My Account says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTwoStep {
    /// `None`: it isn't set up.
    pub since: Option<Timestamp>,
    pub codes_left: u64,
    pub required: bool,
}

/// By what a sign-in that waits can go on, beside a code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    pub passkey: bool,
}

/// The same, as the page says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwaitedHere {
    pub passkey: bool,
    /// Why it can't be given here, though the account has one.
    pub why_not: Option<String>,
}

/// What a group itself asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupDuty {
    pub asks: bool,
    /// A Master Administrator had it ask: only one of them lifts it.
    pub by_master: bool,
}

impl GroupDuty {
    #[must_use]
    pub fn is_masters(self) -> bool {
        self.asks && self.by_master
    }
}

/// Whether somebody, or a group, that goes from one way of groups to another leaves what a Master
/// Administrator requires. What an Administrator requires there doesn't count: they could lift it.
#[must_use]
pub fn leaves_masters_duty(from: &[GroupDuty], to: &[GroupDuty]) -> bool {
    let held = |way: &[GroupDuty]| way.iter().any(|duty| duty.is_masters());
    held(from) && !held(to)
}

/// Whether a group asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupTwoStep {
    pub asks: bool,
    /// A group above it asks, so that it holds here, too.
    pub asked_above: bool,
    /// A Master Administrator set it, and the person looking is none.
    pub held_by_master: bool,
}

/// What an app is told once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// To be typed.
    pub key: Secret,
    /// To be read from a QR code.
    pub address: Secret,
}

impl FromStr for Required {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|value| value.as_str() == word)
            .ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

/// The step of time in which a moment lies.
#[must_use]
pub fn step_at(now: Timestamp) -> i64 {
    now.0.div_euclid(1000 * STEP_SECONDS)
}

/// The code of a step.
#[must_use]
pub fn code(secret: &[u8], step: i64) -> String {
    let number = number(secret, step) % 10_u32.pow(6);
    format!("{number:0DIGITS$}")
}

/// RFC 4226: dynamic truncation of the HMAC.
fn number(secret: &[u8], step: i64) -> u32 {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return 0 };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash[hash.len() - 1] & 0xf);
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&hash[offset..offset + 4]);
    u32::from_be_bytes(bytes) & 0x7fff_ffff
}

/// The step whose code this is, now or a step beside; `None`: it is wrong, or was used already:
/// codes up to `last` are.
#[must_use]
pub fn verify(secret: &[u8], typed: &str, now: Timestamp, last: i64) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if typed.len() != DIGITS {
        return None;
    }
    let present = step_at(now);
    // Each is compared letter by letter: the time tells nothing of how much of a wrong one is right.
    (present - DRIFT..=present + DRIFT)
        .rfind(|step| same(&code(secret, *step), &typed) && *step > last)
}

fn same(one: &str, other: &str) -> bool {
    let differing = one.bytes().zip(other.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differing == 0
}

/// A secret as people type it into their app: base 32, in groups of four.
#[must_use]
pub fn key(secret: &[u8]) -> String {
    let mut key = base32(secret);
    let mut place = 4;
    while place < key.len() {
        key.insert(place, ' ');
        place += 5;
    }
    key
}

/// What a QR code tells the app.
#[must_use]
pub fn address(secret: &[u8], organization: &str, email: &str) -> String {
    let issuer = escaped(organization);
    format!("otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}", escaped(email), base32(secret))
}

fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            text.push(char::from(BASE32[(bits >> count) as usize & 31]));
        }
    }
    if count > 0 {
        text.push(char::from(BASE32[(bits << (5 - count)) as usize & 31]));
    }
    text
}

/// As apps read it, `:` and `/` are separators.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~@".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
        escaped
    })
}

/// A recovery code as it is compared: however it was typed.
#[must_use]
pub fn recovery_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// RFC 6238, appendix B, the last six of its eight digits.
    #[test]
    fn the_vectors_of_the_standard() {
        let check = |seconds: i64, expected: &str| {
            assert_eq!(code(SECRET, step_at(Timestamp(seconds * 1000))), expected);
        };
        check(59, "287082");
        check(1_111_111_109, "081804");
        check(1_111_111_111, "050471");
        check(1_234_567_890, "005924");
        check(2_000_000_000, "279037");
        check(20_000_000_000, "353130");
    }

    /// RFC 4226, appendix D.
    #[test]
    fn the_vectors_of_the_counter() {
        let expected = ["755224", "287082", "359152", "969429", "338314", "254676"];
        for (step, expected) in (0..).zip(expected) {
            assert_eq!(code(SECRET, step), expected);
        }
    }

    #[test]
    fn a_code_works_once_and_a_step_beside() {
        let now = Timestamp(100 * 30_000 + 5_000);
        let check = |typed: &str, last, expected| {
            assert_eq!(verify(SECRET, typed, now, last), expected, "{typed} after {last}");
        };
        let at = |step| code(SECRET, step);
        check(&at(100), 0, Some(100));
        check(&at(99), 0, Some(99));
        check(&at(101), 0, Some(101));
        check(&at(98), 0, None);
        check(&at(102), 0, None);
        check(&at(100), 100, None);
        check(&at(99), 100, None);
        check(&at(101), 100, Some(101));
        let spaced = [&at(100)[..3], " ", &at(100)[3..]].concat();
        check(&spaced, 0, Some(100));
        check("", 0, None);
        check("12345", 0, None);
        check("١٢٣٤٥٦", 0, None);
    }

    #[test]
    fn keys_are_base_32() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(base32(bytes), expected);
        check(b"", "");
        check(b"f", "MY");
        check(b"fo", "MZXQ");
        check(b"foob", "MZXW6YQ");
        check(b"foobar", "MZXW6YTBOI");
        assert_eq!(key(SECRET), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            address(b"foobar", "Müller & Söhne", "ada@example.com"),
            "otpauth://totp/M%C3%BCller%20%26%20S%C3%B6hne:ada@example.com?secret=MZXW6YTBOI\
             &issuer=M%C3%BCller%20%26%20S%C3%B6hne"
        );
    }

    #[test]
    fn who_must_have_it() {
        let check = |required: Required, by_group, expected| {
            assert_eq!(Role::ALL.map(|role| required.of(role, by_group)), expected);
        };
        check(Required::Nobody, false, [false; 4]);
        check(Required::Nobody, true, [true; 4]);
        check(Required::Administrators, false, [false, true, true, true]);
        check(Required::Everybody, false, [true; 4]);
    }

    #[test]
    fn what_a_master_requires_is_left_for_where_no_master_does() {
        const NONE: GroupDuty = GroupDuty { asks: false, by_master: false };
        const ADMINISTRATORS: GroupDuty = GroupDuty { asks: true, by_master: false };
        const MASTERS: GroupDuty = GroupDuty { asks: true, by_master: true };
        let check = |from: &[GroupDuty], to: &[GroupDuty], expected| {
            assert_eq!(leaves_masters_duty(from, to), expected, "{from:?} {to:?}");
        };
        check(&[NONE, NONE], &[NONE], false);
        check(&[NONE, ADMINISTRATORS], &[NONE], false);
        check(&[NONE, MASTERS], &[NONE], true);
        check(&[NONE, MASTERS, NONE], &[NONE, NONE], true);
        // It could be lifted there.
        check(&[NONE, MASTERS], &[NONE, ADMINISTRATORS], true);
        check(&[NONE, MASTERS], &[NONE, NONE, MASTERS], false);
        check(&[MASTERS, NONE], &[MASTERS, NONE, NONE], false);
        check(&[NONE, MASTERS], &[], true);
        check(&[], &[NONE], false);
    }

    #[test]
    fn recovery_codes_are_compared_however_they_are_typed() {
        assert_eq!(recovery_code(" k7qm-2xpa 9rtf\n"), "K7QM2XPA9RTF");
    }
}
