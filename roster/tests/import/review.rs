//! A file under review: whatever is edited, left out, mended and undone, what is shown is what a
//! check of the whole would find.

use std::fmt::Write;

use proptest::prelude::*;
use roster::fields::Field;
use roster::id::GroupId;
use roster::import::{
    Cause, Checked, Choices, Delimiter, Finding, Mend, Review, Role, Rules, Sheet, read,
};

use crate::{checked, easy, read_found, strict};

fn review(text: &str, rules: Rules) -> Review {
    Review::new(read_found(text.as_bytes()).unwrap(), rules, &mut |_| ())
}

/// All that can be seen of a sheet.
fn cells(sheet: &Sheet) -> Vec<(bool, Vec<String>)> {
    let row = |row: usize| {
        let cells = (0..sheet.width(row)).map(|column| sheet.cell(row, column).to_owned());
        (sheet.is_left_out(row), cells.collect())
    };
    (0..sheet.row_count()).map(row).collect()
}

fn all(
    checked: &Checked,
    rows: usize,
) -> (Vec<Finding>, Vec<roster::import::RowStatus>, roster::import::Counts) {
    let statuses = (0..rows).map(|row| checked.status(row)).collect();
    (checked.findings().to_vec(), statuses, checked.counts())
}

fn assert_whole(review: &Review) {
    let sheet = review.sheet();
    let rows = sheet.row_count();
    let expected = checked(sheet, review.checked().rules());
    assert_eq!(all(review.checked(), rows), all(&expected, rows));
}

#[test]
fn rows_are_found_by_what_stands_in_them() {
    let file = "Name,Email,Password,Remark\n\
                Zoë Müller,zoe@x.test,Vq7!mReXb2,from 4\n\
                Bo,BO@x.test,zoe,\n\
                ,,,\"Zoe’s \nteam\"\n\
                Ada,ada@x.test,,old";
    let review = review(file, easy());
    let check = |text: &str, expected: &[u32]| {
        assert_eq!(review.with_text(vec![0, 1, 2, 3], text), expected, "{text}");
    };
    check("ZOE", &[0, 2]);
    check("muller", &[0]);
    check(" bo@X ", &[1]);
    check("x.test", &[0, 1, 3]);
    check("nobody", &[]);
    // The line, too.
    check("4", &[0, 2]);
    check("6", &[3]);
    check("vq7", &[]);
    assert_eq!(review.with_text(vec![1, 3], "x.test"), [1, 3]);
}

/// What is likely to concern another row, or to be wrong.
fn cell() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "",
        "Anna",
        "An\u{200b}na",
        "a@x.test",
        "A@x.test",
        "b@x.test",
        "а@x.test",
        "b@x,test",
        "b @x.test",
        "mailto:b@x.test",
        "anna.bauer@x.test",
        "=1@x.test",
        "yes",
        "perhaps",
        "7",
        "ID 7",
        "Support",
        "short",
        "Vq7!mReXb2",
        "\"quoted\"tail",
        "\"a\nb\"",
    ])
    .prop_map(str::to_owned)
    .boxed()
    .prop_union(Just("word ".repeat(30)).boxed())
}

const HEADINGS: [&str; 3] = [
    "Name,Email,Single Sign-On ID,Password,Enabled,Technician Group ID,Description",
    "First name,Last name,Email,Enabled,SSO ID,Description",
    "Email,Group ID,Name,Other",
];

fn file() -> impl Strategy<Value = String> {
    let row = prop::collection::vec(cell(), 1..9).boxed();
    (0..HEADINGS.len(), prop_oneof![15 => prop::collection::vec(row.clone(), 1..12), 1 => prop::collection::vec(row, 34..40)]).prop_map(|(heading, rows)| {
        let rows = rows.iter().map(|row| row.join(","));
        let lines: Vec<String> =
            std::iter::once(HEADINGS[heading].to_owned()).chain(rows).collect();
        lines.join("\n")
    })
}

