//! What the command palette lists, and which of the page's own entries match what is typed.

use super::Page;
use crate::browser::lower_case;
use crate::components::Offer;

/// Under which heading an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Here,
    Pages,
    Groups,
    People,
}

impl Section {
    pub const ALL: [Self; 4] = [Self::Here, Self::Pages, Self::Groups, Self::People];

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Here => "On this page",
            Self::Pages => "Pages",
            Self::Groups => "Groups",
            Self::People => "People",
        }
    }
}

/// One line; going there is all that it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub section: Section,
    pub label: String,
    /// Which one of several with this name it is.
    pub detail: String,
    pub href: String,
}

/// The page's actions and the pages of which each typed word begins one; all, while nothing is
/// typed.
#[must_use]
pub fn matching(text: &str, offers: &[Offer], pages: &[Page]) -> Vec<Entry> {
    let text = lower_case(text);
    let entry = |section, label: &str, href: &str| Entry {
        section,
        label: label.to_owned(),
        detail: String::new(),
        href: href.to_owned(),
    };
    let offers = offers.iter().map(|offer| entry(Section::Here, offer.label, &offer.href));
    let pages = pages.iter().map(|(label, href)| entry(Section::Pages, label, href));
    offers.chain(pages).filter(|entry| matches(&text, &entry.label)).collect()
}

fn matches(text: &str, label: &str) -> bool {
    let label = lower_case(label);
    let begins = |word: &str| label.split_whitespace().any(|other| other.starts_with(word));
    text.split_whitespace().all(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_begins_one_of_the_label() {
        let check = |text: &str, expected: &[&str]| {
            let offers = [Offer { label: "Create technician", href: "/g?create".to_owned() }];
            let pages = [("Import technicians", "/account/import"), ("My Account", "/account")];
            let found = matching(text, &offers, &pages);
            let labels: Vec<_> = found.iter().map(|entry| entry.label.as_str()).collect();
            assert_eq!(labels, expected, "{text:?}");
        };
        check("", &["Create technician", "Import technicians", "My Account"]);
        check("tech", &["Create technician", "Import technicians"]);
        check("tech IMP", &["Import technicians"]);
        check("ccount", &[]);
        check("settings", &[]);
    }
}
