//! A controller's limits are none of the service's.

use std::sync::atomic::Ordering;

use roster::directory::protocol::GroupStatus;

use super::directory::{Fault, Objects};
use super::stage::{GROUP, Stage};

pub fn many(count: u32) -> Objects {
    let mut objects = Objects::default();
    (1..=count).for_each(|number| objects.person(number));
    objects.group(GROUP, 1..=count);
    objects
}

/// People in ten groups of the mapped one, and in the groups in those, twenty deep; as many in each.
pub fn deep(count: u32) -> Objects {
    const DEPTH: u32 = 20;
    const WIDTH: u32 = 10;
    let mut objects = Objects::default();
    (1..=count).for_each(|number| objects.person(number));
    let within = |group: u32| (1..=count).filter(move |it| it % (WIDTH * DEPTH) == group);
    for group in (0..WIDTH * DEPTH).rev() {
        let below = group + WIDTH;
        let below = (below < WIDTH * DEPTH).then_some(GROUP + 1 + below);
        objects.group(GROUP + 1 + group, within(group).chain(below));
    }
    objects.group(GROUP, (0..WIDTH).map(|group| GROUP + 1 + group));
    objects
}

#[tokio::test]
async fn people_twenty_groups_deep_are_all_read() {
    let stage = Stage::with(deep(400)).await;
    let snapshot = stage.run().await.unwrap().snapshot;
    assert!(snapshot.is_complete());
    assert_eq!((snapshot.people.len(), snapshot.walked.len()), (400, 201));
}

#[tokio::test]
async fn members_are_all_read_whatever_a_controller_gives_at_once() {
    for count in [0, 1, 999, 1_000, 1_001, 1_500, 1_501, 3_200] {
        let stage = Stage::with(many(count)).await;
        let outcome = stage.run().await.unwrap();
        let expected = usize::try_from(count).unwrap();
        assert_eq!(outcome.snapshot.people.len(), expected, "{count}");
        assert_eq!(outcome.snapshot.groups[0].status, GroupStatus::Complete, "{count}");
        assert!(stage.directory.shared.largest_page.load(Ordering::SeqCst) <= 500);
        let told = stage.muster.told.lock().unwrap();
        let sent: usize = told.batches.iter().map(Vec::len).sum();
        assert_eq!(sent, expected, "{count}");
        assert!(told.batches.iter().all(|batch| batch.len() <= 1_000));
        assert_eq!(told.compressed > 0, count > 100, "{count}");
    }
}

#[tokio::test]
async fn members_by_primary_group_come_in_pages() {
    let mut objects = Objects::default();
    for number in 1..=1_700 {
        objects.person(number);
        objects.set(number, "primaryGroupID", "600000");
    }
    objects.group(GROUP, []);
    let stage = Stage::with(objects).await;
    assert_eq!(stage.run().await.unwrap().snapshot.people.len(), 1_700);
    assert_eq!(stage.directory.shared.largest_page.load(Ordering::SeqCst), 500);
}

#[tokio::test]
async fn groups_in_groups_are_walked_once_and_not_below_32() {
    for (deep, complete) in [(1, true), (32, true), (33, false)] {
        let mut objects = Objects::default();
        objects.person(1);
        // Each one also holds the first: a ring.
        objects.group(GROUP + deep, [1]);
        for number in (0..deep).rev() {
            objects.group(GROUP + number, [GROUP + number + 1]);
        }
        objects.group(GROUP + deep, [1, GROUP]);
        let stage = Stage::with(objects).await;
        let outcome = stage.run().await.unwrap();
        assert_eq!(outcome.snapshot.people.len(), usize::from(complete), "{deep}");
        assert_eq!(outcome.snapshot.is_complete(), complete, "{deep}");
    }
}

/// A controller that has been taken over, or has a fault.
#[tokio::test]
async fn pages_without_end_end_the_search() {
    const PAGES: usize = 10_000;
    let stage = Stage::with(many(3)).await;
    stage.run().await.unwrap();
    stage.directory.shared.searches.store(0, Ordering::SeqCst);
    let pages = (1..2 * PAGES).map(|number| (number, Fault::EmptyPage));
    stage.directory.shared.faults.lock().unwrap().extend(pages);
    let snapshot = stage.run().await.unwrap().snapshot;
    assert_eq!(snapshot.groups[0].status, GroupStatus::Partial);
    let failure = &snapshot.failures[0];
    assert_eq!(failure.code(), "ldap.search_failed");
    assert!(failure.to_string().contains("more than 10000 pages came"), "{failure}");
}
