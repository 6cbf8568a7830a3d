//! "It must never disable the wrong people", sentence by sentence.

use super::world::{SALES, SUPPORT, World, check, guid, holder, known, lines, person, waiting};
use crate::directory::plan::{Approval, ExistingEmail, KnownPerson, Seen, plan};
use crate::directory::protocol::{
    Absent, Finding, GroupSeen, GroupStatus, Guid, HeldReason, PersonSeen, Read,
};

#[test]
fn an_incomplete_run_disables_nobody_for_absence() {
    for status in [GroupStatus::Partial, GroupStatus::Failed] {
        check(
            |it| {
                it.status[1] = status;
                it.people.push(person(4));
                it.seen(2).name = "Anna".into();
                it.disable(3);
                it.gone(1, Finding::NoSuchObject);
            },
            &[
                "create 4: Person 4 <p4@x.test> in 1001",
                "update 2: Anna <p2@x.test>",
                "disable 3: disabled",
            ],
        );
    }
    // A mapped group of which the run says nothing was not read.
    let mut world = World::in_step(2);
    world.gone(1, Finding::LeftGroups);
    let groups = &world.groups()[..1];
    let seen = Seen { people: &world.people, groups, absent: &world.absent };
    let planned = plan(seen, &world.known, &world.rules, &Approval::default()).unwrap();
    assert!(planned.is_empty() && !planned.complete && !planned.settles());
    assert_eq!(planned.unchanged, 2);
}

#[test]
fn only_a_confirmed_absence_counts() {
    check(|it| it.gone(1, Finding::Unreadable), &["fault 1: person.unreadable"]);
    // Of whom the run says nothing.
    check(|it| it.people.clear(), &[]);
    check(
        |it| {
            it.people.clear();
            it.known.mappings[0].members = 3;
        },
        &[],
    );
    check(|it| it.seen(1).group_guids.clear(), &[]);
    check(
        |it| {
            it.seen(1).group_guids.clear();
            it.absent.push(Absent { guid: guid(1), finding: Finding::LeftGroups });
        },
        &["disable 1: left_groups"],
    );
    // They were seen all the same.
    check(|it| it.absent.push(Absent { guid: guid(1), finding: Finding::NoSuchObject }), &[]);
    // Whoever isn't this source's.
    check(|it| it.absent.push(Absent { guid: guid(9), finding: Finding::NoSuchObject }), &[]);
}

#[test]
fn unreadable_people_stay_as_they_are() {
    check(
        |it| {
            it.disable(1);
            it.seen(1).name = String::new();
            it.seen(1).read = Read::Unreadable;
        },
        &["fault 1: person.unreadable"],
    );
}

#[test]
fn a_member_that_may_be_a_group_makes_nobody_absent() {
    let unknown = |it: &mut World, number: u32| {
        it.people.push(PersonSeen { read: Read::Unreadable, ..person(number) });
        it.gone(1, Finding::LeftGroups);
        it.gone(2, Finding::NoSuchObject);
    };
    check(|it| unknown(it, 4), &["fault 4: member.unknown"]);
    // It is a known person.
    check(
        |it| {
            let person = KnownPerson { enabled: false, ..known(4) };
            it.known.people.push(person);
            unknown(it, 4);
        },
        &["disable 1: left_groups", "disable 2: deleted", "fault 4: person.unreadable"],
    );
    // It is in no mapped group.
    check(
        |it| {
            unknown(it, 4);
            it.seen(4).group_guids.clear();
        },
        &["disable 1: left_groups", "disable 2: deleted"],
    );
}

/// Nobody is moved by a run: who is created in the wrong group stays there.
#[test]
fn nobody_is_created_while_an_earlier_group_is_unread() {
    let newcomer = |it: &mut World| {
        it.people.push(PersonSeen { group_guids: vec![SALES], ..person(4) });
    };
    check(newcomer, &["create 4: Person 4 <p4@x.test> in 1002"]);
    for status in [GroupStatus::Partial, GroupStatus::Failed] {
        check(
            |it| {
                newcomer(it);
                it.status[0] = status;
            },
            &["fault 4: group.uncertain"],
        );
    }
    // A member of the first that may be a group with them in it.
    check(
        |it| {
            newcomer(it);
            it.people.push(PersonSeen { read: Read::Unreadable, ..person(5) });
        },
        &["fault 4: group.uncertain", "fault 5: member.unknown"],
    );
    // One that counts after, or that leads to the same place, makes no difference.
    check(
        |it| {
            it.people.push(person(4));
            it.status[1] = GroupStatus::Partial;
        },
        &["create 4: Person 4 <p4@x.test> in 1001"],
    );
    check(
        |it| {
            newcomer(it);
            it.status[0] = GroupStatus::Partial;
            it.known.mappings[1].group = it.known.mappings[0].group;
        },
        &["create 4: Person 4 <p4@x.test> in 1001"],
    );
    // An account made by hand stays in its own group.
    check(
        |it| {
            newcomer(it);
            it.status[0] = GroupStatus::Partial;
            it.known.holders.push(holder(50, "p4@x.test"));
            it.rules.existing_email = ExistingEmail::Link;
        },
        &["link 4: account 50, same_email"],
    );
}

