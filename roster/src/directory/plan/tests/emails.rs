//! Emails that change hands within a run, and people whose email is wrong.

use super::world::{SALES, World, check, holder, person};
use crate::account::Role;
use crate::directory::plan::ExistingEmail;
use crate::directory::protocol::{Finding, GroupStatus};

fn emails(world: &mut World, emails: &[(u32, &str)]) {
    for (number, email) in emails {
        if !world.people.iter().any(|it| it.guid == person(*number).guid) {
            world.people.push(person(*number));
        }
        world.seen(*number).email = (*email).to_owned();
    }
}

#[test]
fn each_persons_fault_has_its_code() {
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
fn of_several_people_with_one_email_its_owner_keeps_it() {
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
fn a_person_who_keeps_their_email_blocks_the_whole_chain() {
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
            it.known.holders.push(holder(50, "taken@x.test"));
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

/// The steps for Person 1, who is gone, and for the new Person 4, who has their email.
const PARTED: &str =
    "update 1: Person 1 <left-00000000-0000-0000-0000-000000000001@muster.invalid>";
const JOINED: &str = "create 4: Person 4 <p1@x.test> in 1001";

/// Person 1 is gone, and Person 4 is new and has their email; then `change`.
#[track_caller]
fn check_email_of_leaver(change: &dyn Fn(&mut World), expected: &[&str]) {
    check(
        |it| {
            it.gone(1, Finding::NoSuchObject);
            emails(it, &[(4, "p1@x.test")]);
            change(it);
        },
        expected,
    );
}

#[test]
fn the_email_of_a_leaver_goes_to_the_person_who_has_it_now() {
    let of = check_email_of_leaver;
    let earlier = |it: &mut World| {
        it.absent.clear();
        (it.there(1).enabled, it.there(1).disabled_by_sync) = (false, true);
    };
    of(&|_| (), &[JOINED, PARTED, "disable 1: deleted"]);
    of(
        &|it| it.absent[0].finding = Finding::LeftGroups,
        &[JOINED, PARTED, "disable 1: left_groups"],
    );
    of(&earlier, &[JOINED, PARTED]);
    // Somebody else who is there already.
    of(
        &|it| {
            it.people.pop();
            it.seen(2).email = "p1@x.test".into();
        },
        &[PARTED, "update 2: Person 2 <p1@x.test>", "disable 1: deleted"],
    );
    // Which of two is to have it, nobody knows.
    let twice = [
        "disable 1: deleted",
        "fault 4: email.duplicate_in_source",
        "fault 5: email.duplicate_in_source",
    ];
    of(&|it| emails(it, &[(5, "p1@x.test")]), &twice);
}

#[test]
fn a_person_who_may_still_be_there_keeps_their_email() {
    let of = check_email_of_leaver;
    let in_use = "fault 4: email.in_use";
    of(&|it| it.absent[0].finding = Finding::Unreadable, &["fault 1: person.unreadable", in_use]);
    of(&|it| it.absent.clear(), &[in_use]);
    of(&|it| it.status[1] = GroupStatus::Partial, &[in_use]);
    // Disabled by a person; moved by one; an administrator by now.
    of(
        &|it| {
            it.absent.clear();
            it.there(1).enabled = false;
        },
        &[in_use],
    );
    of(&|it| it.there(1).group = None, &["disable 1: deleted", in_use]);
    of(
        &|it| it.there(1).role = Role::Administrator,
        &["fault 1: account.administrator", "fault 4: email.administrator"],
    );
    // What they would get instead is somebody else's.
    of(
        &|it| {
            it.known
                .holders
                .push(holder(50, "left-00000000-0000-0000-0000-000000000001@muster.invalid"));
        },
        &["disable 1: deleted", in_use],
    );
    // Of a group that is gone nobody has said what is meant for its people.
    of(
        &|it| {
            it.status[1] = GroupStatus::NotFound;
            it.there(1).seen_in = Some(vec![SALES]);
        },
        &[in_use],
    );
}

#[test]
fn an_email_waits_with_the_person_who_has_it() {
    let mut world = World::in_step(20);
    (1..=6).for_each(|number| world.gone(number, Finding::LeftGroups));
    emails(&mut world, &[(30, "p1@x.test"), (31, "new@x.test")]);
    // A chain: what somebody leaves who waits isn't free either.
    emails(&mut world, &[(20, "p2@x.test"), (32, "p20@x.test")]);
    let held = world.plan().unwrap();
    let waiting = held.held.clone().unwrap().waiting;
    let numbers = |kind: &str| -> Vec<u128> {
        let of_kind = waiting.iter().filter(|step| step.label() == kind);
        of_kind.map(|step| step.guid().0.as_u128()).collect()
    };
    assert_eq!(numbers("Create"), [30, 32]);
    assert_eq!(numbers("Update"), [1, 2, 20]);
    assert_eq!(numbers("Disable"), [1, 2, 3, 4, 5, 6]);
    assert_eq!(held.creates.len(), 1, "who needs nothing of it goes on");
    assert!(held.updates.is_empty() && held.disables.is_empty());
}
