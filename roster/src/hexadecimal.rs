//! Bytes as lower-case hexadecimal: how digests, tokens and what is sealed are kept and sent.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

#[must_use]
pub fn of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    append(&mut text, bytes);
    text
}

/// The same behind what is there.
pub fn append(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// The bytes; of digits in either case. `None`: it is not hexadecimal.
#[must_use]
pub fn parse(text: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    if rest.is_empty() { bytes } else { None }
}

#[cfg(test)]
mod tests {
    use super::{of, parse};

    #[test]
    fn bytes_are_written_and_read() {
        let check = |text: &str, expected: Option<&[u8]>| {
            assert_eq!(parse(text).as_deref(), expected, "{text}");
        };
        check("", Some(&[]));
        check("00ff1A", Some(&[0, 255, 26]));
        check("0", None);
        check("+f", None);
        check("0g", None);
        check("ä", None);
        assert_eq!(of(&[0, 255, 26]), "00ff1a");
    }
}