#[test]
fn people_of_a_group_that_is_gone_stay() {
    let of = |seen_in: Option<Vec<Guid>>, finding, expected: &[&str]| {
        check(
            |it| {
                it.status[1] = GroupStatus::NotFound;
                it.there(1).seen_in = seen_in.clone();
                it.gone(1, finding);
            },
            expected,
        );
    };
    let left = Finding::LeftGroups;
    of(Some(vec![SUPPORT]), left, &["disable 1: left_groups"]);
    of(Some(vec![SUPPORT]), Finding::NoSuchObject, &["disable 1: deleted"]);
    of(Some(vec![]), left, &["disable 1: left_groups"]);
    of(Some(vec![SALES]), left, &[]);
    of(Some(vec![SALES]), Finding::NoSuchObject, &[]);
    of(Some(vec![SUPPORT, SALES]), left, &[]);
    // Linked before it was kept where they were seen.
    of(None, left, &[]);
    // Whoever is seen is followed.
    check(
        |it| {
            it.status[1] = GroupStatus::NotFound;
            it.disable(1);
        },
        &["disable 1: disabled"],
    );
    // Nor does it count where another group wasn't read.
    check(
        |it| {
            it.status = [GroupStatus::Partial, GroupStatus::NotFound];
            it.gone(1, Finding::LeftGroups);
        },
        &[],
    );
    let mut world = World::in_step(3);
    world.status[1] = GroupStatus::NotFound;
    assert!(!world.plan().unwrap().settles(), "somebody is to look at the mapping");
}

#[test]
fn a_run_is_rejected_if_every_group_is_gone() {
    check(
        |it| {
            it.status = [GroupStatus::NotFound; 2];
            it.people.clear();
        },
        &["rejected: group.not_found"],
    );
    check(|it| it.known.mappings.clear(), &["rejected: mapping.none"]);
}

#[test]
fn a_run_that_contradicts_itself_is_refused() {
    check(|it| it.people.push(person(1)), &[]);
    check(
        |it| {
            it.people.push(person(1));
            it.people[3].enabled = false;
        },
        &["rejected: run.contradiction"],
    );
    let absent = |finding| Absent { guid: guid(1), finding };
    check(
        |it| it.absent = vec![absent(Finding::LeftGroups), absent(Finding::Unreadable)],
        &["rejected: run.contradiction"],
    );
}

#[test]
fn a_run_is_rejected_if_people_got_lost_on_the_way() {
    let of = |status, members, expected: Option<&str>| {
        let mut world = World::in_step(3);
        world.gone(1, Finding::LeftGroups);
        let mut groups = world.groups();
        groups[0] = GroupSeen { status, members, ..groups[0].clone() };
        let seen = Seen { people: &world.people, groups: &groups, absent: &world.absent };
        let planned = plan(seen, &world.known, &world.rules, &Approval::default());
        assert_eq!(planned.err().map(|rejected| rejected.code()), expected);
    };
    of(GroupStatus::Complete, 2, None);
    of(GroupStatus::Complete, 3, Some("run.miscounted"));
    of(GroupStatus::Complete, 0, Some("run.miscounted"));
    of(GroupStatus::Partial, 3, None);
}

/// So many of so many are disabled in the directory, after some of the same day.
fn disabling(disabled: u32, of: u32, of_the_day: u64) -> World {
    let mut world = World::in_step(of);
    (1..=disabled).for_each(|number| world.disable(number));
    world.known.disabled_last_day = of_the_day;
    world
}

