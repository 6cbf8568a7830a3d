//! The LDAP controls in use, as bytes.

use ldap3::asn1::{PL, StructureTag, parse_tag, parse_uint};
use ldap3::controls::{PagedResults, RawControl};

/// Entries in one page: below the usual limits of controllers.
pub const PAGE: i32 = 500;

const PAGED: &str = "1.2.840.113556.1.4.319";
const EXTENDED_DN: &str = "1.2.840.113556.1.4.529";
const SD_FLAGS: &str = "1.2.840.113556.1.4.801";
const SHOW_DELETED: &str = "1.2.840.113556.1.4.417";
const SHOW_RECYCLED: &str = "1.2.840.113556.1.4.2064";

#[must_use]
pub fn page(cookie: Vec<u8>) -> RawControl {
    RawControl { crit: true, ..PagedResults { size: PAGE, cookie }.into() }
}

/// Requests names with their GUIDs: `<GUID=…>;<SID=…>;CN=…`.
#[must_use]
pub fn extended_names() -> RawControl {
    // SEQUENCE { INTEGER 1 }: GUIDs as text with hyphens.
    let value = vec![0x30, 0x03, 0x02, 0x01, 0x01];
    RawControl { ctype: EXTENDED_DN.to_owned(), crit: true, val: Some(value) }
}

/// Requests a security descriptor with owner, group and access list only: its audit list is readable to
/// administrators only.
#[must_use]
pub fn access_list() -> RawControl {
    // SEQUENCE { INTEGER 7 }
    let value = vec![0x30, 0x03, 0x02, 0x01, 0x07];
    RawControl { ctype: SD_FLAGS.to_owned(), crit: true, val: Some(value) }
}

/// Requests deleted and recycled objects, too. Not critical: a controller without one of the controls finds
/// fewer objects, and a missing object proves nothing.
#[must_use]
pub fn of_deleted() -> Vec<RawControl> {
    let control = |name: &str| RawControl { ctype: name.to_owned(), crit: false, val: None };
    vec![control(SHOW_DELETED), control(SHOW_RECYCLED)]
}

/// What follows a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// More entries, requested with this cookie.
    Page(Vec<u8>),
    End,
    Malformed,
}

/// The cookie of the next page, among the controls of an answer.
pub fn next_page<'a>(controls: impl Iterator<Item = &'a RawControl>) -> Next {
    let Some(control) = controls.into_iter().find(|it| it.ctype == PAGED) else { return Next::End };
    match control.val.as_deref().and_then(cookie) {
        Some(cookie) if cookie.is_empty() => Next::End,
        Some(cookie) => Next::Page(cookie),
        None => Next::Malformed,
    }
}

/// `SEQUENCE { size INTEGER, cookie OCTET STRING }` of RFC 2696.
fn cookie(value: &[u8]) -> Option<Vec<u8>> {
    let (_, sequence) = parse_tag(value).ok()?;
    let [size, StructureTag { payload: PL::P(cookie), .. }] =
        <[StructureTag; 2]>::try_from(sequence.expect_constructed()?).ok()?
    else {
        return None;
    };
    parse_uint(&size.expect_primitive()?).ok()?;
    Some(cookie)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_of_a_page_is_read_and_nonsense_is_not_the_end() {
        let check = |value: Option<&[u8]>, expected: Next| {
            let control =
                RawControl { ctype: PAGED.to_owned(), crit: false, val: value.map(<[u8]>::to_vec) };
            assert_eq!(next_page([control].iter()), expected, "{value:?}");
        };
        check(Some(&[0x30, 0x05, 0x02, 0x01, 0x00, 0x04, 0x00]), Next::End);
        check(Some(&[0x30, 0x07, 0x02, 0x01, 0x00, 0x04, 0x02, 7, 8]), Next::Page(vec![7, 8]));
        check(Some(&[0x30, 0x03, 0x02, 0x01, 0x00]), Next::Malformed);
        check(Some(&[1, 2, 3]), Next::Malformed);
        check(None, Next::Malformed);
        assert_eq!(next_page([].iter()), Next::End);
    }
}
