//! Texts made of other texts: a name of an address, a shorter one, a group's number.

use crate::fields;
use crate::id::GroupId;
use crate::text::{chars, without_invisible};

/// The name that an address is made of; `None` where its local part holds no words.
pub(super) fn name_of(address: &str) -> Option<String> {
    let (local, _) = address.rsplit_once('@')?;
    let local = local.split_once('+').map_or(local, |(local, _)| local);
    let words = local
        .split(['.', '_'])
        .map(|word| word.trim_matches(|c: char| !c.is_alphabetic()))
        .filter(|word| !word.is_empty());
    let name: Vec<String> = words.map(capitalized).collect();
    let name = name.join(" ");
    let is_name = name.chars().all(|c| c.is_alphabetic() || " -'’".contains(c))
        && fields::name(&name).is_ok();
    is_name.then_some(name)
}

/// Each part between hyphens with a capital letter.
fn capitalized(word: &str) -> String {
    let parts = word.split('-').map(|part| {
        let mut letters = part.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters.as_str().to_lowercase().chars()).collect::<String>()
    });
    parts.collect::<Vec<_>>().join("-")
}

/// At most so many characters; ends after a word, unless that would lose half of them.
pub(super) fn cut(text: &str, most: usize) -> String {
    let text = without_invisible_but_lines(text);
    if chars(&text) <= most {
        return text;
    }
    let end = text.char_indices().nth(most).map_or(text.len(), |(end, _)| end);
    let (kept, rest) = text.split_at(end);
    if rest.starts_with(char::is_whitespace) {
        return kept.trim_end().to_owned();
    }
    match kept.rfind(char::is_whitespace) {
        Some(word) if word * 2 > end => kept[..word].trim_end().to_owned(),
        _ => kept.trim_end().to_owned(),
    }
}

/// Of a description the lines stay.
fn without_invisible_but_lines(text: &str) -> String {
    if text.contains(['\n', '\r']) {
        return text.to_owned();
    }
    without_invisible(text).unwrap_or_else(|| text.to_owned())
}

/// The one number in the text: `ID 1001`, `1001.0`, `1 001`.
pub(in crate::import) fn group_number(text: &str) -> Option<GroupId> {
    let digits: String = text.chars().map(ascii_digit).collect();
    let whole = without_fraction(&digits);
    let mut number = String::new();
    let mut ended = false;
    let mut rest = whole.chars();
    while let Some(c) = rest.next() {
        if c.is_ascii_digit() {
            if ended {
                return None;
            }
            number.push(c);
        } else {
            let goes_on = is_separator(c) && groups_of_three(rest.as_str());
            ended |= !number.is_empty() && !goes_on;
        }
    }
    let negative = whole.trim_start().starts_with(['-', '−']);
    fields::group(&number).ok().flatten().filter(|_| !negative && number.len() < 19)
}

fn ascii_digit(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn without_fraction(text: &str) -> &str {
    let zeros = text.trim_end().trim_end_matches('0');
    match zeros.strip_suffix(['.', ',']) {
        // `1.000` is a thousand.
        Some(whole)
            if whole.ends_with(|c: char| c.is_ascii_digit()) && text.len() - zeros.len() < 3 =>
        {
            whole
        }
        _ => text,
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '.' | ',' | '\'' | '’' | '\u{a0}' | '\u{202f}')
}

fn groups_of_three(rest: &str) -> bool {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    digits == 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_addresses() {
        let check = |address: &str, expected: Option<&str>| {
            assert_eq!(name_of(address).as_deref(), expected, "{address}");
        };
        check("anna.bauer@x.test", Some("Anna Bauer"));
        check("ANNA_BAUER@x.test", Some("Anna Bauer"));
        check("anna-lena.bauer+test@x.test", Some("Anna-Lena Bauer"));
        check("anna.bauer2@x.test", Some("Anna Bauer"));
        check("žofie@x.test", Some("Žofie"));
        check("1234@x.test", None);
        check("a1b@x.test", None);
    }

    #[test]
    fn cut_after_a_word() {
        let check = |text: &str, expected: &str| assert_eq!(cut(text, 10), expected);
        check("Anna Maria Bauer", "Anna Maria");
        check("Anna Marie-Luise", "Anna Marie");
        check("Annamari Bauer", "Annamari");
        check("山本良平山本良平山本良平", "山本良平山本良平山本");
        check("Anna", "Anna");
    }

    #[test]
    fn numbers_in_texts() {
        let check = |text: &str, expected: Option<i64>| {
            assert_eq!(group_number(text), expected.map(GroupId), "{text}");
        };
        check("ID 1001", Some(1001));
        check("#1001", Some(1001));
        check("1001.0", Some(1001));
        check("1001,00", Some(1001));
        check("1 001", Some(1001));
        check("1.001", Some(1001));
        check("1,000", Some(1000));
        check("１００１", Some(1001));
        check("1001 (Support)", Some(1001));
        check("Tier 1, group 7", None);
        check("-3", None);
        check("Support", None);
        check("0", None);
        check("", None);
    }
}
