//! What one field's text must be: the cleaned value, or the code that says why not. Used by forms
//! as by the import; nothing is copied that needn't change.

use std::borrow::Cow;

use super::Field;
use crate::id::GroupId;
use crate::problem::Code;
use crate::text;

/// A name or another text as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned<'a> {
    pub value: Cow<'a, str>,
    /// Invisible characters were taken out: worth a warning.
    pub removed: bool,
}

/// Required; up to 128 characters; invisible ones are removed.
pub fn name(text: &str) -> Result<Cleaned<'_>, Code> {
    let cleaned = visible(text);
    if cleaned.value.is_empty() {
        return Err(Code::NameRequired);
    }
    within(Field::Name, cleaned, Code::NameTooLong)
}

/// Up to 128 characters; invisible ones are removed. What an empty one means is left to the
/// caller: the name.
pub fn nickname(text: &str) -> Result<Cleaned<'_>, Code> {
    within(Field::Nickname, visible(text), Code::NicknameTooLong)
}

/// Up to 128 characters; control characters are dropped.
pub fn sso_id(text: &str) -> Result<Cleaned<'_>, Code> {
    within(Field::SsoId, plain(text), Code::SsoIdTooLong)
}

/// Up to 1,024 characters; line breaks stay, other invisible characters are removed.
pub fn description(text: &str) -> Result<Cleaned<'_>, Code> {
    within(Field::Description, lines(text), Code::DescriptionTooLong)
}

/// Yes or no, in the words of import files; empty: the field's default.
pub fn boolean(field: Field, text: &str) -> Result<bool, Code> {
    let text = text::trim(text);
    let understood = if text.is_empty() { field.default() } else { word(text) };
    understood.ok_or(match field {
        Field::StandardLicense => Code::StandardLicenseNotABoolean,
        Field::MobileLicense => Code::MobileLicenseNotABoolean,
        _ => Code::EnabledNotABoolean,
    })
}

/// The number of a Technician Group; `None` where the text is empty. Whether there is such a
/// group only the server knows.
pub fn group(text: &str) -> Result<Option<GroupId>, Code> {
    let text = text::trim(text);
    if text.is_empty() {
        return Ok(None);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<i64>() {
        Ok(number) if digits && number > 0 => Ok(Some(GroupId(number))),
        _ => Err(Code::GroupNotANumber),
    }
}

fn visible(text: &str) -> Cleaned<'_> {
    if text::is_plain(text) {
        return Cleaned { value: Cow::Borrowed(text), removed: false };
    }
    let value = text::clean(text);
    match text::without_invisible(&value) {
        Some(value) => Cleaned { value: Cow::Owned(value), removed: true },
        None => Cleaned { value, removed: false },
    }
}

fn lines(text: &str) -> Cleaned<'_> {
    cleaned(text, text::visible_lines)
}

fn plain(text: &str) -> Cleaned<'_> {
    cleaned(text, text::without_controls)
}

fn cleaned(text: &str, rule: fn(&str) -> Cow<'_, str>) -> Cleaned<'_> {
    if text::is_plain(text) {
        return Cleaned { value: Cow::Borrowed(text), removed: false };
    }
    let value = match text::clean(text) {
        Cow::Borrowed(text) => rule(text),
        Cow::Owned(text) => Cow::Owned(rule(&text).into_owned()),
    };
    Cleaned { value, removed: false }
}

fn within(field: Field, cleaned: Cleaned<'_>, too_long: Code) -> Result<Cleaned<'_>, Code> {
    // No character is shorter than a byte.
    let fits = cleaned.value.len() <= field.max_chars()
        || text::chars(&cleaned.value) <= field.max_chars();
    if fits { Ok(cleaned) } else { Err(too_long) }
}

/// English, and what spreadsheets write for TRUE and FALSE in German, French, Spanish, Italian,
/// Dutch and Portuguese.
const WORDS: [(&str, bool); 24] = [
    ("true", true),
    ("false", false),
    ("yes", true),
    ("no", false),
    ("y", true),
    ("n", false),
    ("1", true),
    ("0", false),
    ("on", true),
    ("off", false),
    ("enabled", true),
    ("disabled", false),
    ("active", true),
    ("inactive", false),
    ("wahr", true),
    ("falsch", false),
    ("vrai", true),
    ("faux", false),
    ("verdadero", true),
    ("falso", false),
    ("vero", true),
    ("waar", true),
    ("onwaar", false),
    ("verdadeiro", true),
];

fn word(text: &str) -> Option<bool> {
    WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |text: &str, expected: Result<(&str, bool), Code>| {
            let found = name(text).map(|cleaned| (cleaned.value.into_owned(), cleaned.removed));
            assert_eq!(found, expected.map(|(value, removed)| (value.to_owned(), removed)));
        };
        check("  Anna\u{a0}", Ok(("Anna", false)));
        check("Anna\u{202e}", Ok(("Anna", true)));
        check("", Err(Code::NameRequired));
        check("\u{200b}", Err(Code::NameRequired));
        check(&"山".repeat(128), Ok((&"山".repeat(128), false)));
        check(&"山".repeat(129), Err(Code::NameTooLong));
    }

    #[test]
    fn other_texts() {
        assert_eq!(nickname("").map(|cleaned| cleaned.value.into_owned()), Ok(String::new()));
        assert_eq!(nickname(&"x".repeat(129)), Err(Code::NicknameTooLong));
        assert_eq!(sso_id(&"x".repeat(129)), Err(Code::SsoIdTooLong));
        assert_eq!(sso_id("a\u{0}b").map(|cleaned| cleaned.value.into_owned()), Ok("ab".into()));
        assert_eq!(description(&"x".repeat(1025)), Err(Code::DescriptionTooLong));
        assert!(description("two\nlines").is_ok_and(|cleaned| cleaned.value == "two\nlines"));
        let turned = "a\u{202e}b\u{2066}\nc\u{200f}";
        assert!(description(turned).is_ok_and(|cleaned| cleaned.value == "ab\nc"));
    }

    #[test]
    fn booleans() {
        let check = |text: &str, expected: Option<bool>| {
            assert_eq!(boolean(Field::MobileLicense, text).ok(), expected, "{text:?}");
        };
        for word in ["TRUE", "yes", "Y", "1", "on", "Enabled", "active", "WAHR", "Vrai"] {
            check(word, Some(true));
        }
        for word in ["false", "No", "n", "0", "OFF", "disabled", "Inactive", "FALSCH", "faux"] {
            check(word, Some(false));
        }
        for (yes, no) in [("VERDADERO", "FALSO"), ("VERO", "falso"), ("WAAR", "ONWAAR")] {
            check(yes, Some(true));
            check(no, Some(false));
        }
        check("VERDADEIRO", Some(true));
        check(" \u{a0}", Some(false));
        check("perhaps", None);
        check("2", None);
        assert_eq!(boolean(Field::Enabled, ""), Ok(true));
        assert_eq!(boolean(Field::Enabled, "x"), Err(Code::EnabledNotABoolean));
        assert_eq!(boolean(Field::StandardLicense, "x"), Err(Code::StandardLicenseNotABoolean));
    }

    #[test]
    fn groups() {
        let check = |text: &str, expected: Result<Option<i64>, Code>| {
            assert_eq!(group(text), expected.map(|id| id.map(GroupId)), "{text:?}");
        };
        check(" 12 ", Ok(Some(12)));
        check("007", Ok(Some(7)));
        check("", Ok(None));
        for wrong in ["0", "-3", "+3", "1.0", "1,000", "Support", "9223372036854775808", "１２"] {
            check(wrong, Err(Code::GroupNotANumber));
        }
    }
}
