//! One value of `member`: whom it names.

use roster::directory::protocol::Guid;

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
        Some(Self { guid: guid.parse().ok()?, dn: rest.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_known_by_guid_and_name() {
        let check = |value: &str, expected: Option<&str>| {
            assert_eq!(Member::parse(value).map(|it| it.dn).as_deref(), expected, "{value}");
        };
        let guid = "00112233-4455-6677-8899-aabbccddeeff";
        check(&format!("<GUID={guid}>;<SID=S-1-5-21-1-2-3-1104>;CN=a,DC=x"), Some("CN=a,DC=x"));
        check(&format!("<GUID={guid}>;CN=contact,DC=x"), Some("CN=contact,DC=x"));
        check(&format!(r"<GUID={guid}>;CN=\<GUID\=>\;,DC=x"), Some(r"CN=\<GUID\=>\;,DC=x"));
        check("CN=a,DC=x", None);
        check("<GUID=zz>;CN=a,DC=x", None);
    }
}
