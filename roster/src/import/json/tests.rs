use std::fmt::Write;

use super::*;

fn rows(text: &str) -> Result<Vec<String>, FileError> {
    let rows = read(text, &mut |_| ())?;
    let mut shown = vec![rows.keys.join("|")];
    let mut arena = rows.arena;
    arena.set_text(text.to_owned());
    for row in 0..arena.row_count() {
        let cells: Vec<_> = (0..rows.keys.len()).map(|column| arena.cell(row, column)).collect();
        let mut line = format!("{} {}", arena.line(row), cells.join("|"));
        for finding in Finding::of_row(&rows.findings, row) {
            let _ = write!(line, " {} {:?}", finding.code, finding.place);
        }
        shown.push(line);
    }
    Ok(shown)
}

#[test]
fn lists_of_objects() {
    let check = |text: &str, expected: &[&str]| {
        assert_eq!(rows(text).unwrap(), expected, "{text}");
    };
    check("[]", &[""]);
    check(
        "[{\"a\":\"x\",\"b\":1.5e3},\n {\"b\":true,\"a\":null}]",
        &["a|b", "1 x|1.5e3", "2 |true"],
    );
    check("\n{\"total\":{\"x\":[]},\n\"users\":[\r\n{\"a\":\"x\"}\r\n]}\n", &["a", "4 x"]);
    check("[{\"a\":1},{\"b\":2}]", &["a|b", "1 1|", "1 |2"]);
    check(r#"[{"a":"\"\\\/\n\tü\u00fc\ud83d\ude00"}]"#, &["a", "1 \"\\/\n\tüü😀"]);
    check(r#"[{"\u0061":"x"}]"#, &["a", "1 x"]);
}

#[test]
fn one_object_a_line() {
    let check = |text: &str, expected: &[&str]| {
        assert_eq!(rows(text).unwrap(), expected, "{text}");
        assert_eq!(read(text, &mut |_| ()).map(|rows| rows.format), Ok(Format::JsonLines));
    };
    check("{\"name\":\"x\"}\n\n{\"name\":\"y\"}\n", &["name", "1 x", "3 y"]);
    check("{\"name\":\"x\"}", &["name", "1 x"]);
    check("{\"name\":\"x\"}\r\n5", &["name", "1 x", "2  row.not_an_object Row"]);
}

#[test]
fn rows_that_are_wrong() {
    let check = |text: &str, expected: &[&str]| assert_eq!(rows(text).unwrap(), expected, "{text}");
    check(
        "[1,\n\"x\",\n[{}],null]",
        &[
            "",
            "1  row.not_an_object Row",
            "2  row.not_an_object Row",
            "3  row.not_an_object Row",
            "3  row.not_an_object Row",
        ],
    );
    check("[{\"a\":1,\"b\":2,\"a\":3}]", &["a|b", "1 1|2 row.duplicate_key Column(0)"]);
    check(
        "[{\"a\":[1]},{\"a\":{}}]",
        &["a", "1 [1] cell.wrong_type Column(0)", "1 {} cell.wrong_type Column(0)"],
    );
    let large = format!("[{{\"a\":\"{}\"}}]", "x".repeat(32 * 1024 + 1));
    assert!(rows(&large).unwrap()[1].ends_with("cell.too_large Column(0)"));
}

#[test]
fn a_mistake_is_named_with_its_place_and_cure() {
    let check = |text: &str, expected: &str| {
        let error = rows(text).unwrap_err();
        assert_eq!(error.code, FileCode::JsonSyntax);
        assert_eq!(error.message, expected, "{text}");
    };
    check("[{\"a\":1},\n]", "Line 1, column 9: there is a comma too many before ]");
    check("[{\"a\":1,}]", "Line 1, column 8: there is a comma too many before }");
    check("[{\"a\":1},,{}]", "Line 1, column 9: there are two commas in a row.");
    check("[{\"a\":1}\n {\"a\":2}]", "Line 2, column 2: there is a comma missing before this.");
    check("[{\"ä\" 1}]", "Line 1, column 7: here belongs a colon after the key, not “1”.");
    check("[{a:1}]", "Line 1, column 3: a key needs quotes: \"name\".");
    check(
        "[{'a':1}]",
        "Line 1, column 3: texts and keys stand in double quotes (\"), not in single ones.",
    );
    check("[{\"a\":True}]", "Line 1, column 7: True is written true in JSON.");
    check("[{\"a\":x}]", "Line 1, column 7: “x” is no value. A text needs quotes.");
    check(
        "[{\"a\":012}]",
        "Line 1, column 7: “012” is no number. If it is a text, put it in quotes.",
    );
    check(
        "[{\"a\":\"x\n\"}]",
        "Line 1, column 7: the text that begins here has no closing quote on its line. A line break inside a text is written \\n.",
    );
    check(
        "[{\"a\":\"x",
        "Line 1, column 7: the text that begins here has no closing quote. Perhaps the file was cut off.",
    );
    check(
        "[{\"a\":1}",
        "Line 1, column 9: the file ends before its last bracket. Perhaps it was cut off.",
    );
    check(
        "[{\"a\":\"\\x\"}]",
        "Line 1, column 8: after \\ belongs one of \" \\ / b f n r t, or u and four digits; a backslash itself is written \\\\.",
    );
    check(
        "[{\"a\":\"\\ud800\"}]",
        "Line 1, column 8: after \\ belongs one of \" \\ / b f n r t, or u and four digits; a backslash itself is written \\\\.",
    );
    check("[] x", "Line 1, column 4: the list has ended, but something follows.");
    check("[// x\n]", "Line 1, column 2: JSON has no comments.");
    check(
        "{\"name\":1},\n{\"name\":2}",
        "Line 1, column 11: there is a comma too many, or a value missing before it.",
    );
}

#[test]
fn other_refusals() {
    let check = |text: &str, code: FileCode, line: u32| {
        let error = rows(text).unwrap_err();
        assert_eq!((error.code, error.line), (code, Some(line)), "{text}");
    };
    check("{\"x\":1}", FileCode::JsonNotAList, 1);
    check("\n{\"technicians\":{\"a\":1}}", FileCode::JsonNotAList, 2);
    check("[{\"a\":\n\"\\u0000\"}]", FileCode::Encoding, 2);
    check(&format!("\n{}{}", "[".repeat(33), "]".repeat(33)), FileCode::JsonTooDeep, 2);
    assert!(rows(&format!("{}{}", "[".repeat(32), "]".repeat(32))).is_ok());
    let keys: Vec<_> = (0..257).map(|key| format!("\"{key}\":1")).collect();
    check(&format!("[{{{}}}]", keys.join(",")), FileCode::TooManyColumns, 1);
}
