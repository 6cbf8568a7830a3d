//! What stands between the cells of a CSV file, named or guessed.

use serde::{Deserialize, Serialize};

use super::arena::Arena;
use super::csv_reader::{Dialect, Reader};
use super::{head, header};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delimiter {
    Comma,
    Semicolon,
    Tab,
    Pipe,
}

impl Delimiter {
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
            Self::Pipe => "pipe",
        }
    }

    #[must_use]
    pub fn char(self) -> char {
        char::from(self.byte())
    }

    #[must_use]
    pub fn from_char(c: char) -> Option<Self> {
        Self::ALL.into_iter().find(|delimiter| delimiter.char() == c)
    }

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

/// Spreadsheets say in a first line `sep=;` what the delimiter is: the delimiter, and where the
/// next line begins.
pub(super) fn named(text: &str) -> Option<(Delimiter, usize)> {
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    let line = text[..end].trim_matches('"');
    let (word, rest) = line.split_at_checked(4)?;
    let mut rest = rest.chars();
    let delimiter = Delimiter::from_char(rest.next()?)?;
    // Some programs fill the line up with delimiters.
    let nothing_else = rest.all(|c| c == delimiter.char() || c == '"');
    if !word.eq_ignore_ascii_case("sep=") || !nothing_else {
        return None;
    }
    let next = if text[end..].starts_with("\r\n") { end + 2 } else { end + 1 };
    Some((delimiter, next.min(text.len())))
}

/// How much of the file the guess looks at.
const SAMPLE_BYTES: usize = 64 * 1024;
const SAMPLE_ROWS: usize = 25;

/// The delimiter that finds the most known headers; among those that find as many, the one that
/// gives the most rows of the heading's width.
pub(super) fn guess(text: &str) -> Delimiter {
    let sample = beginning(text);
    let mut best = (Delimiter::Comma, Score::default());
    for delimiter in Delimiter::ALL {
        let score = score(sample, delimiter);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

/// The best of the other delimiters, where it finds as many known headers as the one taken; `None`
/// where the file names its delimiter.
pub(super) fn close_call(text: &str, taken: Delimiter) -> Option<Delimiter> {
    if named(text).is_some() {
        return None;
    }
    let sample = beginning(text);
    let known = score(sample, taken).0;
    let others = Delimiter::ALL.into_iter().filter(|other| *other != taken);
    let scored = others.map(|other| (score(sample, other), other));
    let (best, other) = scored.max_by_key(|(score, _)| *score)?;
    (best != Score::default() && best.0 >= known).then_some(other)
}

fn beginning(text: &str) -> &str {
    let mut end = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Known headers, rows as wide as the heading, its width; nothing where it isn't parted at all.
type Score = (usize, usize, usize);

fn score(sample: &str, delimiter: Delimiter) -> Score {
    let mut arena = Arena::default();
    let mut reader = Reader::new(sample, 0, 1, Dialect { delimiter: delimiter.byte(), columns: 0 });
    // What ends in the middle of a quote ends with the sample.
    while arena.row_count() <= SAMPLE_ROWS && matches!(reader.record(&mut arena), Ok(Some(_))) {}
    let head = head::row(&arena, sample);
    let width = arena.width(head);
    if width < 2 {
        return Score::default();
    }
    let (known, _) = header::known(arena.row_of(sample, head));
    let below = head + 1..arena.row_count();
    let regular = below.filter(|row| arena.width(*row) == width).count();
    (known, regular, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses() {
        let check = |text: &str, expected: Delimiter| assert_eq!(guess(text), expected, "{text:?}");
        check("Name,Email\nAnna,a@x.test\n", Delimiter::Comma);
        check("Name;Email\nMuster, Anna;a@x.test\nMuster, Bob;b@x.test", Delimiter::Semicolon);
        check("Name\tEmail\nAnna\ta@x.test", Delimiter::Tab);
        check("Name|Email|Description\nAnna|a@x.test|a,b,c", Delimiter::Pipe);
        check("\"Name\";\"Email\"\r\n\"A,B,C\";\"a@x.test\"", Delimiter::Semicolon);
        check("who;where\na,b;c,d\n", Delimiter::Semicolon);
        check("Name", Delimiter::Comma);
        check("", Delimiter::Comma);
        check("Name;Email;\"open", Delimiter::Semicolon);
    }

    #[test]
    fn a_first_line_may_name_it() {
        let check = |text: &str, expected: Option<(Delimiter, usize)>| {
            assert_eq!(named(text), expected, "{text:?}");
        };
        check("sep=;\r\nName;Email", Some((Delimiter::Semicolon, 7)));
        check("SEP=\t\nName", Some((Delimiter::Tab, 6)));
        check("\"sep=|\"\nName", Some((Delimiter::Pipe, 8)));
        check("sep=,", Some((Delimiter::Comma, 5)));
        check("sep=:\nName", None);
        check("separate;x\n", None);
        check("Name\n", None);
        check("äöü", None);
    }
}
