//! What holds for every file.

use proptest::prelude::*;
use roster::fields::{Draft, Field, check_draft};
use roster::id::GroupId;
use roster::import::{
    Choices, Delimiter, ExportedRow, RowStatus, Sheet, SubmittedRow, check_submitted, checked_row,
    example_csv, example_json, export_csv, export_json, failed_csv, read,
};
use roster::password::Strength;

use crate::{checked, easy, read_found, strict, values};

/// All that may be done with a file, whatever it holds.
fn use_all(bytes: &[u8], choices: &Choices) {
    let Ok(sheet) = read(bytes, choices, &mut |_| ()) else { return };
    for rules in [easy(), strict()] {
        let checked = checked(&sheet, &rules);
        let mut rows = Vec::new();
        for row in 0..sheet.row_count() {
            let problems = checked.problems_of(&sheet, row);
            let submitted = sheet.submitted(row, &checked);
            let json = serde_json::to_string(&submitted).unwrap();
            let submitted: SubmittedRow = serde_json::from_str(&json).unwrap();
            let (ready, again) = check_submitted(&submitted, &rules);
            assert_eq!(again, problems);
            assert_eq!(ready.is_some(), checked.status(row) != RowStatus::Error);
            serde_json::to_string(&checked_row(&sheet, &checked, row)).unwrap();
            rows.push((row, problems));
        }
        assert_comes_back(&sheet, &failed_csv(&sheet, &rows));
    }
}

/// The file of failed rows, if all had failed, brings the same rows again; passwords apart.
fn assert_comes_back(sheet: &Sheet, file: &[u8]) {
    let choices =
        Choices { delimiter: sheet.delimiter().or(Some(Delimiter::Comma)), ..Choices::default() };
    let again = read(file, &choices, &mut |_| ()).unwrap();
    assert_eq!(again.row_count(), sheet.row_count());
    for row in 0..sheet.row_count() {
        if sheet.width(row) > sheet.headers().len() {
            continue;
        }
        let [mut before, mut after] = [values(sheet, row), values(&again, row)];
        before[Field::Password.index()].clear();
        after[Field::Password.index()].clear();
        assert_eq!(after, before);
    }
}

/// Text with all that is special in it.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[=+@',;\"\n\r\t |_a-z0-9é\u{301}\u{200b}\u{a0}а山\\-]{0,8}",
        "[a-c]{1,2}@[a-c]{1,2}\\.(test|тест)",
        Just("true".to_owned()),
        Just("WAHR".to_owned()),
        any::<String>(),
    ]
}

fn csv_file() -> impl Strategy<Value = String> {
    let row = proptest::collection::vec(cell(), 0..6);
    (proptest::collection::vec(row, 1..8), 0..3_usize).prop_map(|(rows, quoting)| {
        let mut text = "Name,Email,Password,Single Sign-On ID,Enabled\n".to_owned();
        for (number, row) in rows.iter().enumerate() {
            let cells = row.iter().map(|cell| match (number + quoting) % 3 {
                0 => cell.clone(),
                _ => format!("\"{}\"", cell.replace('"', "\"\"")),
            });
            text.push_str(&cells.collect::<Vec<_>>().join(","));
            text.push('\n');
        }
        text
    })
}

