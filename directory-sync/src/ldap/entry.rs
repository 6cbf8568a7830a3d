//! One entry of an answer. All values are bytes, because binary values can happen to be valid text.

use std::collections::HashMap;

use ldap3::asn1::StructureTag;
use roster::directory::protocol::Guid;
use uuid::Uuid;

/// `SearchResultEntry` of RFC 4511.
const ENTRY: u64 = 4;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub dn: String,
    /// By the attribute's name in lower case, with its options: `member;range=0-999`.
    values: HashMap<String, Vec<Vec<u8>>>,
}

impl Entry {
    /// `None`: this is not an entry of RFC 4511.
    #[must_use]
    pub fn parse(tag: StructureTag) -> Option<Self> {
        let mut parts = tag.match_id(ENTRY)?.expect_constructed()?.into_iter();
        let dn = String::from_utf8(parts.next()?.expect_primitive()?).ok()?;
        let mut values = HashMap::new();
        for attribute in parts.next()?.expect_constructed()? {
            let mut parts = attribute.expect_constructed()?.into_iter();
            let name = String::from_utf8(parts.next()?.expect_primitive()?).ok()?;
            let own: Option<Vec<Vec<u8>>> = parts
                .next()?
                .expect_constructed()?
                .into_iter()
                .map(StructureTag::expect_primitive)
                .collect();
            values.insert(name.to_ascii_lowercase(), own?);
        }
        Some(Self { dn, values })
    }

    /// All values of an attribute. `name` is in lower case, here and below.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.values.get(name).into_iter().flatten().map(Vec::as_slice)
    }

    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.all(name).filter_map(|value| str::from_utf8(value).ok())
    }

    /// The first value, if it isn't empty.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts(name).next().filter(|text| !text.is_empty())
    }

    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// `objectGUID`, whose first three fields are little-endian.
    #[must_use]
    pub fn guid(&self) -> Option<Guid> {
        let bytes = self.bytes("objectguid")?.try_into().ok()?;
        Some(Guid(Uuid::from_bytes_le(bytes)))
    }

    #[must_use]
    pub fn is_a(&self, class: &str) -> bool {
        self.texts("objectclass").any(|it| it.eq_ignore_ascii_case(class))
    }

    /// The names of the attributes with their options, in lower case.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }
}

#[cfg(test)]
impl Entry {
    pub(crate) fn of(dn: &str, values: &[(&str, &[u8])]) -> Self {
        let mut entry = Self { dn: dn.to_owned(), ..Self::default() };
        for (name, value) in values {
            entry.values.entry((*name).to_owned()).or_default().push(value.to_vec());
        }
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_little_endian_in_its_first_three_fields_text_or_not() {
        let check = |bytes: &[u8], expected: Option<&str>| {
            let found = Entry::of("", &[("objectguid", bytes)]).guid();
            assert_eq!(found.map(|guid| guid.to_string()).as_deref(), expected);
        };
        let mixed = [
            0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd,
            0xee, 0xff,
        ];
        check(&mixed, Some("00112233-4455-6677-8899-aabbccddeeff"));
        // These bytes are ASCII: a library that guesses would return a text.
        check(b"abcdefghijklmnop", Some("64636261-6665-6867-696a-6b6c6d6e6f70"));
        check(b"too short", None);
    }

    #[test]
    fn an_empty_value_is_none_and_names_are_compared_without_case() {
        let entry =
            Entry::of("", &[("mail", b""), ("objectclass", b"Top"), ("objectclass", b"USER")]);
        assert_eq!(entry.text("mail"), None);
        assert!(entry.is_a("user") && !entry.is_a("group"));
    }
}
