//! Filters, with escaped values.

use std::fmt::Write as _;

use ldap3::ldap_escape;
use roster::directory::protocol::Guid;

/// Objects of any kind, by their `objectGUID`.
#[must_use]
pub fn any_of(guids: &[Guid]) -> String {
    let mut filter = String::from("(|");
    for guid in guids {
        filter.push_str("(objectGUID=");
        push(&mut filter, &guid.0.to_bytes_le());
        filter.push(')');
    }
    filter.push(')');
    filter
}

/// The object with this `objectSid`.
#[must_use]
pub fn with_sid(sid: &[u8]) -> String {
    let mut filter = String::from("(objectSid=");
    push(&mut filter, sid);
    filter.push(')');
    filter
}

fn push(filter: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a String can't fail.
        let _ = write!(filter, "\\{byte:02x}");
    }
}

/// Groups whose name is, or contains, a typed text.
#[must_use]
pub fn groups_named(text: &str, exactly: bool) -> String {
    let text = ldap_escape(text.trim());
    let around = if exactly { "" } else { "*" };
    format!(
        "(&(objectCategory=group)(|(name={around}{text}{around})(sAMAccountName={around}{text}{around})))"
    )
}

/// Groups with the object in their `member`.
#[must_use]
pub fn groups_with(guid: Guid) -> String {
    format!("(member={})", base_of(guid))
}

/// The search base that is the object itself, wherever it was moved.
#[must_use]
pub fn base_of(guid: Guid) -> String {
    format!("<GUID={guid}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_are_escaped_byte_by_byte_in_the_order_in_which_they_are_kept() {
        let guid: Guid = "00112233-4455-6677-8899-aabbccddeeff".parse().unwrap();
        let expected = r"(|(objectGUID=\33\22\11\00\55\44\77\66\88\99\aa\bb\cc\dd\ee\ff))";
        assert_eq!(any_of(&[guid]), expected);
        assert_eq!(base_of(guid), "<GUID=00112233-4455-6677-8899-aabbccddeeff>");
        assert!(ldap3::parse_filter(groups_with(guid)).is_ok());
    }

    #[test]
    fn a_typed_text_can_not_change_the_filter() {
        let check = |typed: &str, expected: &str| {
            let filter = groups_named(typed, true);
            assert!(filter.contains(&format!("(name={expected})")), "{filter}");
            assert!(ldap3::parse_filter(&filter).is_ok(), "{filter}");
        };
        check("Support", "Support");
        check(" Tier 1 (day) ", r"Tier 1 \28day\29");
        check("*)(objectClass=*", r"\2a\29\28objectClass=\2a");
        check("a\\b\0", r"a\5cb\00");
        check("Müller 🎧", "Müller 🎧");
        check("a,b+c\"d<e>f;g#h=i", "a,b+c\"d<e>f;g#h=i");
    }
}
