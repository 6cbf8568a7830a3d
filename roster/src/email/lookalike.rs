//! Addresses that a person can't tell apart: their confusable skeletons (Unicode TR 39) are equal.
//! Among ASCII addresses alone (`anna1@`, `annal@`) a warning would be a false alarm more often
//! than not: callers warn only where at least one of the two is international.

use std::sync::LazyLock;

use unicode_security::confusable_detection;

/// The skeleton of an address's key; two of the same skeleton look alike. The domain is taken as
/// people see it, not as IDNA ASCII.
#[must_use]
pub fn skeleton(key: &str) -> String {
    let mut skeleton = String::with_capacity(key.len());
    skeleton_into(key, &mut skeleton);
    skeleton
}

pub(crate) fn skeleton_into(key: &str, skeleton: &mut String) {
    skeleton.clear();
    if is_international(key) {
        let (local, domain) = key.rsplit_once('@').unwrap_or((key, ""));
        let (domain, _) = idna::domain_to_unicode(domain);
        skeleton.extend(confusable_detection::skeleton(&format!("{local}@{domain}")));
    } else {
        for byte in key.bytes() {
            skeleton.push_str(&ASCII[usize::from(byte & 0x7f)]);
        }
    }
}

/// Whether there is more to the address than ASCII; of a domain, whether people see more.
#[must_use]
pub(crate) fn is_international(key: &str) -> bool {
    !key.is_ascii() || key.contains("xn--")
}

/// What becomes of each ASCII character: a million plain addresses are compared with one foreign.
static ASCII: LazyLock<[String; 128]> = LazyLock::new(|| {
    std::array::from_fn(|code| {
        let character = u8::try_from(code).map_or(' ', char::from);
        confusable_detection::skeleton(&character.to_string()).collect()
    })
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::email::Email;

    #[test]
    fn what_looks_alike() {
        let check = |one: &str, other: &str, alike: bool| {
            let [one, other] = [one, other].map(|text| skeleton(&Email::parse(text).unwrap().key));
            assert_eq!(one == other, alike, "{one} {other}");
        };
        check("anna@example.test", "аnnа@example.test", true);
        check("anna@example.test", "anna@ехаmрlе.test", true);
        check("anna@example.test", "Anna@example.test", true);
        check("anna@example.test", "änna@example.test", false);
        check("良平@example.test", "良兵@example.test", false);
    }

    #[test]
    fn the_short_way_for_ascii_is_the_same() {
        let key = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.@example.test";
        assert_eq!(skeleton(key), confusable_detection::skeleton(key).collect::<String>());
    }
}
