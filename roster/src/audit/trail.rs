//! The trail as it is read: its entries, what they are filtered by, where a page begins.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Through;
use crate::account::UnknownWord;
use crate::id::{AccountId, GroupId, Timestamp};

/// An entry of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub id: i64,
    pub at: Timestamp,
    /// `None`: somebody who wasn't signed in, or the operator of the server.
    pub actor_id: Option<AccountId>,
    /// The name at that time.
    pub actor: String,
    /// Empty where whoever reads may not know it.
    pub address: String,
    pub agent: String,
    /// A word of [`Action`](super::Action).
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub subject_name: String,
    pub before: Value,
    pub after: Value,
    /// By which import or run it was done, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<Through>,
}

/// Which entries are wanted; what is empty doesn't matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Who did it, by their account.
    pub by: Option<AccountId>,
    /// Part of the name of who did it.
    pub who: String,
    pub kind: String,
    pub subject: String,
    pub action: String,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub to: Option<Timestamp>,
    /// Part of a name, an address, a value.
    pub text: String,
}

impl Filter {
    /// What was done to one account, by imports and by runs of a directory, too.
    #[must_use]
    pub fn of_account(id: AccountId) -> Self {
        Self { kind: "account".to_owned(), subject: id.to_string(), ..Self::default() }
    }

    /// The one account that it wants entries about.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        let id = self.subject.parse().ok().map(AccountId);
        id.filter(|id| self.kind == "account" && id.to_string() == self.subject)
    }

    /// What was done to one group.
    #[must_use]
    pub fn of_group(id: GroupId) -> Self {
        Self { kind: "group".to_owned(), subject: id.to_string(), ..Self::default() }
    }
}

/// Whose entries may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subjects<'a> {
    All,
    /// Groups that lie in these areas now, and the accounts in them.
    Within(&'a [GroupId]),
}

/// The entry after which a page begins. Entries are in the order of their moment, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub at: Timestamp,
    pub id: i64,
}

impl Cursor {
    #[must_use]
    pub fn of(line: &Line) -> Self {
        Self { at: line.at, id: line.id }
    }
}

/// As it stands in an address.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.0, self.id)
    }
}

impl FromStr for Cursor {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let parsed = text.split_once('.').and_then(|(at, id)| {
            Some(Self { at: Timestamp(at.parse().ok()?), id: id.parse().ok()? })
        });
        parsed.ok_or_else(|| UnknownWord(text.to_owned()))
    }
}

/// Part of the trail, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailPage {
    pub lines: Vec<Line>,
    /// Where older ones begin; `None`: there are none.
    pub older: Option<Cursor>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_wants_one_account() {
        let check = |kind: &str, subject: &str, expected: Option<i64>| {
            let filter =
                Filter { kind: kind.to_owned(), subject: subject.to_owned(), ..Filter::default() };
            assert_eq!(filter.account(), expected.map(AccountId), "{kind} {subject}");
        };
        assert_eq!(Filter::of_account(AccountId(7)).account(), Some(AccountId(7)));
        check("account", "7", Some(7));
        // Looked for as it is written, as in the subjects of entries.
        for subject in ["", "07", "+7", "7 ", "seven", "99999999999999999999"] {
            check("account", subject, None);
        }
        check("group", "7", None);
        check("", "7", None);
    }

    #[test]
    fn a_cursor_comes_back_from_an_address() {
        let cursor = Cursor { at: Timestamp(1_795_000_000_000), id: 42 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in ["", "1", "1.", "a.b", "1.2.3"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }
}
