//! Records and cells of a CSV text, written into an arena. Cells are found, not judged.

use super::arena::{Arena, Span};
use super::lines;
use crate::text;

#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect {
    pub delimiter: u8,
    /// How many the heading has; 0 while that isn't known.
    pub columns: usize,
}

/// A quote that nothing closes, by the line on which it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unclosed {
    pub line: u32,
}

/// One row of the arena.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub line: u32,
    /// The first column with text after its closing quote.
    pub stray_quote: Option<usize>,
}

pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    dialect: Dialect,
    /// Bytes that end a cell without quotes.
    ends: [bool; 256],
}

impl<'a> Reader<'a> {
    /// Reads from the byte `at`, which stands on `line`.
    pub fn new(text: &'a str, at: usize, line: u32, dialect: Dialect) -> Self {
        let mut ends = [false; 256];
        for byte in [dialect.delimiter, b'\n', b'\r'] {
            ends[usize::from(byte)] = true;
        }
        Self { text, at, line, dialect, ends }
    }

    /// How many bytes have been read, and the line that follows.
    pub fn place(&self) -> (usize, u32) {
        (self.at, self.line)
    }

    /// Adds the next record as a row; rows in which nothing stands are passed over.
    pub fn record(&mut self, arena: &mut Arena) -> Result<Option<Record>, Unclosed> {
        while self.at < self.text.len() {
            let line = self.line;
            arena.begin_row(line);
            let stray_quote = self.cells(arena)?;
            if arena.last_row(self.text).all(|cell| text::trim(cell).is_empty()) {
                arena.drop_row();
            } else {
                return Ok(Some(Record { line, stray_quote }));
            }
        }
        Ok(None)
    }

    fn cells(&mut self, arena: &mut Arena) -> Result<Option<usize>, Unclosed> {
        let bytes = self.text.as_bytes();
        let mut stray_quote = None;
        for column in 0.. {
            if bytes.get(self.at) == Some(&b'"') {
                if self.quoted(arena, column)? {
                    stray_quote = stray_quote.or(Some(column));
                }
            } else {
                let start = self.at;
                self.skip_cell();
                arena.push(Span::of_text(start, self.at));
            }
            match bytes.get(self.at) {
                Some(byte) if *byte == self.dialect.delimiter => self.at += 1,
                Some(b'\r') if bytes.get(self.at + 1) == Some(&b'\n') => {
                    self.at += 2;
                    self.line += 1;
                    break;
                }
                Some(_) => {
                    self.at += 1;
                    self.line += 1;
                    break;
                }
                None => break,
            }
        }
        Ok(stray_quote)
    }

    fn skip_cell(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let len = rest.iter().position(|byte| self.ends[usize::from(*byte)]);
        self.at += len.unwrap_or(rest.len());
    }

    /// Reads a cell that begins with a quote; whether text follows the closing one.
    fn quoted(&mut self, arena: &mut Arena, column: usize) -> Result<bool, Unclosed> {
        let bytes = self.text.as_bytes();
        let opened = self.line;
        let start = self.at + 1;
        let mut doubled = false;
        let mut from = start;
        let close = loop {
            let Some(found) = memchr::memchr(b'"', &bytes[from..]) else {
                return Err(Unclosed { line: opened });
            };
            let quote = from + found;
            if bytes.get(quote + 1) != Some(&b'"') {
                break quote;
            }
            doubled = true;
            from = quote + 2;
        };
        self.line += lines::count(&bytes[start..close]);
        self.at = close + 1;
        while bytes.get(self.at).is_some_and(|byte| self.is_blank(*byte)) {
            self.at += 1;
        }
        let ends = bytes.get(self.at).is_none_or(|byte| self.ends[usize::from(*byte)]);
        let content = &self.text[start..close];
        if ends {
            if doubled {
                let span = arena.extra(|extra| unescape(content, extra));
                arena.push(span);
            } else {
                arena.push(Span::of_text(start, close));
            }
            return Ok(false);
        }
        if self.has_swallowed_rows(content, column) {
            return Err(Unclosed { line: opened });
        }
        self.skip_cell();
        let rest = &self.text[close + 1..self.at];
        let span = arena.extra(|extra| {
            unescape(content, extra);
            extra.push_str(rest);
        });
        arena.push(span);
        Ok(true)
    }

