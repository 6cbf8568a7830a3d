//! What can be selected in the tree, and its address.

use roster::id::{AccountId, GroupId};
use serde::{Deserialize, Serialize};

/// A group or a technician.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Group(GroupId),
    Technician(AccountId),
}

const GROUPS: &str = "/organization/groups/";
const TECHNICIANS: &str = "/organization/technicians/";

impl Place {
    /// What the address in the bar selects.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        if let Some(id) = path.strip_prefix(GROUPS) {
            return id.parse().ok().map(Self::Group);
        }
        path.strip_prefix(TECHNICIANS)?.parse().ok().map(Self::Technician)
    }

    #[must_use]
    pub fn href(self) -> String {
        match self {
            Self::Group(id) => [GROUPS, &id.to_string()].concat(),
            Self::Technician(id) => [TECHNICIANS, &id.to_string()].concat(),
        }
    }

    /// As it stands in a query: `g1001`, `t7`.
    #[must_use]
    pub fn mark(self) -> String {
        match self {
            Self::Group(id) => ["g", &id.to_string()].concat(),
            Self::Technician(id) => ["t", &id.to_string()].concat(),
        }
    }

    /// All that a query names, as `g1001,t7`.
    #[must_use]
    pub fn marked(text: &str) -> Vec<Self> {
        let one = |mark: &str| match mark.split_at_checked(1)? {
            ("g", id) => id.parse().ok().map(Self::Group),
            ("t", id) => id.parse().ok().map(Self::Technician),
            _ => None,
        };
        text.split(',').filter_map(one).collect()
    }

    /// The id of its line in the tree.
    #[must_use]
    pub fn element(self) -> String {
        match self {
            Self::Group(id) => ["tree-g", &id.to_string()].concat(),
            Self::Technician(id) => ["tree-t", &id.to_string()].concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_names_several() {
        let places = [Place::Group(GroupId(1001)), Place::Technician(AccountId(7))];
        let text = places.map(Place::mark).join(",");
        assert_eq!(text, "g1001,t7");
        assert_eq!(Place::marked(&text), places);
        assert_eq!(Place::marked("x1,,g,t7"), places[1..]);
    }

    #[test]
    fn an_address_tells_what_is_selected() {
        for place in [Place::Group(GroupId(7)), Place::Technician(AccountId(12))] {
            assert_eq!(Place::at(&place.href()), Some(place));
        }
        for none in ["/organization", "/organization/groups/", "/organization/groups/x", "/account"]
        {
            assert_eq!(Place::at(none), None, "{none}");
        }
    }
}
