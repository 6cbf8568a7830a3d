//! Line numbers as an editor shows them: LF, CRLF and CR each end a line.

/// How many line ends the bytes hold. A CR at their end counts, whatever follows.
pub(super) fn count(bytes: &[u8]) -> u32 {
    let mut lines = 0;
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let half_of_crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        lines += u32::from(!half_of_crlf);
    }
    lines
}

/// Where the text goes on after so many line ends; its end, where it has fewer.
pub(super) fn start(bytes: &[u8], after: u32) -> usize {
    let mut left = after;
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
    let mut ends = ends.filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
    let mut at = 0;
    while left > 0 {
        match ends.next() {
            Some(end) => at = end + 1,
            None => return bytes.len(),
        }
        left -= 1;
    }
    at
}

/// The line on which the byte at `offset` stands, counted from 1.
pub(super) fn at(bytes: &[u8], offset: usize) -> u32 {
    let before = &bytes[..offset.min(bytes.len())];
    let inside_crlf = before.last() == Some(&b'\r') && bytes.get(before.len()) == Some(&b'\n');
    1 + count(before) - u32::from(inside_crlf)
}

#[cfg(test)]
mod tests {
    #[test]
    fn line_numbers() {
        let check = |text: &str, offset: usize, expected: u32| {
            assert_eq!(super::at(text.as_bytes(), offset), expected, "{text:?} {offset}");
        };
        check("", 0, 1);
        check("a\nb", 1, 1);
        check("a\nb", 2, 2);
        check("a\r\nb", 2, 1);
        check("a\r\nb", 3, 2);
        check("a\rb\r\rc", 2, 2);
        check("a\rb\r\rc", 5, 4);
    }

    #[test]
    fn where_lines_begin() {
        let check = |text: &str, after: u32, expected: usize| {
            assert_eq!(super::start(text.as_bytes(), after), expected, "{text:?} {after}");
        };
        check("a\nb", 0, 0);
        check("a\nb", 1, 2);
        check("a\r\n\rb", 1, 3);
        check("a\r\n\rb", 2, 4);
        check("a\nb", 2, 3);
    }
}