#[derive(Clone, Debug)]
enum Act {
    Edit(usize, usize, String),
    LeaveOut(usize),
    Mend(usize, usize),
    Undo,
    Redo,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..12_usize, 0..9_usize, cell()).prop_map(|(row, column, text)| Act::Edit(row, column, text)),
        2 => (0..12_usize).prop_map(Act::LeaveOut),
        3 => (0..12_usize, 0..3_usize).prop_map(|(cause, mend)| Act::Mend(cause, mend)),
        1 => Just(Act::Undo),
        1 => Just(Act::Redo),
    ]
}

fn read_lenient(text: &str) -> Option<Sheet> {
    let choices =
        Choices { delimiter: Some(Delimiter::Comma), lenient: true, ..Choices::default() };
    read(text.as_bytes(), &choices, &mut |_| ()).ok()
}

/// The mend, with a group where it needs one.
fn ready(mend: &Mend) -> Mend {
    match mend {
        Mend::Group { value, .. } => Mend::Group { value: value.clone(), to: GroupId(9) },
        other => other.clone(),
    }
}

fn take(review: &mut Review, act: &Act) {
    match act {
        Act::Edit(row, column, text) => review.edit(*row, *column, text),
        Act::LeaveOut(row) => review.leave_out(*row, !review.sheet().is_left_out(*row)),
        Act::Mend(cause, mend) => {
            let causes = review.causes();
            let mends = causes.get(*cause).map_or(&[][..], |cause| &cause.mends);
            if let Some(offer) = mends.get(*mend) {
                assert_mends(review, &causes[*cause], &ready(&offer.mend), offer.rows);
            }
        }
        Act::Undo => drop(review.undo()),
        Act::Redo => drop(review.redo()),
    }
}

/// A mend takes the problem from as many rows as it says, and touches no row without it.
fn assert_mends(review: &mut Review, cause: &Cause, mend: &Mend, rows: u32) {
    let code = cause.code;
    let has = |review: &Review, row: usize| {
        let mut of_row = review.checked().findings_of(row).iter();
        of_row.any(|finding| finding.code == code)
    };
    let count = review.sheet().row_count();
    let before = cells(review.sheet());
    let had: Vec<bool> = (0..count).map(|row| has(review, row)).collect();
    assert_eq!(review.mend(mend), rows, "{mend:?}");
    let after = cells(review.sheet());
    let mut mended = 0;
    for row in 0..count {
        assert!(had[row] || before[row] == after[row], "{mend:?} touched row {row}");
        mended += u32::from(had[row] && !has(review, row));
    }
    assert!(mended >= rows, "{mend:?} mended {mended} of {rows}");
    assert!(rows > 0);
    review.undo();
    assert_eq!(cells(review.sheet()), before);
    review.redo();
    assert_eq!(cells(review.sheet()), after);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_shown_is_what_a_check_finds(
        text in file(),
        acts in prop::collection::vec(act(), 0..12),
        group_chosen: bool,
        default_password_set: bool,
    ) {
        let rules = Rules { group_chosen, default_password_set, ..easy() };
        let Some(sheet) = read_lenient(&text) else { return Ok(()) };
        let mut review = Review::new(sheet, rules, &mut |_| ());
        let original = cells(review.sheet());
        assert_whole(&review);
        for act in &acts {
            take(&mut review, act);
            assert_whole(&review);
        }
        let edited = cells(review.sheet());
        let mut undone = 0;
        while review.undo().is_some() {
            assert_whole(&review);
            undone += 1;
        }
        assert_eq!(cells(review.sheet()), original);
        for row in 0..review.sheet().row_count() {
            assert!((0..10).all(|column| !review.is_changed(row, column)));
        }
        for _ in 0..undone {
            review.redo();
        }
        if review.steps().1 == 0 {
            assert_eq!(cells(review.sheet()), edited);
        }
        review.set_roles(&[(1, Role::Field(Field::Description))], &mut |_| ());
        assert_whole(&review);
    }
}

