//! "What is kept in step", sentence by sentence.

use super::world::{OTHER, SALES, SUPPORT, TIER_2, World, check, email, guid, holder, person};
use crate::account::Role;
use crate::directory::plan::ExistingEmail::{Ask, Link, Refuse};
use crate::directory::protocol::{DisabledReason, Finding, Guid, Read};
use crate::id::GroupId;

#[test]
fn name_email_and_status_on_every_change() {
    check(|_| (), &[]);
    check(|it| it.seen(1).name = "Anna".into(), &["update 1: Anna <p1@x.test>"]);
    check(|it| it.seen(1).email = "anna@x.test".into(), &["update 1: Person 1 <anna@x.test>"]);
    // As it is written there, though it is the same address.
    check(|it| it.seen(1).email = "P1@X.test".into(), &["update 1: Person 1 <P1@X.test>"]);
    check(
        |it| {
            it.seen(1).name = "Anna".into();
            it.disable(1);
        },
        &["update 1: Anna <p1@x.test>", "disable 1: disabled"],
    );
}

#[test]
fn texts_are_cleaned_before_they_are_compared() {
    check(|it| it.seen(1).name = " Person 1\u{a0}".into(), &[]);
    check(|it| it.seen(1).name = "Pers\u{200b}on 1".into(), &[]);
    check(|it| it.seen(1).email = "p1@x.test ".into(), &[]);
    check(
        |it| {
            it.there(1).name = "Zoë".into();
            it.seen(1).name = "Zoe\u{308}".into();
        },
        &[],
    );
}

#[test]
fn a_new_person_becomes_a_technician_of_the_mapped_group() {
    check(|it| it.people.push(person(4)), &["create 4: Person 4 <p4@x.test> in 1001"]);
    let of = |groups: &'static [Guid]| {
        move |it: &mut World| {
            it.people.push(person(4));
            it.seen(4).group_guids = groups.to_vec();
        }
    };
    check(of(&[SALES]), &["create 4: Person 4 <p4@x.test> in 1002"]);
    // The first mapping, not the first group.
    check(of(&[SALES, SUPPORT]), &["create 4: Person 4 <p4@x.test> in 1001"]);
    check(of(&[OTHER, SALES]), &["create 4: Person 4 <p4@x.test> in 1002"]);
    check(of(&[OTHER]), &[]);
    check(of(&[]), &[]);
}

#[test]
fn a_disabled_new_person_is_not_created() {
    check(
        |it| {
            it.people.push(person(4));
            it.disable(4);
        },
        &[],
    );
    check(
        |it| {
            it.rules.existing_email = Link;
            it.known.holders.push(holder(50, "p4@x.test"));
            it.people.push(person(4));
            it.disable(4);
        },
        &[],
    );
}

#[test]
fn disabled_or_expired_there_is_disabled_here() {
    check(|it| it.disable(1), &["disable 1: disabled"]);
    check(
        |it| {
            it.seen(1).enabled = false;
            it.seen(1).reason = Some(DisabledReason::Expired);
        },
        &["disable 1: expired"],
    );
    check(|it| it.seen(1).enabled = false, &["disable 1: disabled"]);
    check(
        |it| {
            it.disable(1);
            it.there(1).enabled = false;
        },
        &[],
    );
}

#[test]
fn deleted_or_in_no_mapped_group_is_disabled() {
    check(|it| it.gone(1, Finding::NoSuchObject), &["disable 1: deleted"]);
    check(|it| it.gone(1, Finding::LeftGroups), &["disable 1: left_groups"]);
    check(
        |it| {
            it.gone(1, Finding::LeftGroups);
            it.there(1).enabled = false;
        },
        &[],
    );
    // Into another mapped group, whose Technician Group is another: nobody is moved.
    check(|it| it.seen(1).group_guids = vec![SALES], &[]);
}

#[test]
fn people_who_come_back_are_enabled() {
    let disabled = |by_sync: bool| {
        move |it: &mut World| {
            it.there(1).enabled = false;
            it.there(1).disabled_by_sync = by_sync;
        }
    };
    check(disabled(true), &["enable 1: came_back"]);
    check(disabled(false), &[]);
    check(
        |it| {
            disabled(true)(it);
            it.seen(1).read = Read::Unreadable;
        },
        &["fault 1: person.unreadable"],
    );
    check(
        |it| {
            disabled(true)(it);
            it.seen(1).group_guids.clear();
        },
        &[],
    );
}

