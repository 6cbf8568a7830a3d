//! An account is one person: one email, one sign-in, a role and, if it is licensed to give
//! support, a place in one Technician Group. What may be done with it is decided in `authority`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::directory::view::AccountLink;
use crate::group::GroupPath;
use crate::id::{AccountId, GroupId, ImportId, Timestamp};
use crate::sign_in::Lock;

/// What an account may do at most; see `authority` for the decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Technician,
    Administrator,
    Master,
    Holder,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Technician, Self::Administrator, Self::Master, Self::Holder];

    /// As it is stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Technician => "technician",
            Self::Administrator => "administrator",
            Self::Master => "master",
            Self::Holder => "holder",
        }
    }

    /// As people read it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Technician => "Technician",
            Self::Administrator => "Administrator",
            Self::Master => "Master Administrator",
            Self::Holder => "Master Account Holder",
        }
    }
}

/// Where an account's password comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordState {
    /// Chosen by the person.
    Own,
    /// Set by an administrator or an import; the organization's policies say whether another must be
    /// chosen.
    Temporary,
    /// The organization's default password: no hash is stored with the account.
    Default,
    /// Made by Muster for this account alone, for one sign-in.
    Starting,
}

impl PasswordState {
    pub const ALL: [Self; 4] = [Self::Own, Self::Temporary, Self::Default, Self::Starting];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Temporary => "temporary",
            Self::Default => "default",
            Self::Starting => "starting",
        }
    }

    /// To this account alone, by somebody else.
    #[must_use]
    pub fn is_given(self) -> bool {
        matches!(self, Self::Temporary | Self::Starting)
    }
}

/// The password that an account has, and until when it opens the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Password {
    pub state: PasswordState,
    /// `None`: it has no end. [`NEVER_OPENS`](Self::NEVER_OPENS): it doesn't open the account at all.
    pub ends_at: Option<Timestamp>,
}

impl Password {
    /// The end of a starting password that was used, and of a default password where none is set or
    /// the account is more than a technician's.
    pub const NEVER_OPENS: Timestamp = Timestamp(0);

    #[must_use]
    pub fn opens(self, now: Timestamp) -> bool {
        self.ends_at.is_none_or(|end| now < end)
    }
}

/// How an account came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Setup,
    Hand,
    Import,
    Directory,
}

impl Source {
    pub const ALL: [Self; 4] = [Self::Setup, Self::Hand, Self::Import, Self::Directory];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Hand => "hand",
            Self::Import => "import",
            Self::Directory => "directory",
        }
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Setup => "Set-up",
            Self::Hand => "By hand",
            Self::Import => "Import",
            Self::Directory => "Active Directory",
        }
    }
}

/// A word that is not one of a closed list; the database holds something this program never wrote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a known value")]
pub struct UnknownWord(pub String);

macro_rules! from_word {
    ($($name:ident),+) => {$(
        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                Self::ALL
                    .into_iter()
                    .find(|value| value.as_str() == word)
                    .ok_or_else(|| UnknownWord(word.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}
from_word!(Role, PasswordState, Source);

/// An account as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    pub role: Role,
    pub group: Option<GroupId>,
    pub name: String,
    pub nickname: String,
    pub email: String,
    pub sso_id: Option<String>,
    pub description: String,
    pub enabled: bool,
    pub standard_license: bool,
    pub mobile_license: bool,
    pub password: PasswordState,
    /// As in [`Password`].
    pub password_ends_at: Option<Timestamp>,
    pub source: Source,
    pub created_at: Timestamp,
    pub last_sign_in_at: Option<Timestamp>,
    /// Counts the changes: an edit names the version that it started from.
    pub version: i64,
}

/// Who made an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedBy {
    /// The name at that time.
    pub who: Option<String>,
    /// The import by which it was made, and the name of its file.
    pub import: Option<(ImportId, String)>,
}

/// A technician as lists show it.
#[expect(clippy::struct_excessive_bools, reason = "each is a column of the list")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TechnicianLine {
    pub id: AccountId,
    pub role: Role,
    pub name: String,
    pub nickname: String,
    pub email: String,
    pub enabled: bool,
    pub standard_license: bool,
    pub mobile_license: bool,
    /// A new password must be chosen at the next sign-in.
    pub password_due: bool,
    pub password: Password,
    /// It doesn't open the account any more; filled in by the caller of the store, which has the clock.
    pub password_ended: bool,
    pub source: Source,
    pub last_sign_in_at: Option<Timestamp>,
    /// Too many sign-ins failed; filled in like `password_ended`.
    pub locked: Option<Lock>,
}

/// A technician whom a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TechnicianHit {
    pub id: AccountId,
    pub name: String,
    pub nickname: String,
    pub email: String,
    pub sso_id: Option<String>,
    pub enabled: bool,
    /// From the root to their group; `None` for an administrator without a place.
    pub path: Option<GroupPath>,
}

/// An account with its place, for its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPage {
    pub account: Account,
    /// From the root to the account's group; `None` for an administrator without a place.
    pub path: Option<GroupPath>,
    /// Who looks may change it.
    pub editable: bool,
    /// The directory that keeps it in step.
    pub directory: Option<AccountLink>,
    /// A new password must be chosen at the next sign-in.
    pub password_due: bool,
    /// The password that there is doesn't open the account any more.
    pub password_ended: bool,
    /// Too many sign-ins failed.
    pub locked: Option<Lock>,
}
