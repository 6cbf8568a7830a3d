//! Files that are no text at all, known by their first bytes, and what to save instead.

use super::file_error::{FileCode, FileError};

struct Kind {
    magic: &'static [u8],
    /// What else must stand near the beginning.
    within: &'static [u8],
    says: &'static str,
}

const SAVE_SPREADSHEET: &str = "Open it in the spreadsheet program and save it as “CSV UTF-8”.";
const NEAR_BEGINNING: usize = 8 * 1024;

const fn kind(magic: &'static [u8], within: &'static [u8], says: &'static str) -> Kind {
    Kind { magic, within, says }
}

/// The more particular kinds stand first.
const KINDS: [Kind; 17] = [
    kind(b"PK\x03\x04", b"opendocument.spreadsheet", "an OpenDocument spreadsheet (.ods)"),
    kind(b"PK\x03\x04", b"xl/", "an Excel workbook (.xlsx)"),
    kind(b"PK\x03\x04", b"word/", "a Word document (.docx)"),
    kind(b"PK\x03\x04", b"", "a zip archive or an office document"),
    kind(b"PK\x05\x06", b"", "an empty zip archive"),
    kind(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        "an old Excel workbook (.xls) or office document",
    ),
    kind(b"%PDF-", b"", "a PDF document"),
    kind(b"\x89PNG\r\n\x1a\n", b"", "a PNG picture"),
    kind(b"\xff\xd8\xff", b"", "a JPEG picture"),
    kind(b"GIF87a", b"", "a GIF picture"),
    kind(b"GIF89a", b"", "a GIF picture"),
    kind(b"RIFF", b"WEBP", "a WebP picture"),
    kind(b"\x1f\x8b", b"", "a gzip archive"),
    kind(b"7z\xbc\xaf\x27\x1c", b"", "a 7-Zip archive"),
    kind(b"Rar!\x1a\x07", b"", "a RAR archive"),
    kind(b"SQLite format 3\0", b"", "a SQLite database"),
    kind(b"{\\rtf", b"", "a text document with formatting (.rtf)"),
];

/// What the file is, where it is something else than text.
pub(super) fn recognize(bytes: &[u8]) -> Option<FileError> {
    let beginning = &bytes[..bytes.len().min(NEAR_BEGINNING)];
    let kind = KINDS.iter().find(|kind| {
        bytes.starts_with(kind.magic)
            && (kind.within.is_empty() || memchr::memmem::find(beginning, kind.within).is_some())
    })?;
    let cure = if kind.says.contains("Excel") || kind.says.contains("spreadsheet") {
        SAVE_SPREADSHEET.to_owned()
    } else if kind.says.contains("archive") {
        format!("Unpack it; if it holds a spreadsheet: {SAVE_SPREADSHEET}")
    } else {
        "Import a CSV or JSON file; both examples can be downloaded.".to_owned()
    };
    Some(FileError::new(
        FileCode::Binary,
        format!("This is {}, not a text file. {cure}", kind.says),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_is_and_what_to_save_instead() {
        let check = |bytes: &[u8], expected: Option<&str>| {
            let found = recognize(bytes).map(|error| error.message);
            match expected {
                Some(words) => assert!(found.unwrap().contains(words), "{words}"),
                None => assert_eq!(found, None),
            }
        };
        check(
            b"PK\x03\x04....[Content_Types].xml....xl/workbook.xml",
            Some("Excel workbook (.xlsx)"),
        );
        check(b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet", Some(".ods"));
        check(b"PK\x03\x04whatever", Some("zip"));
        check(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..", Some("“CSV UTF-8”"));
        check(b"%PDF-1.7", Some("PDF"));
        check(b"\x89PNG\r\n\x1a\n", Some("PNG picture"));
        check(b"\xff\xd8\xff\xe0", Some("JPEG"));
        check(b"GIF89a", Some("GIF"));
        check(b"Name,Email\n", None);
        check(b"", None);
    }
}