#[test]
fn many_at_once_wait() {
    let check = |disabled, of, expected: Option<HeldReason>| {
        let plan = disabling(disabled, of, 0).plan().unwrap();
        assert_eq!(plan.held.as_ref().map(|held| held.reason), expected, "{disabled} of {of}");
        let wait = if expected.is_some() { disabled as usize } else { 0 };
        assert_eq!((waiting(&plan).len(), plan.disables.len()), (wait, disabled as usize - wait));
    };
    check(5, 5, None);
    check(6, 6, Some(HeldReason::ManyDisabled));
    check(6, 59, Some(HeldReason::ManyDisabled));
    check(6, 60, None);
    check(10, 100, None);
    check(11, 100, Some(HeldReason::ManyDisabled));
}

#[test]
fn many_in_a_day_wait() {
    let check = |disabled, of, of_the_day, expected: Option<HeldReason>| {
        let plan = disabling(disabled, of, of_the_day).plan().unwrap();
        let held = plan.held.as_ref().map(|held| held.reason);
        assert_eq!(held, expected, "{disabled} of {of} after {of_the_day}");
    };
    check(10, 90, 10, Some(HeldReason::ManyDisabled));
    check(9, 90, 10, None);
    check(8, 88, 12, None);
    check(8, 87, 13, Some(HeldReason::ManyInADay));
    // Never for the first five of a small directory.
    check(1, 6, 4, None);
    check(1, 5, 5, Some(HeldReason::ManyInADay));
    check(0, 5, 50, None);
}

/// So many of so many have another email in the directory, after some of the same day.
fn other_emails(changed: u32, of: u32, of_the_day: u64) -> World {
    let mut world = World::in_step(of);
    (1..=changed).for_each(|number| world.seen(number).email = format!("new{number}@x.test"));
    world.known.emails_last_day = of_the_day;
    world
}

#[test]
fn many_emails_at_once_wait_and_the_rest_goes_on() {
    let check = |changed: u32, of, of_the_day, expected: Option<HeldReason>| {
        let mut world = other_emails(changed, of, of_the_day);
        world.seen(of).name = "Renamed".to_owned();
        world.disable(of);
        let plan = world.plan().unwrap();
        let held = plan.held.as_ref().map(|held| held.reason);
        assert_eq!(held, expected, "{changed} of {of} after {of_the_day}");
        let wait = if expected.is_some() { changed as usize } else { 0 };
        assert_eq!(waiting(&plan).len(), wait);
        assert_eq!(plan.updates.len(), changed as usize + 1 - wait);
        assert_eq!(plan.disables.len(), 1);
        let approved = world.approved(&Approval { steps: waiting(&plan) }).unwrap();
        assert_eq!((approved.updates.len(), approved.held), (changed as usize + 1, None));
    };
    check(5, 6, 0, None);
    check(6, 59, 0, Some(HeldReason::ManyEmails));
    check(6, 60, 0, None);
    check(10, 100, 10, None);
    check(10, 100, 11, Some(HeldReason::ManyEmailsInADay));
    check(1, 6, 5, Some(HeldReason::ManyEmailsInADay));
    check(0, 6, 50, None);
}

#[test]
fn many_emails_and_many_disablings_wait_both() {
    let mut world = other_emails(6, 20, 0);
    (11..=16).for_each(|number| world.disable(number));
    let plan = world.plan().unwrap();
    assert_eq!(plan.held.as_ref().map(|held| held.reason), Some(HeldReason::ManyDisabled));
    assert_eq!((waiting(&plan).len(), plan.updates.len(), plan.disables.len()), (12, 0, 0));
}

#[test]
fn a_change_of_case_is_no_change_of_the_email() {
    let mut world = World::in_step(20);
    (1..=10).for_each(|number| world.seen(number).email = format!("P{number}@X.test"));
    let plan = world.plan().unwrap();
    assert_eq!((plan.held, plan.updates.len()), (None, 10));
}

/// Whoever is created with an email that somebody is to leave waits with them.
#[test]
fn a_creation_waits_for_the_email_it_needs() {
    let mut world = other_emails(6, 20, 0);
    let mut new = person(30);
    new.email = "p3@x.test".to_owned();
    world.people.push(new);
    world.people.push(person(31));
    let plan = world.plan().unwrap();
    assert_eq!((waiting(&plan).len(), plan.creates.len()), (7, 1));
    let approved = world.approved(&Approval { steps: waiting(&plan) }).unwrap();
    assert_eq!((approved.creates.len(), approved.updates.len(), approved.held), (2, 6, None));
}

