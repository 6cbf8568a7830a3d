//! Deleted, or hidden from the account that reads: both look alike, and only one of them is gone.

use std::fs;

use directory_sync::failure::Exit;
use roster::directory::protocol::{Finding, Mapping};
use roster::id::GroupId;

use super::directory::{Objects, State, guid};
use super::stage::{GROUP, Stage};

const INNER: u32 = GROUP + 1;
const OTHER: u32 = GROUP + 2;

const BY_MEMBER: u32 = 1;
const BY_PRIMARY_GROUP: u32 = 3;
const NESTED: u32 = 4;
const NEVER_SEEN: u32 = 9;

fn people() -> Objects {
    let mut objects = Objects::default();
    (1..=4).for_each(|number| objects.person(number));
    objects.group(OTHER, []);
    objects.group(INNER, [NESTED]);
    objects.group(GROUP, [BY_MEMBER, 2, INNER]);
    objects.set(BY_PRIMARY_GROUP, "primaryGroupID", &(100_000 + GROUP).to_string());
    objects
}

/// A run has seen all of them.
async fn stage(objects: Objects) -> Stage {
    let stage = Stage::with(objects).await;
    *stage.muster.managed.lock().unwrap() = vec![guid(1), guid(2), guid(3), guid(4)];
    assert_eq!(stage.run().await.unwrap().exit(), Exit::Done);
    stage
}

#[tokio::test]
async fn only_a_proven_deletion_counts_as_gone() {
    let check = |case: &'static str, number, change: fn(&mut Objects), expected| async move {
        let stage = stage(people()).await;
        stage.muster.managed.lock().unwrap().push(guid(NEVER_SEEN));
        stage.directory.change(change);
        stage.run().await.unwrap();
        assert_eq!(stage.finding(number), expected, "{case}");
        for other in (1..=4).filter(|it| *it != number) {
            assert_eq!(stage.finding(other), None, "{case}: {other}");
        }
    };
    let gone = Some(Finding::NoSuchObject);
    let unknown = Some(Finding::Unreadable);
    check("by member, deleted", BY_MEMBER, |it| it.remove(BY_MEMBER), gone).await;
    check("nested, deleted", NESTED, |it| it.remove(NESTED), gone).await;
    check("by member, what is left", BY_MEMBER, |it| it.delete(BY_MEMBER, State::Deleted), gone)
        .await;
    check("by member, hidden", BY_MEMBER, |it| it.hide(BY_MEMBER), None).await;
    check("nested, hidden", NESTED, |it| it.hide(NESTED), None).await;
    check("primary group, deleted", 3, |it| it.remove(3), unknown).await;
    check("primary group, hidden", 3, |it| it.hide(3), unknown).await;
    check("primary group, what is left", 3, |it| it.delete(3, State::Deleted), gone).await;
    check("primary group, recycled", 3, |it| it.delete(3, State::Recycled), gone).await;
    check("never seen", NEVER_SEEN, |_| (), unknown).await;
    let left_and_hidden = |it: &mut Objects| {
        it.leave(GROUP, BY_MEMBER);
        it.hide(BY_MEMBER);
        it.join(OTHER, BY_MEMBER);
    };
    check("hidden, in another group", BY_MEMBER, left_and_hidden, unknown).await;
}

#[tokio::test]
async fn people_who_may_be_hidden_are_named() {
    let stage = stage(people()).await;
    stage.directory.change(|objects| objects.hide(BY_PRIMARY_GROUP));
    stage.run().await.unwrap();
    let said = stage.said("ldap.gone_or_hidden").unwrap();
    assert!(said.starts_with("Technicians whose objects reader can't find: 1 ("), "{said}");
    assert!(said.contains(&guid(BY_PRIMARY_GROUP).to_string()), "{said}");
    // Once it is known again, nothing is said.
    *stage.muster.managed.lock().unwrap() = vec![guid(1), guid(2)];
    stage.muster.told.lock().unwrap().events.clear();
    stage.run().await.unwrap();
    assert_eq!(stage.said("ldap.gone_or_hidden"), None);
}

#[tokio::test]
async fn without_the_memory_of_earlier_runs_nobody_counts_as_deleted() {
    let stage = stage(people()).await;
    fs::remove_file(stage.files().memory()).unwrap();
    stage.directory.change(|objects| objects.remove(BY_MEMBER));
    stage.run().await.unwrap();
    assert_eq!(stage.finding(BY_MEMBER), Some(Finding::Unreadable));
}

#[tokio::test]
async fn a_person_with_an_unreadable_primary_group_may_belong_by_it() {
    let mut objects = people();
    objects.forbid(BY_MEMBER, "primaryGroupID");
    let stage = stage(objects).await;
    stage.directory.change(|objects| objects.remove(BY_MEMBER));
    stage.run().await.unwrap();
    assert_eq!(stage.finding(BY_MEMBER), Some(Finding::Unreadable));
}

#[tokio::test]
async fn a_group_mapped_later_may_be_the_primary_group_of_a_hidden_person() {
    let mut objects = people();
    objects.set(BY_MEMBER, "primaryGroupID", &(100_000 + OTHER).to_string());
    let stage = stage(objects).await;
    stage.muster.mappings.lock().unwrap().push(Mapping {
        ad_group_guid: guid(OTHER),
        ad_group_name: "Other".into(),
        technician_group_id: GroupId(1001),
    });
    stage.directory.change(|objects| {
        objects.leave(GROUP, BY_MEMBER);
        objects.hide(BY_MEMBER);
    });
    stage.run().await.unwrap();
    assert_eq!(stage.finding(BY_MEMBER), Some(Finding::Unreadable));
}
