//! A domain whose controllers don't all know the same yet, and one that changes while it is read.

use std::sync::Arc;

use directory_sync::failure::Exit;
use directory_sync::memory::Memory;
use roster::directory::protocol::{Finding, GroupStatus};

use super::directory::{Objects, guid};
use super::stage::{GROUP, Stage};

/// Three people; the third was created a moment ago, on the first controller.
async fn first_controller() -> Stage {
    let mut objects = Objects::default();
    (1..=3).for_each(|number| objects.person(number));
    objects.group(GROUP, [1, 2, 3]);
    let stage = Stage::with(objects).await;
    stage.directory.plays(1, 100, &[(2, 40)]);
    *stage.muster.managed.lock().unwrap() = (1..=3).map(guid).collect();
    assert_eq!(stage.run().await.unwrap().exit(), Exit::Done);
    stage.directory.change(|objects| objects.remove(3));
    stage
}

#[tokio::test]
async fn on_a_controller_that_is_behind_nobody_is_absent() {
    for (case, controller, usn, others) in [
        ("behind", 2, 50, &[(1, 99)][..]),
        ("behind another one", 2, 50, &[(3, 500)]),
        ("it doesn't say", 2, 50, &[]),
        ("set back", 1, 99, &[(2, 40)]),
        ("behind the other", 1, 100, &[(2, 39)]),
    ] {
        let stage = first_controller().await;
        stage.directory.plays(controller, usn, others);
        let outcome = stage.run().await.unwrap();
        assert_eq!(outcome.exit(), Exit::SomeFailed, "{case}");
        assert_eq!(stage.finding(3), None, "{case}");
        let status = stage.muster.told.lock().unwrap().commits[1].groups[0].status;
        assert_eq!(status, GroupStatus::Partial, "{case}");
        let said = stage.said("directory.behind").unwrap();
        assert!(said.starts_with("dc1.corp.example.com doesn't have all changes yet"), "{said}");
    }
}

#[tokio::test]
async fn once_it_has_caught_up_absence_counts() {
    for (controller, usn, others) in [(2, 50, &[(1, 100)]), (1, 100, &[(2, 40)])] {
        let stage = first_controller().await;
        stage.directory.plays(controller, usn, others);
        assert_eq!(stage.run().await.unwrap().exit(), Exit::Done);
        assert_eq!(stage.finding(3), Some(Finding::NoSuchObject));
    }
}

#[tokio::test]
async fn nobody_is_absent_until_the_controller_has_caught_up_or_setup_forgets_the_other() {
    let stage = first_controller().await;
    for _ in 0..3 {
        stage.directory.plays(2, 50, &[(1, 99)]);
        stage.run().await.unwrap();
        assert_eq!(stage.finding(3), None);
    }
    Memory::forget_controllers(&stage.files().memory()).unwrap();
    stage.run().await.unwrap();
    assert_eq!(stage.finding(3), Some(Finding::NoSuchObject));
}

#[tokio::test]
async fn changes_that_arrive_during_a_run_count_as_seen() {
    let stage = first_controller().await;
    let shared = Arc::clone(&stage.directory.shared);
    // After it was asked how far it is, and before its group is read.
    stage.directory.change_before(7, move |_| {
        shared.says.lock().unwrap().insert("highestCommittedUSN", "200".to_owned());
    });
    stage.run().await.unwrap();
    stage.directory.plays(2, 50, &[(1, 199)]);
    let outcome = stage.run().await.unwrap();
    assert_eq!(outcome.snapshot.failures[0].code(), "directory.behind");
}

const INNER: u32 = GROUP + 1;
const ONE: u32 = GROUP + 2;
const TWO: u32 = GROUP + 3;

/// What a run says of somebody, whatever it is that is changed before one of its searches.
async fn nobody_is_absent(
    objects: Objects,
    searches: usize,
    who: &[u32],
    change: fn(&mut Objects),
) {
    let stage = Stage::with(objects.clone()).await;
    *stage.muster.managed.lock().unwrap() = who.iter().copied().map(guid).collect();
    stage.run().await.unwrap();
    for number in 1..=searches {
        let objects = objects.clone();
        stage.directory.change(|all| *all = objects);
        stage.directory.change_before(number, change);
        stage.run().await.unwrap();
        for &person in who {
            let finding = stage.finding(person);
            let harmless = [None, Some(Finding::Unreadable)].contains(&finding);
            assert!(harmless, "{person} before search {number}: {finding:?}");
        }
    }
}

/// The first answer has 1,000 members; who is behind them is in a group, or can't be seen.
fn two_answers() -> (Objects, [u32; 2]) {
    let (nested, hidden) = (2_000, 2_001);
    let mut objects = Objects::default();
    (1..=999).chain([nested, hidden]).for_each(|number| objects.person(number));
    objects.group(INNER, [nested]);
    objects.belongs(nested, INNER);
    objects.group(GROUP, (1..=999).chain([hidden, INNER]));
    objects.hide(hidden);
    (objects, [nested, hidden])
}

#[tokio::test]
async fn removing_a_member_between_two_answers_makes_nobody_absent() {
    let (objects, who) = two_answers();
    nobody_is_absent(objects, 12, &who, |objects| objects.leave(GROUP, 1)).await;
}

#[tokio::test]
async fn deleting_a_member_between_two_answers_makes_nobody_absent() {
    let (objects, who) = two_answers();
    // Without another version of the group.
    nobody_is_absent(objects, 12, &who, |objects| objects.remove(1)).await;
}

#[tokio::test]
async fn a_group_that_changes_all_the_time_makes_nobody_absent() {
    let (objects, [nested, _]) = two_answers();
    let stage = Stage::with(objects).await;
    *stage.muster.managed.lock().unwrap() = vec![guid(nested), guid(3_000)];
    stage.run().await.unwrap();
    for number in 1..=30 {
        stage.directory.change_before(number, move |objects| {
            objects.set(GROUP, "uSNChanged", &number.to_string());
        });
    }
    let outcome = stage.run().await.unwrap();
    assert_eq!(outcome.exit(), Exit::SomeFailed);
    assert_eq!(outcome.snapshot.failures[0].code(), "directory.changing");
    assert_eq!((stage.finding(nested), stage.finding(3_000)), (None, None));
}

#[tokio::test]
async fn moving_a_group_during_a_run_makes_nobody_absent() {
    let mut objects = Objects::default();
    (1..=5).for_each(|number| objects.person(number));
    objects.group(INNER, [5]);
    objects.belongs(5, INNER);
    objects.group(ONE, [1]);
    objects.group(TWO, [2, INNER]);
    objects.group(GROUP, [ONE, TWO]);
    objects.belongs(INNER, TWO);
    let moved = |objects: &mut Objects| {
        objects.leave(TWO, INNER);
        objects.join(ONE, INNER);
        objects.belongs(INNER, ONE);
    };
    nobody_is_absent(objects, 25, &[5], moved).await;
}
