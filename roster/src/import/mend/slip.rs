//! Typing errors in email addresses, and what was meant. A mend counts only where it makes an
//! address of the text.

use serde::{Deserialize, Serialize};

use crate::email;
use crate::text::is_invisible;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slip {
    /// `ａｎｎａ＠example.com`
    FullWidth,
    /// Zero-width and control characters.
    Invisible,
    /// `mailto:anna@example.com`, `Anna <anna@example.com>`
    Wrapped,
    /// `anna(at)example.com`
    SpelledAt,
    /// `anna @example.com`
    Blank,
    /// `anna@@example..com`
    Doubled,
    /// `anna@example.com;`
    Punctuation,
    /// `anna@example,com`
    Comma,
}

type Fix = fn(&str) -> String;

/// In the order in which they are tried; the first that changes something names the error.
const FIXES: [(Slip, Fix); 8] = [
    (Slip::FullWidth, narrow),
    (Slip::Invisible, |text| text.chars().filter(|c| !is_invisible(*c)).collect()),
    (Slip::Wrapped, unwrapped),
    (Slip::SpelledAt, with_at),
    (Slip::Blank, without_blanks),
    (Slip::Doubled, once),
    (Slip::Punctuation, |text| text.trim_matches(is_punctuation).to_owned()),
    (Slip::Comma, with_dots),
];

/// What was meant, and what the error is; `None` where no address comes of it, or the text is one.
pub(in crate::import) fn mend(text: &str) -> Option<(Slip, String)> {
    let mut slip = None;
    let mut mended = text.to_owned();
    for (of, fix) in FIXES {
        let fixed = fix(&mended);
        if fixed != mended {
            slip = slip.or(Some(of));
            mended = fixed;
        }
    }
    let mended = crate::text::clean(&mended).into_owned();
    let slip = slip?;
    // A formula's guard is taken off what is written.
    email::examine(&mended, &mut String::new()).is_ok().then_some((slip, mended))
}

fn narrow(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '。' | '｡' => '.',
        '\u{3000}' => ' ',
        _ => c,
    };
    text.chars().map(narrow).collect()
}

fn unwrapped(text: &str) -> String {
    let inside = match (text.find('<'), text.rfind('>')) {
        (Some(open), Some(close)) if open < close => &text[open + 1..close],
        _ => text,
    };
    let inside = inside.trim();
    match inside.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => {
            let address = &inside[7..];
            address.split_once('?').map_or(address, |(address, _)| address).to_owned()
        }
        _ => inside.to_owned(),
    }
}

fn with_at(text: &str) -> String {
    if text.contains('@') {
        return text.to_owned();
    }
    let mut mended = text.to_owned();
    for (words, sign) in
        [(["(at)", "[at]", "{at}", " at "], "@"), (["(dot)", "[dot]", "{dot}", " dot "], ".")]
    {
        for word in words {
            // Lower case in ASCII alone leaves every letter its place.
            while let Some(at) = mended.to_ascii_lowercase().find(word) {
                mended.replace_range(at..at + word.len(), sign);
            }
        }
    }
    mended
}

/// A blank between two words after the @ is no slip: something else follows the address.
fn without_blanks(text: &str) -> String {
    let domain = text.rfind('@').map_or("", |at| &text[at..]);
    let words: Vec<&str> = domain.split_whitespace().collect();
    let joins = |pair: &[&str]| {
        let (before, after) = (pair[0].chars().next_back(), pair[1].chars().next());
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        is_word(before) && is_word(after)
    };
    if words.windows(2).any(joins) {
        return text.to_owned();
    }
    text.split_whitespace().collect()
}

fn once(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    for c in text.chars() {
        if !(matches!(c, '@' | '.') && mended.ends_with(c)) {
            mended.push(c);
        }
    }
    mended
}

fn is_punctuation(c: char) -> bool {
    ".,;:!?()<>[]\"'“”„‘’".contains(c)
}

fn with_dots(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.replace(',', ".")),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant() {
        let check = |text: &str, slip: Slip, expected: &str| {
            assert_eq!(mend(text), Some((slip, expected.to_owned())), "{text}");
        };
        check("anna@example,com", Slip::Comma, "anna@example.com");
        check("anna@mail.example,com", Slip::Comma, "anna@mail.example.com");
        check("anna @ example.com", Slip::Blank, "anna@example.com");
        check("anna bauer@example.com", Slip::Blank, "annabauer@example.com");
        check("mailto:anna@example.com", Slip::Wrapped, "anna@example.com");
        check("MAILTO:anna@example.com?subject=x", Slip::Wrapped, "anna@example.com");
        check("Anna Bauer <anna@example.com>", Slip::Wrapped, "anna@example.com");
        check("anna(at)example.com", Slip::SpelledAt, "anna@example.com");
        check("anna [AT] example (dot) com", Slip::SpelledAt, "anna@example.com");
        check("anna at example.com", Slip::SpelledAt, "anna@example.com");
        check("anna@@example..com", Slip::Doubled, "anna@example.com");
        check("anna@example.com.", Slip::Punctuation, "anna@example.com");
        check("\"anna@example.com\",", Slip::Punctuation, "anna@example.com");
        check("ａｎｎａ＠ｅｘａｍｐｌｅ。com", Slip::FullWidth, "anna@example.com");
        check("an\u{200b}na@example.com", Slip::Invisible, "anna@example.com");
    }

    #[test]
    fn what_nobody_can_guess() {
        for text in [
            "",
            "anna",
            "anna@example",
            "anna@example.com b@example.com",
            "anna@example.com Berlin",
            "anna@x.test, bob@x.test",
            "anna@example.com",
            "an(at)na(at)example.com",
        ] {
            assert_eq!(mend(text), None, "{text}");
        }
    }
}