#[test]
fn an_edit_makes_and_unmakes_duplicates() {
    let mut review = review("Name,Email\nA,a@x.test\nB,b@x.test\nC,a@x.test\n", easy());
    let others = |review: &Review| -> Vec<(u32, u32)> {
        review.checked().findings().iter().map(|finding| (finding.row, finding.other)).collect()
    };
    assert_eq!(others(&review), [(2, 0)]);
    review.edit(1, 1, "A@x.test");
    assert_eq!(others(&review), [(1, 0), (2, 0)]);
    review.leave_out(0, true);
    assert_eq!(others(&review), [(2, 1)]);
    assert_eq!(review.checked().counts().left_out, 1);
    assert!(review.submitted(0).left_out);
    assert_eq!(review.undo().as_deref(), Some("Line 2 left out"));
    assert_eq!(review.undo().as_deref(), Some("Email on line 3"));
    assert_eq!(others(&review), [(2, 0)]);
    assert_eq!(review.steps(), (0, 2));
    review.edit(2, 1, "c@x.test");
    assert_eq!((others(&review), review.steps()), (vec![], (1, 0)));
    assert!(review.is_changed(2, 1) && !review.is_changed(1, 1));
}

#[test]
fn a_short_row_can_be_filled() {
    let mut review = review("Name,Email,Description\nA\nB,b@x.test,b\n", easy());
    review.edit(0, 1, "a@x.test");
    assert_eq!(review.checked().counts().ok, 2);
    assert_eq!(review.sheet().cell(1, 2), "b");
    review.undo();
    assert_eq!((review.sheet().width(0), review.checked().counts().errors), (1, 1));
}

#[test]
fn causes_in_words() {
    let mut text = "Name,Email,Enabled,Technician Group ID,Password\n".to_owned();
    text.push_str("A,a@x,test,,,\n");
    text.push_str(
        "\"A\",\"a@x,test\",yes,1,\nB,\"b@x,test\",perhaps,1,\n,carl.cox@x.test,no,ID 2,\n",
    );
    text.push_str("D,d,perhaps,Support,weak\nE,carl.cox@x.test,,,\n");
    let review = review(&text, strict());
    let mut shown = String::new();
    for cause in review.causes() {
        let mends = cause
            .mends
            .iter()
            .map(|offer| format!(" [{} {} {:?}]", offer.label, offer.rows, offer.samples));
        let _ = writeln!(shown, "{}{}", cause.title, mends.collect::<String>());
    }
    expect_test::expect![[r#"
        2 emails have a comma where a dot belongs [Mend all 2 [("a@x,test", "a@x.test"), ("b@x,test", "b@x.test")]]
        2 rows have “perhaps” in Enabled, neither yes nor no [Take it as yes 2 [("perhaps", "yes"), ("perhaps", "yes")]] [Take it as no 2 [("perhaps", "no"), ("perhaps", "no")]]
        1 row has more cells than the heading [Leave them out 1 []]
        1 row has no name [Take the names from the emails 1 [("", "Carl Cox")]]
        1 row has a group ID with something beside the number [Take the number 1 [("ID 2", "2")]]
        1 email is no address
        1 password is too weak
        1 row has “Support” where a group’s number belongs [Choose a group 1 []]
        1 row repeats an email from above [Leave the repeats out 1 []]
        1 row names no Technician Group [Choose a group 1 []]
        4 rows have no password
    "#]].assert_eq(&shown);
}

#[test]
fn from_problem_to_problem() {
    let review = review("Name,Email\nA,a\n,b\nC,c@x.test\nD,d\n", easy());
    let mut at = None;
    let mut cells = Vec::new();
    while let Some(next) = review.next_problem(at, true) {
        cells.push(next);
        at = Some(next);
    }
    assert_eq!(cells, [(0, 1), (1, 0), (1, 1), (3, 1)]);
    let mut back = vec![(3, 1)];
    while let Some(next) = review.next_problem(back.last().copied(), false) {
        back.push(next);
    }
    back.reverse();
    assert_eq!(back, cells);
    assert_eq!(review.next_problem(None, false), Some((3, 1)));
}
