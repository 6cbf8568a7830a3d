//! One value of `member`, and the object it names.

use roster::directory::protocol::Guid;
use roster::hexadecimal;
use uuid::Uuid;

/// `<GUID=…>;<SID=…>;CN=…`, as the control for extended names has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub guid: Guid,
    pub dn: String,
}

impl Member {
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let (guid, mut rest) = value.strip_prefix("<GUID=")?.split_once(">;")?;
        if let Some(sid) = rest.strip_prefix("<SID=") {
            rest = sid.split_once(">;")?.1;
        }
        Some(Self { guid: guid_of(guid)?, dn: rest.to_owned() })
    }
}

/// Reads a GUID with hyphens, as requested. Without hyphens, as some controllers answer, it is the stored
/// bytes in hexadecimal, whose first fields are little-endian.
fn guid_of(text: &str) -> Option<Guid> {
    if text.contains('-') {
        return text.parse().ok();
    }
    let bytes = hexadecimal::parse(text)?.try_into().ok()?;
    Some(Guid(Uuid::from_bytes_le(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_has_a_guid_and_a_name() {
        let check = |value: &str, expected: Option<&str>| {
            assert_eq!(Member::parse(value).map(|it| it.dn).as_deref(), expected, "{value}");
        };
        let guid = "00112233-4455-6677-8899-aabbccddeeff";
        check(&format!("<GUID={guid}>;<SID=S-1-5-21-1-2-3-1104>;CN=a,DC=x"), Some("CN=a,DC=x"));
        check(&format!("<GUID={guid}>;CN=contact,DC=x"), Some("CN=contact,DC=x"));
        check(&format!(r"<GUID={guid}>;CN=\<GUID\=>\;,DC=x"), Some(r"CN=\<GUID\=>\;,DC=x"));
        check("CN=a,DC=x", None);
        check("<GUID=zz>;CN=a,DC=x", None);
        check("<SID=S-1-5-21-1-2-3-1104>;CN=a,DC=x", None);
    }

    #[test]
    fn a_guid_is_the_same_in_either_form() {
        let check = |guid: &str, expected: Option<&str>| {
            let found = Member::parse(&format!("<GUID={guid}>;CN=a,DC=x"));
            assert_eq!(found.map(|it| it.guid.to_string()).as_deref(), expected, "{guid}");
        };
        let guid = "00112233-4455-6677-8899-aabbccddeeff";
        check(guid, Some(guid));
        check("33221100554477668899aabbccddeeff", Some(guid));
        check("33221100554477668899AABBCCDDEEFF", Some(guid));
        check("33221100554477668899aabbccddee", None);
        check("", None);
    }
}
