//! The sample files, as spreadsheets and scripts save them: the same people in every format.

use std::collections::BTreeMap;

use roster::import::{Delimiter, Encoding, Format, Sheet, checked_row, summary};

use crate::{checked, easy, fixture, read_found};

fn sample(name: &str) -> Sheet {
    read_found(&fixture(&format!("samples/{name}"))).unwrap()
}

#[test]
fn every_sample_is_clean() {
    let check = |name: &str, rows: u32, lines: (u32, u32), format, encoding, delimiter| {
        let sheet = sample(name);
        let checked = checked(&sheet, &easy());
        let found = summary(&sheet, &checked);
        assert_eq!((found.rows, found.ok), (rows, rows), "{name}: {:?}", checked.codes());
        assert_eq!((found.format, found.encoding, found.delimiter), (format, encoding, delimiter));
        assert_eq!((sheet.line(0), sheet.line(sheet.row_count() - 1)), lines, "{name}");
        assert_eq!(sheet.ignored().count(), 0);
    };
    let (utf8, csv, json) = (Encoding::Utf8, Format::Csv, Format::Json);
    check("technicians.csv", 500, (2, 654), csv, utf8, Some(Delimiter::Comma));
    check("technicians.json", 500, (3, 5139), json, utf8, None);
    check("technicians.ndjson", 500, (1, 500), Format::JsonLines, utf8, None);
    check("unicode-text.txt", 500, (2, 654), csv, Encoding::Utf16Le, Some(Delimiter::Tab));
    let windows = Encoding::Windows1252;
    check("german-spreadsheet.csv", 202, (2, 256), csv, windows, Some(Delimiter::Semicolon));
}

/// What was understood of each person, by email; and the password, which isn't shown.
fn people(name: &str) -> BTreeMap<String, String> {
    let sheet = sample(name);
    let checked = checked(&sheet, &easy());
    let person = |row: usize| {
        let password = sheet.submitted(row, &checked).values.password;
        let values = serde_json::to_string(&checked_row(&sheet, &checked, row).values).unwrap();
        let email = sheet.value(row, roster::fields::Field::Email).into_owned();
        (email, format!("{values} {password:?}"))
    };
    (0..sheet.row_count()).map(person).collect()
}

#[test]
fn the_same_people_in_every_format() {
    let csv = people("technicians.csv");
    assert_eq!(csv.len(), 500);
    for other in ["technicians.json", "technicians.ndjson", "unicode-text.txt"] {
        assert_eq!(people(other), csv, "{other}");
    }
    for (email, person) in people("german-spreadsheet.csv") {
        assert_eq!(Some(&person), csv.get(&email));
    }
}
