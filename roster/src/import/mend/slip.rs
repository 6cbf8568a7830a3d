//! Typing errors in email addresses, and what was meant. A mend counts only where it makes an
//! address of the text.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::email;
use crate::text::{is_invisible, is_plain};

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

/// `None`: there is nothing to mend.
type Fix = fn(&str) -> Option<String>;

/// In the order in which they are tried; the first that changes something names the error.
const FIXES: [(Slip, Fix); 8] = [
    (Slip::FullWidth, narrow),
    (Slip::Invisible, visible),
    (Slip::Wrapped, unwrapped),
    (Slip::SpelledAt, with_at),
    (Slip::Blank, without_blanks),
    (Slip::Doubled, once),
    (Slip::Punctuation, trimmed),
    (Slip::Comma, with_dots),
];

/// What was meant, and what the error is; `None` where no address comes of it, or the text is one.
pub(in crate::import) fn mend(text: &str) -> Option<(Slip, String)> {
    // Among letters, digits and the signs of addresses there is less to look for.
    let is_of_words =
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+@,".contains(&byte));
    let fixes = if is_of_words { &FIXES[5..] } else { &FIXES[..] };
    let mut found: Option<(Slip, String)> = None;
    for (of, fix) in fixes {
        let now = found.as_ref().map_or(text, |(_, text)| text);
        if let Some(fixed) = fix(now) {
            let slip = found.map_or(*of, |(slip, _)| slip);
            found = Some((slip, fixed));
        }
    }
    let (slip, mended) = found?;
    let mended = match crate::text::clean(&mended) {
        Cow::Borrowed(clean) if clean.len() == mended.len() => mended,
        clean => clean.into_owned(),
    };
    email::examine(&mended, &mut String::new()).is_ok().then_some((slip, mended))
}

fn narrow(text: &str) -> Option<String> {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '。' | '｡' => '.',
        '\u{3000}' => ' ',
        _ => c,
    };
    let is_wide = |c: char| narrow(c) != c;
    (!text.is_ascii() && text.contains(is_wide)).then(|| text.chars().map(narrow).collect())
}

fn visible(text: &str) -> Option<String> {
    (!is_plain(text) && text.contains(is_invisible))
        .then(|| text.chars().filter(|c| !is_invisible(*c)).collect())
}

fn unwrapped(text: &str) -> Option<String> {
    let inside = match (text.find('<'), text.rfind('>')) {
        (Some(open), Some(close)) if open < close => text[open + 1..close].trim(),
        _ => text,
    };
    let address = match inside.split_at_checked(7) {
        Some((scheme, address)) if scheme.eq_ignore_ascii_case("mailto:") => {
            address.split_once('?').map_or(address, |(address, _)| address)
        }
        _ => inside,
    };
    (address.len() < text.len()).then(|| address.to_owned())
}

fn with_at(text: &str) -> Option<String> {
    const WORDS: [(&str, &str); 8] = [
        ("(at)", "@"),
        ("[at]", "@"),
        ("{at}", "@"),
        (" at ", "@"),
        ("(dot)", "."),
        ("[dot]", "."),
        ("{dot}", "."),
        (" dot ", "."),
    ];
    if text.contains('@') {
        return None;
    }
    let mut mended = text.to_owned();
    for (word, sign) in WORDS {
        // Lower case in ASCII alone leaves every letter its place.
        while let Some(at) = mended.to_ascii_lowercase().find(word) {
            mended.replace_range(at..at + word.len(), sign);
        }
    }
    mended.contains('@').then_some(mended)
}

/// A blank between two words after the @ is no slip: something else follows the address.
fn without_blanks(text: &str) -> Option<String> {
    if !text.contains(char::is_whitespace) {
        return None;
    }
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let domain = text.rfind('@').map_or("", |at| &text[at..]);
    let words: Vec<&str> = domain.split_whitespace().collect();
    let two_words =
        |pair: &[&str]| is_word(pair[0].chars().next_back()) && is_word(pair[1].chars().next());
    (!words.windows(2).any(two_words)).then(|| text.split_whitespace().collect())
}

fn once(text: &str) -> Option<String> {
    if !text.as_bytes().windows(2).any(|pair| pair == b"@@" || pair == b"..") {
        return None;
    }
    let mut mended = String::with_capacity(text.len());
    for c in text.chars() {
        if !(matches!(c, '@' | '.') && mended.ends_with(c)) {
            mended.push(c);
        }
    }
    Some(mended)
}

fn trimmed(text: &str) -> Option<String> {
    let inside = text.trim_matches(|c: char| ".,;:!?()<>[]\"'“”„‘’".contains(c));
    (inside.len() < text.len()).then(|| inside.to_owned())
}

fn with_dots(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    domain.contains(',').then(|| format!("{local}@{}", domain.replace(',', ".")))
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
