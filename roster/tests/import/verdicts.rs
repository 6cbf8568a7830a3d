//! A dry run beside a review: what is said of rows, and when it no longer holds.

use roster::fields::Field;
use roster::id::{AccountId, GroupId};
use roster::import::{
    Difference, Expected, Filter, Mend, Review, Update, Verdict, VerdictCounts, VerdictKind,
};
use roster::problem::{Code, Problem};

use crate::{read_found, strict};

const FILE: &[u8] = b"Name,Email,Technician Group ID,Description\n\
    A,a@x.test,7,\nB,b@x.test,7,\nC,c@x.test,8,\nD,d,8,\nE,e@x.test,7,one,two\n";

fn review() -> Review {
    let mut review = Review::new(read_found(FILE).unwrap(), strict(), &mut |_| ());
    assert_eq!(review.uncompared(9), [0, 1, 2]);
    let update = Update {
        account: AccountId(5),
        version: 3,
        differences: vec![Difference { field: Field::Name, before: "Old".to_owned() }],
    };
    let unknown = Problem::on(Field::Group, Code::GroupUnknown, "There is no group 7.");
    review.put_verdicts(
        &[0, 1, 2],
        vec![Verdict::Conflict(unknown), Verdict::Create, Verdict::Update(update)],
    );
    review
}

#[test]
fn rows_by_verdict() {
    let review = review();
    let counts = VerdictCounts { create: 1, update: 1, conflict: 1, ..VerdictCounts::default() };
    assert_eq!(review.verdict_counts(), counts);
    let check = |filter: Filter, expected: &[u32]| assert_eq!(review.rows(filter), expected);
    check(Filter::Conflict, &[0]);
    check(Filter::Create, &[1]);
    check(Filter::Update, &[2]);
    check(Filter::Unchanged, &[]);
    check(Filter::Errors, &[3, 4]);
    assert_eq!(review.differences(2)[0].before, "Old");
    assert_eq!(review.submitted(1).expected, Some(Expected::Nobody));
    let account = Expected::Account { id: AccountId(5), version: 3 };
    assert_eq!(review.submitted(2).expected, Some(account));
    assert!(review.problems_of(0).iter().any(|problem| problem.code == Code::GroupUnknown));
    assert_eq!(review.next_problem(None, true), Some((0, 2)));
    assert_eq!(review.compare_row(0).map(|row| row.email).as_deref(), Some("a@x.test"));
    assert_eq!(review.compare_row(3), None);
}

#[test]
fn another_group_for_all_rows_of_one() {
    let mut review = review();
    let cause = review.causes().into_iter().find(|of| of.code == Code::GroupUnknown).unwrap();
    assert_eq!((cause.value.as_deref(), cause.rows), (Some("7"), 1));
    assert!(cause.mends[0].needs_group);
    // Who wasn't told of yet has the same group.
    assert_eq!(review.mend(&Mend::Group { value: "7".to_owned(), to: GroupId(9) }), 2);
    assert_eq!(review.sheet().cell(1, 2), "9");
    assert_eq!(review.uncompared(9), [0, 1]);
    assert_eq!(review.verdict(2), Some(VerdictKind::Update));
    assert!(review.causes().iter().all(|of| of.code != Code::GroupUnknown));
}

#[test]
fn a_change_of_a_row_drops_its_verdict() {
    let mut review = review();
    review.leave_out(1, true);
    review.leave_out(1, false);
    review.edit(2, 0, "Carl");
    assert_eq!(review.uncompared(9), [1, 2]);
    review.set_rules(strict(), &mut |_| ());
    assert_eq!(review.verdict_counts().uncompared, 3);
}

#[test]
fn surplus_cells_are_joined() {
    let mut review = review();
    assert_eq!(review.mend(&Mend::JoinSurplus), 1);
    assert_eq!((review.sheet().cell(4, 3), review.sheet().width(4)), ("one,two", 4));
    assert_eq!(review.uncompared(9), [4]);
    review.undo();
    assert_eq!((review.sheet().cell(4, 3), review.sheet().width(4)), ("one", 5));
}