#[test]
fn a_person_moved_by_hand_follows_only_in_status() {
    let moved = |it: &mut World| {
        it.there(1).group = Some(TIER_2);
        it.seen(1).name = "Anna".into();
    };
    check(moved, &[]);
    check(
        |it| {
            moved(it);
            it.seen(1).email = "nonsense".into();
        },
        &[],
    );
    check(
        |it| {
            moved(it);
            it.disable(1);
        },
        &["disable 1: disabled"],
    );
    check(
        |it| {
            moved(it);
            it.gone(1, Finding::NoSuchObject);
        },
        &["disable 1: deleted"],
    );
    check(
        |it| {
            moved(it);
            it.there(1).enabled = false;
            it.there(1).disabled_by_sync = true;
        },
        &["enable 1: came_back"],
    );
    check(
        |it| {
            moved(it);
            it.rules.follow_moved = true;
        },
        &["update 1: Anna <p1@x.test>"],
    );
}

#[test]
fn an_email_that_an_account_made_by_hand_has() {
    let of = |existing, change: fn(&mut World), expected: &[&str]| {
        check(
            |it| {
                it.rules.existing_email = existing;
                it.known.holders.push(holder(50, "P4@x.test"));
                it.people.push(person(4));
                change(it);
            },
            expected,
        );
    };
    of(Link, |_| (), &["link 4: account 50, same_email"]);
    of(Refuse, |_| (), &["fault 4: email.in_use"]);
    of(Ask, |_| (), &["fault 4: email.ask"]);
    of(Ask, |it| it.known.holders[0].agreed = Some(guid(4)), &["link 4: account 50, agreed"]);
    of(Ask, |it| it.known.holders[0].agreed = Some(guid(5)), &["fault 4: email.ask"]);
    for role in [Role::Administrator, Role::Master, Role::Holder] {
        for existing in [Link, Refuse, Ask] {
            check(
                |it| {
                    it.rules.existing_email = existing;
                    it.known.holders.push(holder(50, "p4@x.test"));
                    it.known.holders[0].role = role;
                    it.known.holders[0].agreed = Some(guid(4));
                    it.people.push(person(4));
                },
                &["fault 4: email.administrator"],
            );
        }
    }
    // Another directory's person, and the email of somebody who has an account already.
    of(Link, |it| it.known.holders[0].elsewhere = true, &["fault 4: email.in_use"]);
    of(
        Link,
        |it| {
            it.people.pop();
            it.seen(1).email = "p4@x.test".into();
        },
        &["fault 1: email.in_use"],
    );
}

#[test]
fn an_administrators_account_is_not_changed() {
    let of = |change: fn(&mut World), expected: &[&str]| {
        check(
            |it| {
                it.there(1).role = Role::Administrator;
                change(it);
            },
            expected,
        );
    };
    let told = ["fault 1: account.administrator"];
    of(|_| (), &[]);
    of(|it| it.disable(1), &told);
    of(|it| it.gone(1, Finding::NoSuchObject), &told);
    of(|it| it.seen(1).name = "Anna".into(), &told);
    of(|it| it.seen(1).email = String::new(), &[]);
    of(
        |it| {
            it.there(1).group = None;
            it.seen(1).name = "Anna".into();
        },
        &[],
    );
    of(
        |it| {
            it.people.push(person(4));
            it.seen(1).email = "anna@x.test".into();
            it.seen(4).email = "p1@x.test".into();
        },
        &["fault 1: account.administrator", "fault 4: email.administrator"],
    );
}

#[test]
fn new_people_fail_if_their_technician_group_was_deleted() {
    check(
        |it| {
            it.known.mappings[0].group = None;
            it.people.push(person(4));
            it.seen(1).name = "Anna".into();
        },
        &["update 1: Anna <p1@x.test>", "fault 4: group.unknown"],
    );
}

#[test]
fn people_are_identified_by_guid() {
    check(
        |it| {
            *it.seen(1) = person(9);
            it.people[0].guid = guid(1);
            it.people[0].group_guids = vec![SALES];
        },
        &["update 1: Person 9 <p9@x.test>"],
    );
    // Another object of the same name and email is somebody else.
    check(
        |it| {
            it.gone(1, Finding::NoSuchObject);
            it.people.push(person(1));
            it.people[2].guid = guid(4);
        },
        &[
            "create 4: Person 1 <p1@x.test> in 1001",
            "update 1: Person 1 <left-00000000-0000-0000-0000-000000000001@muster.invalid>",
            "disable 1: deleted",
        ],
    );
    check(
        |it| {
            it.there(1).group = Some(GroupId(7));
            it.there(1).placed = GroupId(7);
            it.there(1).email = email("old@x.test");
        },
        &["update 1: Person 1 <p1@x.test>"],
    );
}
