//! Classifies a member's object, and reads a person's attributes.

use roster::directory::protocol::bounds::TEXT_CHARS;
use roster::directory::protocol::{DisabledReason, Guid, Read};
use roster::id::Timestamp;

use super::identity::Domain;
use super::moment;
use super::rights::{self, Attribute};
use super::sid::Sid;
use crate::ldap::Entry;

/// The attributes that are read of every object.
pub const ATTRIBUTES: [&str; 10] = [
    "objectClass",
    "objectGUID",
    "objectSid",
    "displayName",
    "cn",
    "name",
    "mail",
    "userAccountControl",
    "accountExpires",
    "primaryGroupID",
];

/// `ADS_UF_ACCOUNTDISABLE`
const DISABLED: i64 = 2;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    Person(Person),
    Group(Group),
    Ignored(Kind),
    /// A person outside the search base.
    Outside,
    /// An unreadable member, with its name in the group: a person, or a group with people in it.
    Unknown(String),
}

/// Members that can't be technicians.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Computer,
    Contact,
    Foreign,
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub email: String,
    pub reason: Option<DisabledReason>,
    pub read: Read,
    /// The RID of the primary group; `None`: it can't be read.
    pub primary: Option<u32>,
    /// Attributes without a value, which are empty or not readable. Until they are resolved, the person
    /// counts as unreadable.
    pub unresolved: Vec<Attribute>,
}

impl Person {
    /// A person whose status is unknown: at most the name could be read.
    #[must_use]
    pub fn unreadable(name: &str) -> Self {
        Self {
            name: cut(name),
            email: String::new(),
            reason: None,
            read: Read::Unreadable,
            primary: None,
            unresolved: Vec::new(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub name: String,
    pub rid: Rid,
}

/// A group's RID, by which people name it as their primary group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rid {
    Known(u32),
    /// A group of another domain, or a built-in one, which is no primary group here.
    None,
    Unreadable,
}

/// `None`: the object's kind is unknown, because it has no readable GUID or class.
#[must_use]
pub fn classify(entry: &Entry, domain: &Domain) -> Option<(Guid, Object)> {
    let guid = entry.guid()?;
    entry.text("objectclass")?;
    let object = if entry.is_a("group") {
        let rid = match entry.bytes("objectsid").and_then(Sid::parse) {
            Some(sid) => sid.within(&domain.sid).map_or(Rid::None, Rid::Known),
            None => Rid::Unreadable,
        };
        Object::Group(Group { name: entry.text("name").unwrap_or(&entry.dn).to_owned(), rid })
    } else if entry.is_a("computer") {
        Object::Ignored(Kind::Computer)
    } else if entry.is_a("user") {
        if domain.counts(&entry.dn) {
            Object::Person(person(entry, domain.now))
        } else {
            Object::Outside
        }
    } else if entry.is_a("contact") {
        Object::Ignored(Kind::Contact)
    } else if entry.is_a("foreignSecurityPrincipal") {
        Object::Ignored(Kind::Foreign)
    } else {
        Object::Ignored(Kind::Other)
    };
    Some((guid, object))
}

fn person(entry: &Entry, now: Timestamp) -> Person {
    let mut names = ["displayname", "cn", "name"].iter().filter_map(|it| entry.text(it));
    let name = names.find(|name| !name.trim().is_empty()).unwrap_or_default();
    // Every person has a status and a primary group; without either, the person counts as unreadable.
    let control = entry.number("useraccountcontrol");
    let (Some(control), Some(_)) = (control, entry.number("primarygroupid")) else {
        return Person::unreadable(name);
    };
    let expires = entry.number("accountexpires");
    let expiry = expires.and_then(moment::expiry);
    let reason = if control & DISABLED != 0 {
        Some(DisabledReason::Disabled)
    } else if expiry.is_some_and(|at| at <= now) {
        Some(DisabledReason::Expired)
    } else {
        None
    };
    Person {
        name: cut(name),
        email: cut(entry.text("mail").unwrap_or_default()),
        reason,
        read: Read::Ok,
        primary: entry.number("primarygroupid").and_then(|rid| u32::try_from(rid).ok()),
        unresolved: [rights::ACCOUNT_EXPIRES, rights::DISPLAY_NAME]
            .into_iter()
            .filter(|it| entry.bytes(&it.name.to_ascii_lowercase()).is_none())
            .collect(),
    }
}

/// Cuts a text to the length the server accepts, which is still too long for an account.
fn cut(text: &str) -> String {
    text.chars().take(TEXT_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_672_531_200_000);

    fn read(values: &[(&str, &str)]) -> Person {
        let mut values: Vec<(&str, &[u8])> =
            values.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        values.push(("primarygroupid", b"513"));
        person(&Entry::of("CN=a,DC=x", &values), NOW)
    }

    #[test]
    fn status_is_by_the_disabled_bit_and_the_expiry() {
        let check = |control: &str, expires: Option<&str>, expected: Option<DisabledReason>| {
            let mut values = vec![("useraccountcontrol", control)];
            values.extend(expires.map(|expires| ("accountexpires", expires)));
            assert_eq!(read(&values).reason, expected, "{control} {expires:?}");
        };
        check("512", None, None);
        check("512", Some("0"), None);
        check("512", Some("9223372036854775807"), None);
        check("514", Some("0"), Some(DisabledReason::Disabled));
        check("66050", None, Some(DisabledReason::Disabled));
        // Exactly now, and a second later.
        check("512", Some("133170048000000000"), Some(DisabledReason::Expired));
        check("512", Some("133170048010000000"), None);
        // A lock-out and an expired password are temporary.
        check("528", None, None);
        check("8389120", None, None);
    }

    #[test]
    fn without_a_status_a_person_is_unreadable() {
        assert_eq!(read(&[("mail", "a@x.test"), ("cn", "Anna")]), Person::unreadable("Anna"));
    }

    #[test]
    fn without_a_primary_group_a_person_is_unreadable() {
        let values: [(&str, &[u8]); 2] = [("cn", b"Anna"), ("useraccountcontrol", b"512")];
        assert_eq!(person(&Entry::of("CN=a,DC=x", &values), NOW), Person::unreadable("Anna"));
    }

    #[test]
    fn a_name_is_the_displayed_one_else_the_common_one() {
        let check = |values: &[(&str, &str)], expected: &str| {
            let mut all = vec![("useraccountcontrol", "512")];
            all.extend(values);
            assert_eq!(read(&all).name, expected);
        };
        check(&[("displayname", "Anna Müller 🎧"), ("cn", "anna")], "Anna Müller 🎧");
        check(&[("displayname", ""), ("cn", "anna")], "anna");
        check(&[("displayname", " \u{a0} "), ("cn", "anna")], "anna");
        check(&[("name", "anna")], "anna");
        check(&[], "");
        let long = "ä".repeat(TEXT_CHARS + 1);
        check(&[("cn", &long)], &"ä".repeat(TEXT_CHARS));
    }
}
