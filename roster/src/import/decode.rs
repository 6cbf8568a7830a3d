//! Bytes to text. The encoding is found by looking at the bytes, or chosen; what is no text in it
//! is refused with the line, never replaced.

use serde::{Deserialize, Serialize};

use super::file_error::{FileCode, FileError};
use super::lines;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "utf-16le")]
    Utf16Le,
    #[serde(rename = "utf-16be")]
    Utf16Be,
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// As people read it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// The text without its byte order mark, and the encoding that was chosen or found.
pub fn decode(bytes: &[u8], chosen: Option<Encoding>) -> Result<(String, Encoding), FileError> {
    decode_owned(bytes.to_vec(), chosen)
}

/// As `decode`; of UTF-8 the bytes become the text, so that there is never both.
pub(super) fn decode_owned(
    bytes: Vec<u8>,
    chosen: Option<Encoding>,
) -> Result<(String, Encoding), FileError> {
    let (encoding, start) = evident(&bytes, chosen);
    let (text, encoding) = match encoding {
        Some(Encoding::Utf8) => match utf8(bytes, start) {
            Ok(text) => (text, Encoding::Utf8),
            Err((bytes, at)) => return Err(not_utf8(&bytes, at)),
        },
        Some(Encoding::Utf16Le) => {
            (utf16(&bytes[start..], u16::from_le_bytes, Encoding::Utf16Le)?, Encoding::Utf16Le)
        }
        Some(Encoding::Utf16Be) => {
            (utf16(&bytes[start..], u16::from_be_bytes, Encoding::Utf16Be)?, Encoding::Utf16Be)
        }
        Some(Encoding::Windows1252) => (windows_1252(&bytes[start..])?, Encoding::Windows1252),
        None => match utf8(bytes, start) {
            Ok(text) => (text, Encoding::Utf8),
            Err((bytes, _)) => (windows_1252(&bytes)?, Encoding::Windows1252),
        },
    };
    match memchr::memchr(0, text.as_bytes()) {
        Some(nul) => Err(not_text(lines::at(text.as_bytes(), nul), "a NUL byte", encoding)),
        None => Ok((text, encoding)),
    }
}

/// The encoding that is chosen or shows, and where the text begins; `None`: UTF-8, unless some byte
/// says otherwise.
fn evident(bytes: &[u8], chosen: Option<Encoding>) -> (Option<Encoding>, usize) {
    match (chosen, byte_order_mark(bytes)) {
        (None, Some((encoding, len))) => (Some(encoding), len),
        (None, None) => (looks_like_utf16(bytes), 0),
        (Some(chosen), Some((encoding, len))) if chosen == encoding => (Some(chosen), len),
        (Some(chosen), _) => (Some(chosen), 0),
    }
}

/// The bytes up to the end of their last whole line; empty where they have none.
pub(super) fn whole_lines(bytes: &[u8], chosen: Option<Encoding>) -> &[u8] {
    let unit: fn(&[u8; 2]) -> u16 = match evident(bytes, chosen).0 {
        Some(Encoding::Utf16Le) => |pair| u16::from_le_bytes(*pair),
        Some(Encoding::Utf16Be) => |pair| u16::from_be_bytes(*pair),
        _ => {
            let end = memchr::memrchr2(b'\n', b'\r', bytes).map_or(0, |at| at + 1);
            return &bytes[..end];
        }
    };
    let (units, _) = bytes.as_chunks::<2>();
    let is_end = |pair: &[u8; 2]| matches!(unit(pair), 0x0a | 0x0d);
    let end = units.iter().rposition(is_end).map_or(0, |at| at + 1);
    &bytes[..end * 2]
}

fn byte_order_mark(bytes: &[u8]) -> Option<(Encoding, usize)> {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => Some((Encoding::Utf8, 3)),
        [0xff, 0xfe, ..] => Some((Encoding::Utf16Le, 2)),
        [0xfe, 0xff, ..] => Some((Encoding::Utf16Be, 2)),
        _ => None,
    }
}

/// Letters, digits and delimiters have a zero byte each in UTF-16, always on the same side.
fn looks_like_utf16(bytes: &[u8]) -> Option<Encoding> {
    const SAMPLE: usize = 64 * 1024;
    const FEW: usize = 256;
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let pairs = sample.len() / 2;
    let zeros =
        |side: usize| sample.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    let (encoding, on, off) = if second > first {
        (Encoding::Utf16Le, second, first)
    } else {
        (Encoding::Utf16Be, first, second)
    };
    // A stray NUL in other text is no sign; in Chinese or Thai text only the delimiters are one.
    let enough = if pairs < FEW { on * 5 >= pairs * 2 } else { on * 20 >= pairs };
    (on > 0 && enough && on >= 8 * off).then_some(encoding)
}

/// The text, or the bytes again and where they are no text.
fn utf8(mut bytes: Vec<u8>, start: usize) -> Result<String, (Vec<u8>, usize)> {
    bytes.drain(..start);
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        (error.into_bytes(), at)
    })
}