#[test]
fn an_emptied_group_holds_all_disablings() {
    let emptied = |it: &mut World| {
        it.known.mappings[1].members = 2;
        it.gone(1, Finding::LeftGroups);
        it.disable(2);
        it.seen(3).name = "Anna".into();
    };
    check(
        emptied,
        &[
            "update 3: Anna <p3@x.test>",
            "held: group_emptied",
            "- disable 1: left_groups",
            "- disable 2: disabled",
        ],
    );
    // All of its people went to another mapped group: nobody is to be disabled.
    check(|it| it.known.mappings[1].members = 2, &[]);
    // It wasn't read to its end.
    check(
        |it| {
            emptied(it);
            it.status[1] = GroupStatus::Partial;
        },
        &["update 3: Anna <p3@x.test>", "disable 2: disabled"],
    );
    check(
        |it| {
            it.people.push(PersonSeen { group_guids: vec![SALES], ..person(4) });
            it.known.mappings[1].members = 2;
            it.disable(2);
        },
        &["create 4: Person 4 <p4@x.test> in 1002", "disable 2: disabled"],
    );
}

#[test]
fn all_steps_of_a_first_run_or_a_changed_mapping_wait() {
    let check_all = |change: fn(&mut World), reason: &str| {
        check(
            |it| {
                it.rules.existing_email = ExistingEmail::Link;
                it.known.holders.push(holder(50, "p5@x.test"));
                it.people.extend([person(4), person(5), person(6)]);
                it.seen(6).email = String::new();
                it.seen(1).name = "Anna".into();
                it.disable(2);
                it.there(3).enabled = false;
                it.there(3).disabled_by_sync = true;
                change(it);
            },
            &[
                "fault 6: email.required",
                &format!("held: {reason}"),
                "- create 4: Person 4 <p4@x.test> in 1001",
                "- link 5: account 50, same_email",
                "- update 1: Anna <p1@x.test>",
                "- disable 2: disabled",
                "- enable 3: came_back",
            ],
        );
    };
    check_all(|it| it.known.first_run = true, "first_run");
    check_all(|it| it.known.mappings[0].approved = false, "mapping_changed");
    check_all(|it| it.known.mapping_removed = true, "mapping_changed");
    // Nothing to do is nothing to wait for.
    check(|it| it.known.first_run = true, &[]);
}

#[test]
fn an_approval_is_for_exactly_one_list() {
    let mut world = disabling(6, 10, 0);
    let held = world.plan().unwrap();
    let approval = Approval { steps: waiting(&held) };
    assert_eq!(world.approved(&approval).unwrap().disables.len(), 6);

    // One more since, and one of whom somebody changed the account: those wait.
    world.disable(7);
    world.there(2).version += 1;
    let planned = world.approved(&approval).unwrap();
    assert_eq!(planned.disables.len(), 5);
    assert_eq!(
        lines(Ok(planned))[5..],
        ["held: many_disabled", "- disable 2: disabled", "- disable 7: disabled"]
    );
}

#[test]
fn an_approved_step_waits_for_the_email_that_it_needs() {
    let mut world = World::in_step(2);
    world.known.mapping_removed = true;
    world.seen(1).email = "p2@x.test".into();
    world.seen(2).email = "new@x.test".into();
    let all = Approval { steps: waiting(&world.plan().unwrap()) };
    world.seen(2).email = "newer@x.test".into();
    assert_eq!(
        lines(world.approved(&all)),
        [
            "held: mapping_changed",
            "- update 1: Person 1 <p2@x.test>",
            "- update 2: Person 2 <newer@x.test>"
        ]
    );
}

#[test]
fn a_source_settles_when_all_was_read_and_nothing_waits() {
    let mut world = World::in_step(0);
    world.known.first_run = true;
    world.people.push(PersonSeen { group_guids: vec![SUPPORT], ..person(1) });
    let held = world.plan().unwrap();
    assert!(!held.settles());
    let approval = Approval { steps: waiting(&held) };
    assert!(world.approved(&approval).unwrap().settles());
    world.status[1] = GroupStatus::Partial;
    assert!(!world.approved(&approval).unwrap().settles());
}

