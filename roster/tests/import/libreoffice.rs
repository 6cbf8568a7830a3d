//! One table as LibreOffice Calc saves it: read alike in every encoding and with every delimiter.

use roster::fields::Field;
use roster::import::{Delimiter, Encoding, FileCode};

use crate::{checked, easy, fixture, read_found};

const PEOPLE: [[&str; 5]; 4] = [
    ["Jürgen Weiß", "Jürgen", "juergen.weiss@example.test", "00123", "second shift; \"north\""],
    ["山本 良平", "", "ryohei.yamamoto@example.test", "r.yamamoto", "line one\nline two"],
    ["Zoë van der Berg", "Zoë", "zoe@example.test", "=z.berg", "comma, semicolon; tabhere"],
    ["Olena Коваленко", "", "olena@example.test", "", ""],
];
const FIELDS: [Field; 5] =
    [Field::Name, Field::Nickname, Field::Email, Field::SsoId, Field::Description];

#[test]
fn every_way_to_save_is_read_alike() {
    let check = |name: &str, encoding, delimiter, people: &[usize]| {
        let sheet = read_found(&fixture(&format!("libreoffice/{name}"))).unwrap();
        assert_eq!((sheet.encoding(), sheet.delimiter()), (encoding, Some(delimiter)), "{name}");
        assert_eq!(checked(&sheet, &easy()).counts().errors, 0, "{name}");
        assert_eq!(sheet.row_count(), people.len());
        for (row, person) in people.iter().enumerate() {
            let found = FIELDS.map(|field| sheet.value(row, field).replace("\r\n", "\n"));
            assert_eq!(found, PEOPLE[*person], "{name}");
        }
    };
    check("utf-8.csv", Encoding::Utf8, Delimiter::Comma, &[0, 1, 2, 3]);
    check("semicolon.csv", Encoding::Utf8, Delimiter::Semicolon, &[0, 1, 2, 3]);
    check("utf-16.txt", Encoding::Utf16Le, Delimiter::Tab, &[0, 1, 2, 3]);
    // Those whose letters the encoding has.
    check("windows-1252.csv", Encoding::Windows1252, Delimiter::Semicolon, &[0, 2]);
}

#[test]
fn a_spreadsheet_itself_is_told_from_text() {
    for name in ["source.xlsx", "source.ods"] {
        let error = read_found(&fixture(&format!("libreoffice/{name}"))).unwrap_err();
        assert_eq!(error.code, FileCode::Binary, "{name}");
    }
}