fn not_utf8(bytes: &[u8], at: usize) -> FileError {
    let what = bytes.get(at).map_or(String::new(), |byte| format!("the byte 0x{byte:02X}"));
    not_text(lines::at(bytes, at), &what, Encoding::Utf8)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, encoding: Encoding) -> Result<String, FileError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match decoded {
            Ok(c) => text.push(c),
            Err(half) => {
                let what = format!("half a character, 0x{:04X}", half.unpaired_surrogate());
                return Err(not_text(lines::at(text.as_bytes(), text.len()), &what, encoding));
            }
        }
    }
    if rest.is_empty() {
        // Plain letters have half as many bytes as before.
        text.shrink_to_fit();
        Ok(text)
    } else {
        let line = lines::at(text.as_bytes(), text.len());
        Err(not_text(line, "half a character at its end", encoding))
    }
}

fn windows_1252(bytes: &[u8]) -> Result<String, FileError> {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut rest = bytes;
    while !rest.is_empty() {
        let ascii = rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (plain, others) = rest.split_at(ascii);
        text.push_str(std::str::from_utf8(plain).unwrap_or_default());
        let Some((byte, after)) = others.split_first() else { break };
        match HIGH[usize::from(byte & 0x7f)] {
            '\0' => {
                let what = format!("the byte 0x{byte:02X}");
                let line = lines::at(bytes, bytes.len() - others.len());
                return Err(not_text(line, &what, Encoding::Windows1252));
            }
            c => text.push(c),
        }
        rest = after;
    }
    Ok(text)
}

fn not_text(line: u32, what: &str, encoding: Encoding) -> FileError {
    FileError::at(
        FileCode::Encoding,
        line,
        format!(
            "Line {line} holds {what}, which is no text in {}. Choose the file’s encoding, or \
             save the file as UTF-8.",
            encoding.label()
        ),
    )
}

/// The upper half of Windows-1252; NUL where it has no character.
const HIGH: [char; 128] = {
    const C1: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', //
        '\0', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    let mut high = ['\0'; 128];
    let mut code = 0;
    while code < 128_u8 {
        let at = code as usize;
        high[at] = if at < 32 { C1[at] } else { (0x80 + code) as char };
        code += 1;
    }
    high
};

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16_bytes(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn found_by_the_bytes() {
        let check = |bytes: &[u8], text: &str, encoding: Encoding| {
            assert_eq!(decode(bytes, None), Ok((text.to_owned(), encoding)));
        };
        let table = "Name\tEmail\n山本良平\tr@x.test\n";
        check(table.as_bytes(), table, Encoding::Utf8);
        check(format!("\u{feff}{table}").as_bytes(), table, Encoding::Utf8);
        check(&utf16_bytes(table, u16::to_le_bytes), table, Encoding::Utf16Le);
        check(&utf16_bytes(table, u16::to_be_bytes), table, Encoding::Utf16Be);
        check(&utf16_bytes("\u{feff}山", u16::to_le_bytes), "山", Encoding::Utf16Le);
        check(&utf16_bytes("\u{feff}山", u16::to_be_bytes), "山", Encoding::Utf16Be);
        check(b"M\xfcller \x80 \x93", "Müller € “", Encoding::Windows1252);
        check(b"", "", Encoding::Utf8);
        let japanese = format!("名前\tメール\n{}", "山本良平山本良平\tr@x\n".repeat(200));
        check(&utf16_bytes(&japanese, u16::to_le_bytes), &japanese, Encoding::Utf16Le);
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_line() {
        let check = |bytes: &[u8], chosen: Option<Encoding>, line: u32, words: &str| {
            let error = decode(bytes, chosen).unwrap_err();
            assert_eq!((error.code, error.line), (FileCode::Encoding, Some(line)));
            assert!(error.message.contains(words), "{}", error.message);
        };
        check(b"Name\nA\0nna,anna@example.test", None, 2, "NUL");
        check(b"Name\nM\xfcller", Some(Encoding::Utf8), 2, "0xFC, which is no text in UTF-8");
        check(b"\xef\xbb\xbfName\r\n\r\nM\xfcller", None, 3, "UTF-8");
        check(b"Name\n\x81", None, 2, "0x81, which is no text in Windows-1252");
        check(b"N\0a\0\n\0m", Some(Encoding::Utf16Le), 2, "half a character at its end");
        check(b"\xff\xfe\x3d\xd8a\0", None, 1, "half a character, 0xD83D");
    }

    #[test]
    fn a_choice_is_obeyed() {
        let text =
            |bytes: &[u8], chosen| decode(bytes, Some(chosen)).map(|(text, _)| text).unwrap();
        assert_eq!(text("ü".as_bytes(), Encoding::Windows1252), "Ã¼");
        assert_eq!(text(b"\xef\xbb\xbfx", Encoding::Utf8), "x");
        assert_eq!(text(b"\xef\xbb\xbfx", Encoding::Windows1252), "ï»¿x");
        assert_eq!(text(b"a\0", Encoding::Utf16Le), "a");
    }
}