/// Who has a token alone could map a group and send one disabled person of it.
#[test]
fn without_steps_nothing_is_approved() {
    let mut world = World::in_step(2);
    world.known.mappings[1].approved = false;
    world.people.push(PersonSeen { group_guids: vec![SALES], ..person(3) });
    world.disable(3);
    let plan = world.plan().unwrap();
    assert!(plan.is_empty() && plan.unapproved && !plan.settles());
    world.apply(&plan);
    world.people.push(PersonSeen { group_guids: vec![SALES], ..person(4) });
    let held = world.plan().unwrap();
    let expected = ["held: mapping_changed", "- create 4: Person 4 <p4@x.test> in 1002"];
    assert_eq!(lines(Ok(held.clone())), expected);
    let approval = Approval { steps: waiting(&held) };
    assert!(world.approved(&approval).unwrap().settles());

    let check = |first_run, mapping_removed| {
        let mut world = World::in_step(2);
        (world.known.first_run, world.known.mapping_removed) = (first_run, mapping_removed);
        let plan = world.plan().unwrap();
        assert!(plan.is_empty());
        assert_eq!(plan.settles(), !first_run && !mapping_removed);
    };
    check(false, false);
    check(true, false);
    check(false, true);
}

#[test]
fn an_empty_group_is_not_approved() {
    // A first run of empty groups.
    let mut world = World::in_step(0);
    world.known.first_run = true;
    let empty = world.plan().unwrap();
    assert!(empty.is_empty() && !empty.settles());
    world.apply(&empty);
    world.people.push(person(1));
    assert_eq!(
        lines(world.plan()),
        ["held: first_run", "- create 1: Person 1 <p1@x.test> in 1001"]
    );
    // A new mapping of an empty group: it keeps nothing else waiting, and isn't approved by that.
    let mut world = World::in_step(2);
    world.known.mappings[1].approved = false;
    world.disable(1);
    let plan = world.plan().unwrap();
    assert_eq!(lines(Ok(plan.clone())), ["disable 1: disabled"]);
    world.apply(&plan);
    assert!(!world.known.mappings[1].approved);
    world.people.push(PersonSeen { group_guids: vec![SALES], ..person(3) });
    assert_eq!(
        lines(world.plan()),
        ["held: mapping_changed", "- create 3: Person 3 <p3@x.test> in 1002"]
    );
}

#[test]
fn a_first_run_in_which_everybody_fails_does_not_settle() {
    let mut world = World::in_step(0);
    world.known.first_run = true;
    world.people.extend([person(1), person(2)]);
    world.seen(1).email = String::new();
    world.seen(2).email = String::new();
    let failed = world.plan().unwrap();
    assert!(!failed.settles());
    world.apply(&failed);
    world.seen(1).email = "p1@x.test".into();
    let held = world.plan().unwrap();
    assert_eq!(held.held.as_ref().map(|held| held.reason), Some(HeldReason::FirstRun));
    let approval = Approval { steps: waiting(&held) };
    assert!(world.approved(&approval).unwrap().settles(), "one of two is enough");
}

#[test]
fn many_enablings_wait() {
    let check = |back, of, of_the_day, expected: Option<HeldReason>| {
        let mut world = World::in_step(of);
        for number in 1..=back {
            let person = world.there(number);
            (person.enabled, person.disabled_by_sync) = (false, true);
        }
        world.known.enabled_last_day = of_the_day;
        let plan = world.plan().unwrap();
        assert_eq!(plan.held.as_ref().map(|held| held.reason), expected, "{back} of {of}");
        let waiting = expected.map_or(0, |_| back as usize);
        assert_eq!(plan.enables.len() + waiting, back as usize);
    };
    check(5, 6, 0, None);
    check(6, 6, 0, Some(HeldReason::ManyEnabled));
    check(10, 110, 0, None);
    check(11, 111, 0, Some(HeldReason::ManyEnabled));
    check(10, 110, 10, None);
    check(10, 110, 11, Some(HeldReason::ManyEnabledInADay));
}

/// Who has a token alone could create a hundred people, to be allowed to disable ten more.
#[test]
fn people_created_without_approval_raise_no_threshold() {
    let check = |created, disabled, expected: Option<HeldReason>| {
        let mut world = disabling(disabled, 100, 0);
        world.known.created_last_day = created;
        let plan = world.plan().unwrap();
        assert_eq!(plan.held.map(|held| held.reason), expected, "{created} created");
    };
    check(0, 10, None);
    check(10, 9, None);
    check(10, 10, Some(HeldReason::ManyDisabled));
    check(100, 5, None);
    check(100, 6, Some(HeldReason::ManyDisabled));
    check(1000, 6, Some(HeldReason::ManyDisabled));
}