fn draft() -> impl Strategy<Value = Draft> {
    let texts = (cell(), cell(), "[+=a-zé'-]{1,5}", cell(), cell());
    (texts, any::<[bool; 3]>()).prop_map(|((name, nickname, local, sso_id, description), yes)| {
        Draft {
            name,
            nickname,
            email: format!("{local}@example.test"),
            password: None,
            sso_id,
            description,
            enabled: yes[0],
            standard_license: yes[1],
            mobile_license: yes[2],
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        use_all(&bytes, &Choices::default());
    }

    #[test]
    fn arbitrary_csv_is_checked_alike_everywhere(text in csv_file()) {
        use_all(text.as_bytes(), &Choices { delimiter: Some(Delimiter::Comma), ..Choices::default() });
    }

    #[test]
    fn arbitrary_json_is_checked_alike_everywhere(
        rows in proptest::collection::vec(proptest::collection::vec((0..12_usize, cell()), 0..6), 1..6),
        cut in 0..400_usize,
    ) {
        let keys = Field::ALL.map(Field::key);
        let objects = rows.iter().map(|row| {
            let members = row.iter().map(|(key, text)| {
                let key = keys.get(*key).copied().unwrap_or("other");
                format!("{}:{}", serde_json::json!(key), serde_json::json!(text))
            });
            format!("{{\"name\":\"x\",\"email\":\"x@x.test\",\"other\":[]\n,{}}}", members.collect::<Vec<_>>().join(","))
        });
        let text = format!("[{}]", objects.collect::<Vec<_>>().join(",\n"));
        use_all(text.as_bytes(), &Choices::default());
        let cut: String = text.chars().take(cut).collect();
        use_all(cut.as_bytes(), &Choices::default());
    }

    #[test]
    fn what_is_exported_imports_as_the_same(drafts in proptest::collection::vec(draft(), 1..5), group in 1..i64::MAX) {
        let person = |draft: &Draft| check_draft(draft, Strength::Good, "").ok();
        let rows: Vec<ExportedRow> = drafts
            .iter()
            .filter_map(person)
            .map(|person| ExportedRow {
                person,
                group: Some(GroupId(group)),
                group_path: Some("=Europe/Tier, 1".to_owned()),
            })
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        for file in [export_csv(&rows), export_json(&rows)] {
            let sheet = read_found(&file).unwrap();
            prop_assert_eq!(sheet.row_count(), rows.len());
            let checked = checked(&sheet, &strict());
            for (row, exported) in rows.iter().enumerate() {
                let mut submitted = sheet.submitted(row, &checked);
                // The rows are each their own file here: one email may stand twice.
                submitted.problems.clear();
                let (ready, problems) = check_submitted(&submitted, &strict());
                prop_assert_eq!(problems.iter().filter(|of| of.is_error()).count(), 0, "{:?}", problems);
                let ready = ready.unwrap();
                prop_assert_eq!(&ready.person, &exported.person);
                prop_assert_eq!(ready.group, exported.group);
                prop_assert_eq!(&ready.group_path, &exported.group_path);
            }
        }
    }

    #[test]
    fn the_encoding_changes_nothing(text in csv_file()) {
        let text = text.replace('\0', "");
        let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("\u{feff}{text}").encode_utf16().flat_map(bytes).collect()
        };
        let files = [
            format!("\u{feff}{text}").into_bytes(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
        ];
        let choices = Choices { delimiter: Some(Delimiter::Comma), ..Choices::default() };
        let read = |bytes: &[u8]| read(bytes, &choices, &mut |_| ());
        let expected = read(text.as_bytes());
        for file in files {
            match (&expected, read(&file)) {
                (Ok(expected), Ok(found)) => {
                    prop_assert_eq!(expected.row_count(), found.row_count());
                    for row in 0..found.row_count() {
                        prop_assert_eq!(values(expected, row), values(&found, row));
                    }
                }
                (Err(expected), Err(found)) => prop_assert_eq!(expected, &found),
                (expected, found) => prop_assert!(false, "{:?} {:?}", expected.is_ok(), found.is_ok()),
            }
        }
    }
}

#[test]
fn the_examples_are_clean() {
    for file in [example_csv(), example_json()] {
        let sheet = read_found(&file).unwrap();
        for strength in Strength::ALL {
            let rules = roster::import::Rules { strength, default_password_set: false, ..easy() };
            let checked = checked(&sheet, &rules);
            assert_eq!(checked.counts().ok, 2, "{:?}", checked.codes());
        }
    }
}
