//! Files that can't be read at all: each says what is wrong, and where. A fixture is named by its
//! code.

use std::collections::BTreeSet;

use roster::import::{FileCode, FileErrorLine, limit};

use crate::{fixture, read_found};

const FILES: [(&str, Option<u32>); 11] = [
    ("file.empty.csv", None),
    ("file.encoding.csv", Some(3)),
    ("file.binary.csv", None),
    ("file.unclosed_quote.csv", Some(3)),
    ("file.missing_column.csv", Some(1)),
    ("file.duplicate_column.csv", Some(1)),
    ("file.no_rows.csv", None),
    ("file.too_many_columns.csv", Some(1)),
    ("json.syntax.json", Some(2)),
    ("json.not_a_list.json", Some(1)),
    ("json.too_deep.json", Some(2)),
];

#[test]
fn every_file_code() {
    let mut found = BTreeSet::new();
    for (name, line) in FILES {
        let error = read_found(&fixture(&format!("files/{name}"))).unwrap_err();
        assert!(name.starts_with(error.code.as_str()), "{name}: {error:?}");
        assert_eq!(error.line, line, "{name}");
        found.insert(error.code.as_str());
    }
    found.insert(large().as_str());
    found.insert(many_rows().as_str());
    assert_eq!(found, FileCode::ALL.iter().map(|code| code.as_str()).collect());
}

fn large() -> FileCode {
    let mut bytes = b"Name,Email\n".to_vec();
    bytes.resize(limit::BYTES + 1, b'\n');
    read_found(&bytes).unwrap_err().code
}

fn many_rows() -> FileCode {
    let rows = |rows: usize| format!("Name,Email\n{}", "a,b\n".repeat(rows)).into_bytes();
    assert_eq!(read_found(&rows(limit::ROWS)).unwrap().row_count(), limit::ROWS);
    read_found(&rows(limit::ROWS + 1)).unwrap_err().code
}

#[test]
fn as_scripts_see_it() {
    let file_error = read_found(b"Name\nAnna").unwrap_err();
    let json = serde_json::to_string(&FileErrorLine { file_error }).unwrap();
    expect_test::expect![[r#"{"file_error":{"code":"file.missing_column","message":"The file has no column “Email”. It has “Name”. The first line names the columns; the example file shows how.","line":1}}"#]].assert_eq(&json);
}

#[test]
fn nothing_but_white_space_is_empty() {
    for text in ["\n\n", "\u{feff}", " \t\r\n", ",,,\n"] {
        assert_eq!(read_found(text.as_bytes()).unwrap_err().code, FileCode::Empty, "{text:?}");
    }
}
