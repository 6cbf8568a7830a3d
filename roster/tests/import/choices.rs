//! How a file is read where somebody says how, and where its heading is found.

use roster::fields::Field;
use roster::import::{Choices, FileCode, HeaderAt, Role, Sheet, read};

use crate::{checked, easy, read_found};

fn read_as(text: &str, choices: &Choices) -> Sheet {
    read(text.as_bytes(), choices, &mut |_| ()).unwrap()
}

fn header_at(header: HeaderAt) -> Choices {
    Choices { header: Some(header), lenient: true, ..Choices::default() }
}

#[test]
fn a_heading_below_a_title_is_found() {
    let check = |text: &str, line: u32, first_row: &str| {
        let sheet = read_found(text.as_bytes()).unwrap();
        assert_eq!((sheet.header_line(), sheet.cell(0, 0)), (Some(line), first_row), "{text:?}");
    };
    check("Name,Email\nA,a@x.test\n", 1, "A");
    check("Staff of 2026\n\nName,Email\nA,a@x.test\n", 3, "A");
    check("Staff;;\nprinted;by;me\nName;Email;Description\nA;a@x.test;x\n", 3, "A");
    check("sep=;\nStaff\nName;Email\nA;a@x.test\n", 3, "A");
    check(&format!("{}Name,Email\nA,a@x.test\n", "x\n".repeat(9)), 10, "A");
    let far = format!("{}Name,Email\nA,a@x.test\n", "x\n".repeat(10));
    assert_eq!(read_found(far.as_bytes()).unwrap_err().code, FileCode::MissingColumn);
}

#[test]
fn a_chosen_heading() {
    let text = "Staff\nA,B\nName,Email\nC,c@x.test\n";
    let check = |header: HeaderAt, line: Option<u32>, rows: usize, headers: &[&str]| {
        let sheet = read_as(text, &header_at(header));
        let found: Vec<_> = sheet.headers().iter().map(|header| header.text.as_str()).collect();
        assert_eq!((sheet.header_line(), sheet.row_count()), (line, rows), "{header:?}");
        assert_eq!(found, headers, "{header:?}");
    };
    check(HeaderAt::Line(2), Some(2), 2, &["A", "B"]);
    check(HeaderAt::Line(3), Some(3), 1, &["Name", "Email"]);
    check(HeaderAt::None, None, 4, &["Column 1", "Column 2"]);
    let beyond = read(text.as_bytes(), &header_at(HeaderAt::Line(9)), &mut |_| ()).unwrap_err();
    assert_eq!((beyond.code, beyond.line), (FileCode::NoRows, Some(9)));
}

#[test]
fn complaints_instead_of_a_refusal() {
    let text = "Nmae,Email,E-Mail\nA,a@x.test,b@x.test\n";
    let refused = read_found(text.as_bytes()).unwrap_err();
    let mut sheet = read_as(text, &Choices { lenient: true, ..Choices::default() });
    let complaints = sheet.complaints();
    assert_eq!(complaints[0], refused);
    assert_eq!(complaints[1].code, FileCode::MissingColumn);
    // A column that isn't there is said once, not on every row.
    assert_eq!(checked(&sheet, &easy()).counts().ok, 1);

    let name = Role::Field(Field::Name);
    sheet.set_roles(&[(0, name), (1, Role::Unknown)]);
    assert_eq!(sheet.complaints(), []);
    assert_eq!(
        (sheet.value(0, Field::Name), sheet.value(0, Field::Email)),
        ("A".into(), "b@x.test".into())
    );
    let roles = vec![(0, name), (1, Role::Unknown)];
    let at_once = read_as(text, &Choices { roles, ..Choices::default() });
    assert_eq!(at_once.headers(), sheet.headers());
}

#[test]
fn what_is_said_of_a_cell_counts_once_its_column_does() {
    let text = r#"[{"name":"A","email":"a@x.test","extra":[1]}]"#;
    let mut sheet = read_found(text.as_bytes()).unwrap();
    assert_eq!(checked(&sheet, &easy()).counts().ok, 1);
    sheet.set_roles(&[(2, Role::Field(Field::Description))]);
    assert_eq!(checked(&sheet, &easy()).counts().errors, 1);
}
