//! Emails that change hands within a run, and people whose email is wrong.

use super::world::{World, check, person};
use crate::directory::plan::ExistingEmail;

fn emails(world: &mut World, emails: &[(u32, &str)]) {
    for (number, email) in emails {
        if !world.people.iter().any(|it| it.guid == person(*number).guid) {
            world.people.push(person(*number));
        }
        world.seen(*number).email = (*email).to_owned();
    }
}

#[test]
fn a_persons_fault_is_theirs() {
    let of = |name: &str, email: &str, code: &str| {
        check(
            |it| {
                it.people.extend([person(4), person(5)]);
                it.seen(4).name = name.to_owned();
                it.seen(4).email = email.to_owned();
            },
            &["create 5: Person 5 <p5@x.test> in 1001", &format!("fault 4: {code}")],
        );
        // Of somebody known the status is followed all the same.
        check(
            |it| {
                it.seen(1).name = name.to_owned();
                it.seen(1).email = email.to_owned();
                it.disable(1);
            },
            &["disable 1: disabled", &format!("fault 1: {code}")],
        );
    };
    of("Anna", "", "email.required");
    of("Anna", " \u{a0}", "email.required");
    of("Anna", "anna", "email.invalid");
    of("Anna", &format!("{}@x.test", "a".repeat(65)), "email.too_long");
    of("\u{200b}", "anna@x.test", "name.required");
    of(&"山".repeat(129), "anna@x.test", "name.too_long");
    of("", "", "name.required");
}

#[test]
fn of_several_with_one_email_who_has_it_keeps_it() {
    let of = |them: &[(u32, &str)], expected: &[&str]| check(|it| emails(it, them), expected);
    let double = |number| format!("fault {number}: email.duplicate_in_source");
    of(&[(4, "P1@x.test")], &[&double(4)]);
    of(&[(2, "p1@x.test")], &[&double(2)]);
    of(&[(4, "new@x.test"), (5, "New@x.test")], &[&double(4), &double(5)]);
    of(&[(1, "new@x.test"), (5, "New@x.test")], &[&double(1), &double(5)]);
    // The domain in letters and in its encoding is one.
    of(&[(4, "a@exämple.test"), (5, "a@xn--exmple-cua.test")], &[&double(4), &double(5)]);
    check(
        |it| {
            emails(it, &[(4, "new@x.test"), (5, "new@x.test")]);
            it.disable(4);
        },
        &["create 5: Person 5 <new@x.test> in 1001"],
    );
}

#[test]
fn emails_change_hands() {
    let of = |them: &[(u32, &str)], expected: &[&str]| check(|it| emails(it, them), expected);
    of(
        &[(1, "p2@x.test"), (2, "p1@x.test")],
        &["update 1: Person 1 <p2@x.test>", "update 2: Person 2 <p1@x.test>"],
    );
    of(
        &[(1, "p2@x.test"), (2, "p3@x.test"), (3, "p1@x.test")],
        &[
            "update 1: Person 1 <p2@x.test>",
            "update 2: Person 2 <p3@x.test>",
            "update 3: Person 3 <p1@x.test>",
        ],
    );
    of(
        &[(1, "new@x.test"), (2, "p1@x.test"), (4, "p2@x.test")],
        &[
            "create 4: Person 4 <p2@x.test> in 1001",
            "update 1: Person 1 <new@x.test>",
            "update 2: Person 2 <p1@x.test>",
        ],
    );
}

#[test]
fn who_keeps_their_email_is_in_the_way_of_the_whole_chain() {
    let stuck = ["fault 2: email.in_use", "fault 4: email.in_use"];
    let chain = [(2, "p1@x.test"), (4, "p2@x.test")];
    let of = |change: fn(&mut World), first: &[&str]| {
        let expected: Vec<&str> = first.iter().copied().chain(stuck).collect();
        check(
            |it| {
                emails(it, &chain);
                change(it);
            },
            &expected,
        );
    };
    of(|it| it.seen(1).email = "nonsense".into(), &["fault 1: email.invalid"]);
    of(
        |it| {
            it.rules.existing_email = ExistingEmail::Link;
            it.known.holders.push(super::world::holder(50, "taken@x.test"));
            it.seen(1).email = "taken@x.test".into();
        },
        &["fault 1: email.in_use"],
    );
    of(
        |it| {
            it.there(1).group = None;
            it.seen(1).email = "other@x.test".into();
        },
        &[],
    );
    of(
        |it| {
            it.people.remove(0);
        },
        &[],
    );
}
