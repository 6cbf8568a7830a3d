//! One example of every code that a file can bring about. What a row is expected to show stands in
//! its own first column, `_expect`, which the import ignores.

use std::collections::BTreeSet;
use std::fmt::Write;

use roster::import::{Rules, check_submitted};
use roster::problem::Code;

use crate::{checked, easy, fixture, read_found, strict};

/// The codes found in the file, each on the row that expects it.
fn codes(name: &str, rules: &Rules) -> BTreeSet<Code> {
    let sheet = read_found(&fixture(name)).unwrap();
    let checked = checked(&sheet, rules);
    let mut all = BTreeSet::new();
    for row in 0..sheet.row_count() {
        let problems = checked.problems_of(&sheet, row);
        let found: Vec<_> = problems.iter().map(|problem| problem.code.as_str()).collect();
        let expected = match sheet.width(row) {
            // A row that is no object has no cells.
            0 => "row.not_an_object",
            _ => sheet.cell(row, 0),
        };
        assert_eq!(found.join(" "), expected, "{name}, line {}", sheet.line(row));
        for problem in &problems {
            assert!(problem.message.ends_with('.'), "{problem:?}");
        }
        all.extend(problems.iter().map(|problem| problem.code));

        let (ready, again) = check_submitted(&sheet.submitted(row, &checked), rules);
        assert_eq!(again, problems, "the server and the preview agree");
        assert_eq!(ready.is_none(), problems.iter().any(roster::problem::Problem::is_error));
    }
    all
}

#[test]
fn every_code_is_found_where_it_belongs() {
    let mut found = codes("every-code.csv", &strict());
    found.extend(codes("every-code.json", &strict()));
    found.extend(codes("group-chosen.csv", &easy()));
    let expected: BTreeSet<_> =
        Code::ALL.iter().copied().filter(|code| !code.needs_server()).collect();
    assert_eq!(found, expected);
}

#[test]
fn lines_are_those_of_an_editor() {
    let lines = |name: &str| -> Vec<(u32, Code)> {
        let sheet = read_found(&fixture(name)).unwrap();
        let checked = checked(&sheet, &strict());
        let line = |row: u32| sheet.line(usize::try_from(row).unwrap());
        checked.findings().iter().map(|finding| (line(finding.row), finding.code)).collect()
    };
    let text = String::from_utf8(fixture("every-code.csv")).unwrap();
    for (line, code) in lines("every-code.csv") {
        let shown = text.lines().nth(usize::try_from(line).unwrap() - 1).unwrap();
        let expected = shown.split(',').next().unwrap();
        assert!(expected.split(' ').any(|of| of == code.as_str()), "{line} {code}");
    }
    assert_eq!(
        lines("every-code.json"),
        [
            (3, Code::RowDuplicateKey),
            (4, Code::CellWrongType),
            (11, Code::CellWrongType),
            (12, Code::RowNotAnObject),
        ]
    );
}

#[test]
fn the_sentences() {
    let sheet = read_found(&fixture("every-code.csv")).unwrap();
    let checked = checked(&sheet, &strict());
    let mut sentences = String::new();
    for row in 0..sheet.row_count() {
        for problem in checked.problems_of(&sheet, row) {
            let line = sheet.line(row);
            let column = problem.column.as_deref().unwrap_or("row");
            writeln!(sentences, "{line} {column}: {}", problem.message).unwrap();
        }
    }
    assert!(!sentences.contains("Vq7!mReXb2") && !sentences.contains("abcdefgh"));
    expect_test::expect_file!["../../fixtures/every-code.txt"].assert_eq(&sentences);
}
