//! How the technicians of a group are listed: which of them, and in which order. The address of the
//! page says it, and what is done with “all that match” means the same.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::account::UnknownWord;

/// In which state a technician is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Whether or not a new password is due.
    Enabled,
    Disabled,
    /// Enabled, and must choose a new password at the next sign-in.
    PasswordDue,
    /// Enabled, and too many sign-ins failed.
    Locked,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Enabled, Self::Disabled, Self::PasswordDue, Self::Locked];

    /// As addresses have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::PasswordDue => "password-due",
            Self::Locked => "locked",
        }
    }

    /// As people read it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Disabled => "Disabled",
            Self::PasswordDue => "New password due",
            Self::Locked => "Sign-in locked",
        }
    }
}

/// Which technicians; the default: all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Part of the name, the nickname or the email, in any case; empty: any.
    pub text: String,
    pub state: Option<State>,
}

impl Filter {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.state.is_none()
    }
}

/// By what they are sorted; then by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    #[default]
    Name,
    Email,
    /// Who never signed in comes first.
    LastSignIn,
}

impl Key {
    pub const ALL: [Self; 3] = [Self::Name, Self::Email, Self::LastSignIn];

    /// As addresses have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::LastSignIn => "last-sign-in",
        }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Order {
    pub key: Key,
    pub descending: bool,
}

/// Which technicians, in which order; the default: all, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Listing {
    pub filter: Filter,
    pub order: Order,
}

/// Those that match a text, by name.
impl From<&str> for Listing {
    fn from(text: &str) -> Self {
        let filter = Filter { text: text.to_owned(), state: None };
        Self { filter, order: Order::default() }
    }
}

/// `email` or, descending, `-email`.
impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.descending {
            f.write_str("-")?;
        }
        f.write_str(self.key.as_str())
    }
}

impl FromStr for Order {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let (descending, name) = word.strip_prefix('-').map_or((false, word), |name| (true, name));
        let key = Key::ALL.into_iter().find(|key| key.as_str() == name);
        let key = key.ok_or_else(|| UnknownWord(word.to_owned()))?;
        Ok(Self { key, descending })
    }
}

impl FromStr for State {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let known = Self::ALL.into_iter().find(|state| state.as_str() == word);
        known.ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for key in Key::ALL {
            for descending in [false, true] {
                let order = Order { key, descending };
                assert_eq!(order.to_string().parse(), Ok(order));
            }
        }
        for state in State::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert!("--name".parse::<Order>().is_err());
        assert!("gone".parse::<State>().is_err());
    }
}
