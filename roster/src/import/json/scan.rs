//! The pieces of a JSON text: blanks, texts, numbers, words; where a line begins. What is wrong is
//! said in `syntax`.

use crate::import::file_error::{FileCode, FileError};
use crate::import::limit;

use super::syntax::Mistake;

/// What a value is, by its first character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Boolean,
    Null,
    List,
    Object,
}

/// Where a text stands, without its quotes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    pub start: usize,
    pub end: usize,
    pub escaped: bool,
}

pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    line_start: usize,
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1, line_start: 0 }
    }

    pub fn position(&self) -> usize {
        self.at
    }

    pub fn len(&self) -> usize {
        self.text.len()
    }

    pub fn line(&self) -> u32 {
        self.line
    }

    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Line breaks stand nowhere but between values, so that lines are counted here alone.
    pub fn skip_blank(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b' ' | b'\t' => {}
                b'\r' if bytes.get(self.at + 1) == Some(&b'\n') => {}
                b'\n' | b'\r' => {
                    self.line += 1;
                    self.line_start = self.at + 1;
                }
                // A byte order mark: files are joined without regard to theirs.
                0xef if self.text[self.at..].starts_with('\u{feff}') => self.at += 2,
                _ => break,
            }
            self.at += 1;
        }
    }

    /// Steps over `[` or `{`.
    pub fn open(&mut self, depth: usize) -> Result<(), FileError> {
        if depth > limit::JSON_DEPTH {
            return Err(FileError::at(
                FileCode::JsonTooDeep,
                self.line,
                format!(
                    "On line {}, lists and objects lie more than 32 levels within each other. A \
                     technician is one object of texts, numbers, true and false.",
                    self.line
                ),
            ));
        }
        self.at += 1;
        Ok(())
    }

    /// After the opening bracket: whether an item follows. Steps over the closing one.
    pub fn begins_item(&mut self, close: u8) -> Result<bool, FileError> {
        self.skip_blank();
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(b',') => Err(self.mistake(Mistake::CommaAtBeginning)),
            Some(_) => Ok(true),
            None => Err(self.mistake(Mistake::EndsEarly)),
        }
    }

    /// After an item: whether another follows. Steps over the comma or the closing bracket.
    pub fn next_item(&mut self, close: u8) -> Result<bool, FileError> {
        self.skip_blank();
        match self.peek() {
            Some(b',') => {}
            Some(byte) if byte == close => {
                self.at += 1;
                return Ok(false);
            }
            Some(_) => return Err(self.mistake(Mistake::MissingComma(close))),
            None => return Err(self.mistake(Mistake::EndsEarly)),
        }
        let comma = (self.at, self.line, self.line_start);
        self.at += 1;
        self.skip_blank();
        match self.peek() {
            Some(byte) if byte == close || byte == b',' => {
                // The comma is what has to go.
                (self.at, self.line, self.line_start) = comma;
                Err(self.mistake(Mistake::CommaTooMany(byte)))
            }
            Some(_) => Ok(true),
            None => Err(self.mistake(Mistake::EndsEarly)),
        }
    }

    /// A key and its colon; the key is written over `key`.
    pub fn key(&mut self, key: &mut String) -> Result<(), FileError> {
        key.clear();
        if self.peek() != Some(b'"') {
            return Err(self.mistake(Mistake::KeyWithoutQuotes));
        }
        let text = self.string()?;
        if text.escaped {
            self.unescape(&text, key)?;
        } else {
            key.push_str(&self.text[text.start..text.end]);
        }
        self.skip_blank();
        if self.peek() != Some(b':') {
            return Err(self.mistake(Mistake::MissingColon));
        }
        self.at += 1;
        self.skip_blank();
        Ok(())
    }

    pub fn kind(&self) -> Result<Kind, FileError> {
        match self.peek() {
            Some(b'"') => Ok(Kind::Text),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b'[') => Ok(Kind::List),
            Some(b'{') => Ok(Kind::Object),
            Some(_) if self.is_word("true") || self.is_word("false") => Ok(Kind::Boolean),
            Some(_) if self.is_word("null") => Ok(Kind::Null),
            Some(_) => Err(self.mistake(Mistake::NoValue)),
            None => Err(self.mistake(Mistake::EndsEarly)),
        }
    }

    fn is_word(&self, word: &str) -> bool {
        let rest = &self.text[self.at..];
        let goes_on = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        rest.strip_prefix(word).is_some_and(|rest| !goes_on(rest))
    }

    pub fn skip_value(&mut self, depth: usize) -> Result<(), FileError> {
        match self.kind()? {
            Kind::Text => self.string().map(|_| ()),
            Kind::Number => self.number(),
            Kind::Null => {
                self.at += "null".len();
                Ok(())
            }
            Kind::Boolean => {
                self.at += if self.peek() == Some(b't') { "true".len() } else { "false".len() };
                Ok(())
            }
            Kind::List => {
                self.open(depth)?;
                let mut more = self.begins_item(b']')?;
                while more {
                    self.skip_value(depth + 1)?;
                    more = self.next_item(b']')?;
                }
                Ok(())
            }
            Kind::Object => {
                self.open(depth)?;
                let mut key = String::new();
                let mut more = self.begins_item(b'}')?;
                while more {
                    self.key(&mut key)?;
                    self.skip_value(depth + 1)?;
                    more = self.next_item(b'}')?;
                }
                Ok(())
            }
        }
    }

    /// A text; escapes are looked at when they are taken.
    pub fn string(&mut self) -> Result<Text, FileError> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let mut at = start;
        let mut escaped = false;
        loop {
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    at += 2;
                }
                Some(b'\n' | b'\r') => return Err(self.mistake(Mistake::LineBreakInText)),
                Some(byte) if *byte < b' ' => {
                    self.at = at;
                    return Err(self.mistake(Mistake::ControlInText(*byte)));
                }
                Some(_) => at += 1,
                None => return Err(self.mistake(Mistake::TextWithoutEnd)),
            }
        }
        self.at = at + 1;
        Ok(Text { start, end: at, escaped })
    }

    /// The text with its escapes resolved is added to `into`.
    pub fn unescape(&self, text: &Text, into: &mut String) -> Result<(), FileError> {
        let mut rest = &self.text[text.start..text.end];
        while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
            into.push_str(&rest[..at]);
            let wrong = |mistake| self.mistake_at(text.end - rest.len() + at, mistake);
            let mut after = rest[at + 1..].chars();
            match after.next() {
                Some(c @ ('"' | '\\' | '/')) => into.push(c),
                Some('b') => into.push('\u{8}'),
                Some('f') => into.push('\u{c}'),
                Some('n') => into.push('\n'),
                Some('r') => into.push('\r'),
                Some('t') => into.push('\t'),
                Some('u') => {
                    let (c, len) = unicode(after.as_str()).ok_or_else(|| wrong(Mistake::Escape))?;
                    if c == '\0' {
                        return Err(self.nul());
                    }
                    into.push(c);
                    rest = &after.as_str()[len..];
                    continue;
                }
                _ => return Err(wrong(Mistake::Escape)),
            }
            rest = after.as_str();
        }
        into.push_str(rest);
        Ok(())
    }

    fn number(&mut self) -> Result<(), FileError> {
        let rest = &self.text.as_bytes()[self.at..];
        let goes_on = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-._".contains(byte);
        let len = rest.iter().position(|byte| !goes_on(byte)).unwrap_or(rest.len());
        if !is_number(&rest[..len]) {
            return Err(self.mistake(Mistake::Number(len)));
        }
        self.at += len;
        Ok(())
    }

    /// Nothing may follow.
    pub fn end(&mut self) -> Result<(), FileError> {
        self.skip_blank();
        if self.peek().is_none() { Ok(()) } else { Err(self.mistake(Mistake::AfterTheEnd)) }
    }

    fn mistake(&self, mistake: Mistake) -> FileError {
        self.mistake_at(self.at, mistake)
    }

    /// `at` is on the current line.
    fn mistake_at(&self, at: usize, mistake: Mistake) -> FileError {
        let column = self.text.get(self.line_start..at).unwrap_or_default().chars().count() + 1;
        let rest = self.text.get(at..).unwrap_or_default();
        let (line, sentence) = (self.line, mistake.sentence(rest));
        FileError::at(
            FileCode::JsonSyntax,
            line,
            format!("Line {line}, column {column}: {sentence}"),
        )
    }

    fn nul(&self) -> FileError {
        let line = self.line;
        let message = format!("Line {line} holds a NUL character (\\u0000), which is no text.");
        FileError::at(FileCode::Encoding, line, message)
    }
}

/// The character of `XXXX`, or of `XXXX\uXXXX`, and how long its digits are.
fn unicode(digits: &str) -> Option<(char, usize)> {
    let unit = |text: Option<&str>| {
        let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u16::from_str_radix(text, 16).ok()
    };
    let first = unit(digits.get(..4))?;
    if let Some(Ok(c)) = char::decode_utf16([first]).next() {
        return Some((c, 4));
    }
    let second = unit(digits.get(4..)?.strip_prefix("\\u")?.get(..4))?;
    match char::decode_utf16([first, second]).next() {
        Some(Ok(c)) => Some((c, 10)),
        _ => None,
    }
}

fn is_number(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(text);
    if whole == 0 || whole > 1 && text[0] == b'0' {
        return false;
    }
    let mut rest = &text[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let len = digits(fraction);
        if len == 0 {
            return false;
        }
        rest = &fraction[len..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent =
            exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let len = digits(exponent);
        return len > 0 && len == exponent.len();
    }
    rest.is_empty()
}
