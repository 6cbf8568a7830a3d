//! Why a text is no address, in words that say what would be right.

use std::fmt;

use crate::problem::Code;
use crate::text::shown;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    Empty,
    /// So many bytes.
    TooLong(usize),
    LocalTooLong(usize),
    NoAt,
    TwoAts,
    NoLocal,
    NoDomain,
    NoDot,
    /// A comma where a dot belongs.
    Comma,
    Blank(char),
    Character(char),
    Dots,
    Domain(String),
}

impl Fault {
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Empty => Code::EmailRequired,
            Self::TooLong(_) | Self::LocalTooLong(_) => Code::EmailTooLong,
            _ => Code::EmailInvalid,
        }
    }

    pub(super) fn of_domain(domain: &str) -> Self {
        if domain.contains(',') { Self::Comma } else { Self::Domain(domain.to_owned()) }
    }
}

impl fmt::Display for Fault {
    /// The second half of a sentence that begins with the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::TooLong(bytes) => write!(f, "has {bytes} bytes; 254 is the most"),
            Self::LocalTooLong(bytes) => {
                write!(f, "has {bytes} bytes before the @; 64 is the most")
            }
            Self::NoAt => f.write_str("has no @; an address looks like anna@example.com"),
            Self::TwoAts => f.write_str("has more than one @; put one address in the cell"),
            Self::NoLocal => f.write_str("has nothing before the @"),
            Self::NoDomain => f.write_str("has nothing after the @"),
            Self::NoDot => f.write_str("has no dot after the @; a domain looks like example.com"),
            Self::Comma => f.write_str("has a comma after the @ where a dot belongs"),
            Self::Blank(_) => f.write_str("has a blank in it; take it out"),
            Self::Character(c) => {
                write!(f, "has a character that no address may have: {}", shown(&c.to_string()))
            }
            Self::Dots => f.write_str("has a dot too many before the @"),
            Self::Domain(domain) => {
                write!(f, "ends in “{}”, which is no domain", shown(domain))
            }
        }
    }
}
