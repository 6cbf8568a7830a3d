//! Files that nobody here wrote: csv-spectrum (BSD-2-Clause, github.com/maxogden/csv-spectrum),
//! each with what its cells are. One of the twelve is left out: its two sides differ.

use std::collections::BTreeMap;

use roster::import::{Choices, read};

use crate::fixture;

const FILES: [&str; 11] = [
    "comma_in_quotes",
    "empty",
    "empty_crlf",
    "escaped_quotes",
    "json",
    "newlines",
    "newlines_crlf",
    "quotes_and_newlines",
    "simple",
    "simple_crlf",
    "utf8",
];

#[test]
fn cells_are_what_others_say_they_are() {
    let choices = Choices { lenient: true, ..Choices::default() };
    for name in FILES {
        let file = fixture(&format!("csv-spectrum/{name}.csv"));
        let sheet = read(&file, &choices, &mut |_| ()).unwrap();
        let row = |row: usize| -> BTreeMap<String, String> {
            let headers = sheet.headers().iter().enumerate();
            headers
                .map(|(column, header)| (header.text.clone(), sheet.cell(row, column).to_owned()))
                .collect()
        };
        let found: Vec<_> = (0..sheet.row_count()).map(row).collect();
        let json = fixture(&format!("csv-spectrum/{name}.json"));
        let expected: Vec<BTreeMap<String, String>> = serde_json::from_slice(&json).unwrap();
        assert_eq!(found, expected, "{name}");
    }
}
