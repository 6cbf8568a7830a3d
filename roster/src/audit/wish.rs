//! Which entries are wanted, as an address says it: all of it text, as it was typed or followed.

use serde::{Deserialize, Serialize};

use super::Filter;
use crate::id::Timestamp;
use crate::text::escaped;

/// The query of `/audit`; what is empty doesn't matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// The ID of who did it.
    pub by: String,
    pub who: String,
    pub action: String,
    pub kind: String,
    /// The subject's ID.
    pub id: String,
    /// The first day and the last, as `2026-11-24`, in UTC.
    pub from: String,
    pub to: String,
    pub q: String,
}

impl Wish {
    #[must_use]
    pub fn filter(&self) -> Filter {
        // No entry has a NUL, and PostgreSQL takes none.
        let trimmed = |text: &str| text.trim().replace('\0', "");
        Filter {
            by: self.by.trim().parse().ok(),
            who: trimmed(&self.who),
            kind: trimmed(&self.kind),
            subject: trimmed(&self.id),
            action: trimmed(&self.action),
            from: Timestamp::of_day(self.from.trim()),
            to: Timestamp::of_day(self.to.trim()).map(|day| day.plus_days(1)),
            text: trimmed(&self.q),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// `?who=ada&action=sign_in`; empty for an empty one.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = String::new();
        for (key, value) in [
            ("by", &self.by),
            ("who", &self.who),
            ("action", &self.action),
            ("kind", &self.kind),
            ("id", &self.id),
            ("from", &self.from),
            ("to", &self.to),
            ("q", &self.q),
        ] {
            if !value.is_empty() {
                query.push(if query.is_empty() { '?' } else { '&' });
                query.push_str(key);
                query.push('=');
                query.push_str(&escaped(value));
            }
        }
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_wanted() {
        let wish = Wish {
            who: " Ada & Bob".to_owned(),
            from: "2026-11-24".to_owned(),
            to: "2026-11-24".to_owned(),
            ..Wish::default()
        };
        assert_eq!(wish.query(), "?who=%20Ada%20%26%20Bob&from=2026-11-24&to=2026-11-24");
        let filter = wish.filter();
        assert_eq!(filter.who, "Ada & Bob");
        assert_eq!(
            filter.to.zip(filter.from).map(|(to, from)| to.seconds_since(from)),
            Some(86_400)
        );
        assert_eq!(Wish::default().query(), "");
        assert_eq!(Wish::default().filter(), Filter::default());
        let nonsense = Wish { by: "x".to_owned(), from: "soon".to_owned(), ..Wish::default() };
        assert_eq!(nonsense.filter(), Filter::default());
    }
}