    fn is_blank(&self, byte: u8) -> bool {
        (byte == b' ' || byte == b'\t') && byte != self.dialect.delimiter
    }

    /// A quote that was never closed ends at the next cell that opens one, rows below: what lies
    /// between looks like rows. Were it taken as one cell, those rows would be lost in silence.
    fn has_swallowed_rows(&self, content: &str, column: usize) -> bool {
        let delimiters =
            |line: &str| memchr::memchr_iter(self.dialect.delimiter, line.as_bytes()).count();
        let columns = self.dialect.columns;
        let mut lines = content.split(['\n', '\r']);
        let (Some(first), Some(last)) = (lines.next(), lines.next_back()) else {
            return false;
        };
        let completes_row = column + 1 + delimiters(first) == columns;
        let begins_row = last.is_empty() || delimiters(last) > 0;
        columns > 1
            && (completes_row && begins_row || lines.any(|line| delimiters(line) + 1 >= columns))
    }
}

fn unescape(content: &str, into: &mut String) {
    let mut from = 0;
    for quote in memchr::memmem::find_iter(content.as_bytes(), b"\"\"") {
        into.push_str(&content[from..=quote]);
        from = quote + 2;
    }
    into.push_str(&content[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, columns: usize) -> Result<Vec<String>, Unclosed> {
        let mut arena = Arena::default();
        let mut reader = Reader::new(text, 0, 1, Dialect { delimiter: b',', columns });
        let mut rows = Vec::new();
        while let Some(record) = reader.record(&mut arena)? {
            let cells: Vec<_> = arena.last_row(text).collect();
            let stray =
                record.stray_quote.map_or(String::new(), |column| format!(" stray {column}"));
            rows.push(format!("{} {}{stray}", record.line, cells.join("|").replace('\n', "/")));
        }
        Ok(rows)
    }

    #[test]
    fn records() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(rows(text, 0).unwrap(), expected, "{text:?}");
        };
        check("", &[]);
        check("a,b", &["1 a|b"]);
        check("a,b\n", &["1 a|b"]);
        check("a,b\r\nc,d\re,f\n", &["1 a|b", "2 c|d", "3 e|f"]);
        check("a,\n,b,\n", &["1 a|", "2 |b|"]);
        check("\n\r\n  \na\n,,\n\"\"\nb\n", &["4 a", "7 b"]);
        check("\"a,b\",\"c\"\"d\"\"\",e", &["1 a,b|c\"d\"|e"]);
        check("\"two\r\nlines\nthree\",x\ny", &["1 two\r/lines/three|x", "4 y"]);
        check("\"a\" ,b\n\"c\"", &["1 a|b", "2 c"]);
        check("a\"b\"c, \"d\"\n", &["1 a\"b\"c| \"d\""]);
        check("\"a\"b,c\nd\n", &["1 ab|c stray 0", "2 d"]);
        check("x,\"a \"\"b\"\" \"c\"d\"\n", &["1 x|a \"b\" c\"d\" stray 1"]);
        check("\"\"\"\"", &["1 \""]);
    }

    #[test]
    fn unclosed_quotes() {
        let check = |text: &str, expected: u32| {
            assert_eq!(rows(text, 3), Err(Unclosed { line: expected }), "{text:?}");
        };
        check("a,b,c\nd,\"e,f\n", 2);
        check("a,b,c\n\n\"x\ny\",1,2\nd,e,\"", 5);
        // The next quoted cell closes it: rows 3 and 4 would vanish.
        check("a,b,c\nd,\"e,f\ng,h,i\nj,\"k, l\",m\n", 2);
        check("a,b,\"c\nd,e,\"f\"\n", 1);
        check("a,b,\"c\n\"d\",e,f\n", 1);
    }

    #[test]
    fn a_stray_quote_in_a_cell_of_two_lines_is_the_rows_own() {
        assert_eq!(
            rows("a,b,\"first\nsaid \"hello\" to me\"\nd,e,f\n", 3).unwrap(),
            ["1 a|b|first/said hello\" to me\" stray 2", "3 d|e|f"]
        );
    }
}
