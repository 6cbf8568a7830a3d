//! What the address says of the list: `?q=`, `status=`, `sort=`, `from=`.

use leptos_router::params::ParamsMap;
use roster::listing::{Filter, Key, Listing, Order};

use crate::text;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    pub listing: Listing,
    /// Entries before this page.
    pub from: u64,
}

impl Wish {
    /// What can't be understood is as if it weren't there.
    #[must_use]
    pub fn read(query: &ParamsMap) -> Self {
        let word = |key: &str| query.get_str(key).unwrap_or_default();
        Self {
            listing: Listing {
                filter: Filter { text: word("q").to_owned(), state: word("status").parse().ok() },
                order: word("sort").parse().unwrap_or_default(),
            },
            from: word("from").parse().unwrap_or_default(),
        }
    }

    /// The address of this list on the group's page.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        let Listing { filter, order } = &self.listing;
        let unless = |usual: bool, word: String| if usual { String::new() } else { word };
        let parts = [
            ("q", text::escaped(filter.text.trim())),
            ("status", filter.state.map(|state| state.as_str().to_owned()).unwrap_or_default()),
            ("sort", unless(*order == Order::default(), order.to_string())),
            ("from", unless(self.from == 0, self.from.to_string())),
        ];
        let mut address = path.to_owned();
        let mut mark = "?";
        for (key, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
            address.extend([mark, *key, "=", value.as_str()]);
            mark = "&";
        }
        address
    }

    #[must_use]
    pub fn with_from(&self, from: u64) -> Self {
        Self { from, ..self.clone() }
    }

    /// Sorted by this; by the other end first, if it is sorted so already.
    #[must_use]
    pub fn sorted(&self, key: Key) -> Self {
        let now = self.listing.order;
        let mut wish = self.with_from(0);
        wish.listing.order = Order { key, descending: now.key == key && !now.descending };
        wish
    }
}

#[cfg(test)]
mod tests {
    use roster::listing::State;

    use super::*;

    #[test]
    fn the_address_says_what_is_listed() {
        let check = |wish: &Wish, expected: &str| assert_eq!(wish.href("/g"), expected);
        let mut wish = Wish::default();
        check(&wish, "/g");
        wish.listing.filter = Filter { text: " ä b ".to_owned(), state: Some(State::PasswordDue) };
        check(&wish, "/g?q=%C3%A4%20b&status=password-due");
        wish = wish.with_from(50);
        check(&wish, "/g?q=%C3%A4%20b&status=password-due&from=50");
        wish = wish.sorted(Key::Email);
        check(&wish, "/g?q=%C3%A4%20b&status=password-due&sort=email");
        check(&wish.sorted(Key::Email), "/g?q=%C3%A4%20b&status=password-due&sort=-email");
        check(&Wish::default().sorted(Key::Name), "/g?sort=-name");
    }
}
