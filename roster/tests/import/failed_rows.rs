//! The file of failed rows: in the file's own columns, without a password, and ready to be
//! repaired and imported again.

use roster::fields::Field;
use roster::import::{FailedRow, Filter, Sheet, failed_csv, failed_csv_from};
use roster::problem::{Code, Problem};

use crate::{checked, easy, read_found, strict};

fn failed(sheet: &Sheet) -> String {
    let checked = checked(sheet, &easy());
    let rows: Vec<_> = checked
        .rows(Filter::Errors)
        .into_iter()
        .map(|row| usize::try_from(row).unwrap())
        .map(|row| (row, checked.problems_of(sheet, row)))
        .collect();
    let text = String::from_utf8(failed_csv(sheet, &rows)).unwrap();
    text.strip_prefix('\u{feff}').expect("a byte order mark").replace("\r\n", "\n")
}

#[test]
fn in_the_files_own_columns_and_delimiter() {
    let file = "Shoe;E-Mail;Passwort;Name\n42;anna;gK7!wpZq;Anna\n43;b@x.test;;Bob\n=1+1;;;'=Cem\n";
    let sheet = read_found(file.as_bytes()).unwrap();
    expect_test::expect![[r"
        Shoe;E-Mail;Passwort;Name;_line;_error_code;_error
        42;anna;;Anna;2;email.invalid;“anna” is not an email address: it has no @; an address looks like anna@example.com.
        '=1+1;;;'=Cem;4;email.required;The Email is empty; it is required.
    "]]
    .assert_eq(&failed(&sheet).replace('"', ""));
}

#[test]
fn the_file_comes_back() {
    let file = "Name,Email,Description\nAnna,anna,\"two\nlines\"\n'=x,x,'@y\n";
    let once = failed(&read_found(file.as_bytes()).unwrap());
    let again = failed(&read_found(once.as_bytes()).unwrap());
    let without_line =
        |text: &str| text.replace(",4,email", ",email").replace(",2,email", ",email");
    assert_eq!(without_line(&once), without_line(&again));
    let repaired = once.replace(",anna,", ",anna@x.test,").replace(",x,", ",x@x.test,");
    let sheet = read_found(repaired.as_bytes()).unwrap();
    assert_eq!(checked(&sheet, &easy()).counts().ok, 2);
    assert_eq!(sheet.value(1, Field::Name), "=x");
}

#[test]
fn no_password_gets_out() {
    let check = |file: &str| {
        let sheet = read_found(file.as_bytes()).unwrap();
        let out = failed(&sheet);
        assert!(!out.contains("Geheim"), "{out}");
        let checked = checked(&sheet, &strict());
        for row in 0..sheet.row_count() {
            assert!(!format!("{:?}", sheet.submitted(row, &checked)).contains("Geheim"));
            let problems = checked.problems_of(&sheet, row);
            assert!(!serde_json::to_string(&problems).unwrap().contains("Geheim"));
        }
    };
    check("Name,Email,Password\nAnna,anna,Geheim!!77\n");
    check("Name,Email,Pasword\nAnna,anna,Geheim!!77\n");
    check("Name,Email,Old password\nAnna,anna,Geheim!!77\n");
    // A comma without quotes shifts the password by one.
    check("Name,Password,Email,Description\nMuster, Anna,Geheim!!77,anna@x.test,\n");
    check("[{\"name\":\"Anna\",\"email\":\"a\",\"password\":\"Geheim!!77\"}]");
}

#[test]
fn rows_with_cells_too_many_fail_again_until_they_are_repaired() {
    let sheet = read_found(b"Name,Email\nMuster, Anna,anna@x.test\n").unwrap();
    let out = failed(&sheet);
    let again = read_found(out.as_bytes()).unwrap();
    let checked = checked(&again, &easy());
    assert_eq!(checked.problems_of(&again, 0)[0].code, Code::RowTooManyCells);
}

#[test]
fn from_canonical_values_alone() {
    let sheet =
        read_found("Name;Hut;E-Mail;Kennwort\n-Anna;x;anna;Geheim!!77\n".as_bytes()).unwrap();
    let checked = checked(&sheet, &easy());
    let submitted = sheet.submitted(0, &checked);
    let problems = vec![Problem::of_row(Code::SeatsNoneLeft, "No seats.")];
    let row = FailedRow { line: submitted.line, values: submitted.values, problems };
    let columns: Vec<_> = sheet.headers().iter().map(|header| header.text.clone()).collect();
    let out = String::from_utf8(failed_csv_from(&columns, ';', [&row])).unwrap();
    expect_test::expect![[r"
        Name;Hut;E-Mail;Kennwort;_line;_error_code;_error
        '-Anna;;anna;;2;seats.none_left;No seats.
    "]]
    .assert_eq(&out.replace(['\r', '\u{feff}'], ""));
}

/// A row whose ID is another group's here stays one, however often its file comes back.
#[test]
fn the_path_of_a_group_goes_with_its_number() {
    let file =
        "Name,Email,Technician Group ID,Technician Group Path\nA,a@x.example,7,Europe/Tier 1\n";
    let sheet = read_found(file.as_bytes()).unwrap();
    let values = sheet.submitted(0, &checked(&sheet, &strict())).values;
    assert_eq!(values.group_path.as_deref(), Some("Europe/Tier 1"));
    let columns: Vec<String> = sheet.headers().iter().map(|of| of.text.clone()).collect();
    let row = FailedRow { line: 2, values: values.clone(), problems: Vec::new() };
    let failed = String::from_utf8(failed_csv_from(&columns, ',', [&row])).unwrap();
    assert!(failed.contains("A,a@x.example,7,Europe/Tier 1,2"), "{failed}");
    let mut by_hand = values;
    by_hand.set(Field::Group, "8");
    assert_eq!(by_hand.group_path, None);
}
