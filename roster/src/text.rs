//! Text as people write it: white space at its ends, normal form, characters that can't be seen.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Whether every character is one of ASCII that can be seen, or a blank between such: nearly all
/// texts, and there is nothing to clean in them.
pub(crate) fn is_plain(text: &str) -> bool {
    match text.as_bytes() {
        [] => true,
        [b' ', ..] | [.., b' '] => false,
        bytes => bytes.iter().all(|byte| (b' '..0x7f).contains(byte)),
    }
}

/// Without white space at its ends; no-break spaces and byte order marks are white space.
#[must_use]
pub fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [] => text,
        // Most cells have nothing to trim.
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim_matches(is_blank),
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// In Unicode normal form C; borrowed where it is already.
#[must_use]
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii()
        || text.chars().all(is_composed)
        || is_nfc_quick(text.chars()) == IsNormalized::Yes
    {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// The letters of most names: all in form C, and none joins with the one before it. Saves the look
/// into Unicode's tables.
fn is_composed(c: char) -> bool {
    matches!(c,
        '\0'..='\u{2ff}' | '\u{400}'..='\u{482}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Trimmed and in normal form: how every field but the password is read.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    nfc(trim(text))
}

/// The form in which names are sorted and searched: trimmed, without regard to case and to accents,
/// so that “Émile” is among the names with E, and “elodie” finds “Élodie”. Only the marks of Latin,
/// Greek and Cyrillic are taken off: in other scripts they are letters.
#[must_use]
pub fn unaccented(text: &str) -> String {
    let text = trim(text);
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.to_lowercase().nfkd() {
        match c {
            '\u{300}'..='\u{36f}' => {}
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            'ø' => plain.push('o'),
            'đ' | 'ð' => plain.push('d'),
            'ł' => plain.push('l'),
            'ı' => plain.push('i'),
            'ħ' => plain.push('h'),
            'ŧ' => plain.push('t'),
            other => plain.push(other),
        }
    }
    plain
}

/// The text has the key in it, without regard to case and accents; the key is [`unaccented`].
#[must_use]
pub fn contains(text: &str, key: &str) -> bool {
    if !text.is_ascii() {
        return unaccented(text).contains(key);
    }
    let (text, key) = (text.as_bytes(), key.as_bytes());
    key.is_empty() || text.windows(key.len()).any(|part| part.eq_ignore_ascii_case(key))
}

/// How many characters (Unicode scalar values) the text has.
#[must_use]
pub fn chars(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// Whether the character is one of those that a name must not hide: controls, zero-width
/// characters, marks and overrides of the writing direction, fillers.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

/// The two joiners belong to the spelling of Persian, Hindi and other names: between letters of
/// such scripts they stay.
fn is_spelling(before: Option<char>, joiner: char, after: Option<char>) -> bool {
    let joins = |c: Option<char>| {
        c.is_some_and(|c| matches!(c, '\u{0600}'..='\u{109f}' | '\u{1780}'..='\u{18af}'))
    };
    matches!(joiner, '\u{200c}' | '\u{200d}') && joins(before) && joins(after)
}

/// The text without invisible characters (a line break or a tab becomes a blank), clean again;
/// `None` where there are none.
#[must_use]
pub fn without_invisible(text: &str) -> Option<String> {
    without(text, is_invisible)
}

/// The same for texts of several lines: line breaks and tabs stay.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    let unwanted = |c| is_invisible(c) && !matches!(c, '\n' | '\r' | '\t');
    without(text, unwanted).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn without(text: &str, unwanted: impl Fn(char) -> bool) -> Option<String> {
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) || !text.chars().any(&unwanted) {
        return None;
    }
    let mut seen = String::with_capacity(text.len());
    let mut removed = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !unwanted(c) || is_spelling(seen.chars().next_back(), c, chars.peek().copied()) {
            seen.push(c);
            continue;
        }
        removed = true;
        let breaks = c.is_whitespace();
        if breaks && !seen.ends_with(' ') {
            seen.push(' ');
        }
    }
    removed.then(|| clean(&seen).into_owned())
}

/// The text with invisible characters written out, `⟨U+202E⟩`, and cut to what a sentence bears.
#[must_use]
pub fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        match c {
            '\n' | '\r' | '\t' => shown.push(' '),
            c if is_invisible(c) => {
                let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

/// Without NUL and the other control characters that no text needs and databases refuse; line
/// breaks and tabs stay.
#[must_use]
pub fn without_controls(text: &str) -> Cow<'_, str> {
    let unwanted = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.bytes().all(|byte| byte >= b' ') && text.is_ascii() || !text.contains(unwanted) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(clean(&text.replace(unwanted, "")).into_owned())
    }
}

/// As the value of a query's parameter.
#[must_use]
pub fn escaped(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push(char::from(HEX[usize::from(byte >> 4)]));
            escaped.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_in_any_case_and_with_any_accents() {
        let check = |text: &str, sought: &str, expected: bool| {
            assert_eq!(contains(text, &unaccented(sought)), expected, "{sought} in {text}");
        };
        check("Anna Bauer", "a B", true);
        check("Anna Bauer", "BAUER ", true);
        check("Anna Bauer", "bauern", false);
        check("Anna", "", true);
        check("", "", true);
        check("", "a", false);
        check("Zoë Müller", "zoe MULL", true);
        check("Zoe Mueller", "müll", false);
        check("Muller", "Müll", true);
        check("日本", "本", true);
        check("Nihon", "本", false);
    }

    #[test]
    fn names_are_sorted_and_searched_without_accents() {
        let check = |text: &str, expected: &str| assert_eq!(unaccented(text), expected, "{text}");
        check("", "");
        check(" Ada Lovelace ", "ada lovelace");
        check("Émile", "emile");
        check("E\u{301}mile", "emile");
        check("GRÖẞE Straße", "grosse strasse");
        check("Łukasz Żółć", "lukasz zolc");
        check("Đỗ Øystein Æsir Œuvre Þór", "do oystein aesir oeuvre thor");
        check("İstanbul ısı", "istanbul isi");
        check("ﬁsh Ｗｉｄｅ", "fish wide");
        check("Άλφα Ёлка", "αλφα елка");
        // Other scripts keep what tells their words apart.
        check("हिन्दी", "हिन्दी");
        assert_ne!(unaccented("か"), unaccented("が"));
        assert_eq!(unaccented("\u{304b}\u{3099}"), unaccented("が"));
    }

    #[test]
    fn cleaning() {
        let check = |text: &str, expected: &str| assert_eq!(clean(text), expected, "{text:?}");
        check("", "");
        check(" \t\u{a0}\u{3000}\u{feff}", "");
        check("\u{a0} Anna Muster\u{202f}\r\n", "Anna Muster");
        check("Jose\u{301}", "José");
        check("山本", "山本");
        check("x", "x");
    }

    #[test]
    fn composed_letters_are_in_normal_form() {
        for c in ('\0'..='\u{10ffff}').filter(|c| is_composed(*c)) {
            assert!(is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes, "{c:?}");
            assert_eq!(unicode_normalization::char::canonical_combining_class(c), 0);
        }
    }

    #[test]
    fn invisible_characters_are_removed() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(without_invisible(text).as_deref(), expected, "{text:?}");
        };
        check("Anna", None);
        check("Žofie Černá", None);
        check("Anna\u{202e}", Some("Anna"));
        check("An\u{200b}na", Some("Anna"));
        check("Anna\r\n\tMuster", Some("Anna Muster"));
        check("\u{200b} Anna", Some("Anna"));
        check("e\u{200b}\u{301}", Some("é"));
        check("A\u{200d}nna", Some("Anna"));
        check("\u{645}\u{6cc}\u{200c}\u{62e}", None);
        check("\u{915}\u{94d}\u{200d}\u{937}", None);
        check("\u{0}\u{7f}", Some(""));
    }

    #[test]
    fn lines_stay_lines_without_invisible_characters() {
        let check = |text: &str, expected: &str| assert_eq!(visible_lines(text), expected);
        check("first\r\n\tsecond", "first\r\n\tsecond");
        check("first\nse\u{202e}co\u{2066}nd\u{200f}\u{0}", "first\nsecond");
        check("\u{645}\u{6cc}\u{200c}\u{62e}", "\u{645}\u{6cc}\u{200c}\u{62e}");
        check("{\"name\":\"A\u{202e}b\"}", r#"{"name":"Ab"}"#);
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text), expected);
        check("Anna\u{202e}\u{0}", "Anna⟨U+202E⟩⟨U+0000⟩");
        check("two\nlines", "two lines");
        check(&"x".repeat(61), &format!("{}…", "x".repeat(60)));
    }

    #[test]
    fn controls_go_and_line_breaks_stay() {
        let check = |text: &str, expected: &str| assert_eq!(without_controls(text), expected);
        check("first\r\nsecond", "first\r\nsecond");
        check("a\u{0}b\u{85}c", "abc");
        check("\u{0} a", "a");
    }
}
