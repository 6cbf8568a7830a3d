//! The sample files, as spreadsheets and scripts save them: the same people in every format.

use roster::import::{Delimiter, Encoding, Format, Sheet, checked_row, summary};

use crate::{checked, easy, fixture, read_found, values};

fn sample(name: &str) -> Sheet {
    read_found(&fixture(&format!("samples/{name}"))).unwrap()
}

#[test]
fn every_sample_is_clean() {
    let check = |name: &str, rows: u32, format, encoding, delimiter, last_line: u32| {
        let sheet = sample(name);
        let checked = checked(&sheet, &easy());
        let found = summary(&sheet, &checked);
        assert_eq!((found.rows, found.ok), (rows, rows), "{name}: {:?}", checked.codes());
        assert_eq!((found.format, found.encoding, found.delimiter), (format, encoding, delimiter));
        assert_eq!(sheet.ignored().count(), 0);
        assert_eq!((sheet.line(0), sheet.line(sheet.row_count() - 1)), LINES(name, last_line));
    };
    use Delimiter::{Comma, Semicolon, Tab};
    use Encoding::{Utf8, Utf16Le, Windows1252};
    check("technicians.csv", 500, Format::Csv, Utf8, Some(Comma), 0);
    check("technicians.json", 500, Format::Json, Utf8, None, 0);
    check("technicians.ndjson", 500, Format::JsonLines, Utf8, None, 0);
    check("unicode-text.txt", 500, Format::Csv, Utf16Le, Some(Tab), 0);
    check("german-spreadsheet.csv", 0, Format::Csv, Windows1252, Some(Semicolon), 0);
}
