//! What may not be read is never taken for empty, at whatever depth.

use directory_sync::failure::Exit;
use roster::directory::protocol::{Finding, GroupStatus, Read};

use super::directory::{Objects, guid};
use super::stage::{GROUP, Stage};

const OUTER: u32 = GROUP + 1;
const INNER: u32 = GROUP + 2;

/// Person 3 is in a group in a group in the mapped one; 4 has left, 5 belongs by their primary group.
fn nested() -> Objects {
    let mut objects = Objects::default();
    (1..=5).for_each(|number| objects.person(number));
    objects.group(INNER, [3]);
    objects.group(OUTER, [2, INNER]);
    objects.group(GROUP, [1, OUTER]);
    objects.belongs(3, INNER);
    objects.set(5, "primaryGroupID", &(100_000 + OUTER).to_string());
    objects
}

async fn stage(objects: Objects) -> Stage {
    let stage = Stage::with(objects).await;
    *stage.muster.managed.lock().unwrap() = (1..=5).map(guid).collect();
    stage
}

/// What a run says of a person: that they are there, whether they can be read, or what became of them.
#[derive(Debug, PartialEq)]
enum Said {
    Seen(Read),
    Absent(Finding),
    Nothing,
}

async fn said(objects: Objects) -> (GroupStatus, [Said; 5]) {
    let stage = stage(objects).await;
    stage.run().await.unwrap();
    let told = stage.muster.told.lock().unwrap();
    let commit = &told.commits[0];
    let of = |number: u32| {
        let guid = guid(number);
        let seen = told.batches.iter().flatten().find(|it| it.guid == guid);
        let absent = commit.absent.iter().find(|it| it.guid == guid);
        match (seen, absent) {
            (Some(person), None) => Said::Seen(person.read),
            (None, Some(absent)) => Said::Absent(absent.finding),
            (None, None) => Said::Nothing,
            (Some(_), Some(_)) => panic!("{number} is there and absent"),
        }
    };
    (commit.groups[0].status, [1, 2, 3, 4, 5].map(of))
}

#[tokio::test]
async fn with_all_rights_everybody_is_seen_and_leavers_are_found() {
    let (status, [one, two, three, four, five]) = said(nested()).await;
    assert_eq!(status, GroupStatus::Complete);
    assert!([one, two, three, five].iter().all(|it| *it == Said::Seen(Read::Ok)));
    assert_eq!(four, Said::Absent(Finding::LeftGroups));
}

#[tokio::test]
async fn unreadable_members_make_nobody_absent_and_the_group_is_named() {
    for (group, name, within) in [
        (GROUP, "Group 500000", ""),
        (OUTER, "Group 500001", ", a group in “Support”"),
        (INNER, "Group 500002", ", a group in “Support”"),
    ] {
        let mut objects = nested();
        objects.forbid(group, "member");
        let stage = stage(objects).await;
        let outcome = stage.run().await.unwrap();
        assert_eq!(outcome.exit(), Exit::SomeFailed, "{name}");
        let failure = &outcome.snapshot.failures[0];
        assert_eq!(failure.code(), "ldap.members_unreadable");
        let sentence = failure.to_string();
        assert!(sentence.contains(&format!("the AD group “{name}”{within}")), "{sentence}");
        let told = stage.muster.told.lock().unwrap();
        assert_eq!(told.commits[0].groups[0].status, GroupStatus::Partial, "{name}");
        assert!(told.commits[0].absent.is_empty(), "{name}");
    }
}

#[tokio::test]
async fn a_group_without_a_readable_sid_may_be_a_primary_group() {
    let mut objects = nested();
    objects.forbid(OUTER, "objectSid");
    let (status, [.., five]) = said(objects).await;
    assert_eq!((status, five), (GroupStatus::Partial, Said::Nothing));
}

#[tokio::test]
async fn a_member_without_a_class_may_be_a_group() {
    let mut objects = nested();
    objects.forbid(INNER, "objectClass");
    let stage = stage(objects).await;
    stage.run().await.unwrap();
    let told = stage.muster.told.lock().unwrap();
    let inner = told.batches.iter().flatten().find(|it| it.guid == guid(INNER)).unwrap();
    assert_eq!(inner.read, Read::Unreadable);
}

#[tokio::test]
async fn an_empty_group_that_may_be_read_is_empty() {
    let mut objects = nested();
    objects.group(INNER, []);
    objects.unset(3, "memberOf");
    let (status, [.., three, _, _]) = said(objects).await;
    assert_eq!(status, GroupStatus::Complete);
    assert_eq!(three, Said::Absent(Finding::LeftGroups));
}

#[tokio::test]
async fn an_unreadable_member_is_sent_by_its_name() {
    let mut objects = nested();
    for attribute in ["objectClass", "objectGUID", "objectSid"] {
        objects.forbid(INNER, attribute);
    }
    let stage = stage(objects).await;
    stage.run().await.unwrap();
    let told = stage.muster.told.lock().unwrap();
    let unknown = told.batches.iter().flatten().find(|it| it.guid == guid(INNER)).unwrap();
    assert_eq!((unknown.read, unknown.name.as_str()), (Read::Unreadable, "Group 500002"));
}

#[tokio::test]
async fn an_attribute_without_read_permission_is_not_an_empty_one() {
    let check = |number: u32, attribute: &'static str, at: usize, expected: Said| async move {
        let mut objects = nested();
        objects.forbid(number, attribute);
        let (_, said) = said(objects).await;
        assert_eq!(said[at], expected, "{attribute} of {number}");
    };
    check(1, "accountExpires", 0, Said::Seen(Read::Unreadable)).await;
    check(1, "displayName", 0, Said::Seen(Read::Unreadable)).await;
    check(1, "userAccountControl", 0, Said::Seen(Read::Unreadable)).await;
    // They may belong to a group that counts before.
    check(1, "primaryGroupID", 0, Said::Seen(Read::Unreadable)).await;
    // It isn't found by it, and may have it.
    check(5, "primaryGroupID", 4, Said::Absent(Finding::Unreadable)).await;
    check(4, "primaryGroupID", 3, Said::Absent(Finding::Unreadable)).await;
    check(4, "memberOf", 3, Said::Absent(Finding::Unreadable)).await;
    check(4, "userAccountControl", 3, Said::Absent(Finding::Unreadable)).await;
}

#[tokio::test]
async fn an_account_without_an_expiry_never_expires() {
    let mut objects = nested();
    objects.unset(1, "accountExpires");
    let (_, [one, ..]) = said(objects).await;
    assert_eq!(one, Said::Seen(Read::Ok));
}
