//! A group's permissions: seen, tried out, changed by more than one.

use operations::{Error, Result, groups, technicians};
use roster::audit::{Filter, Subjects};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::id::GroupId;
use roster::permission::{Change, Effective, Permission, Rule, Rules, Seen};

use crate::world::{World, draft};

const REBOOT: Permission = Permission::Reboot;
const DENY: Rule = Rule { setting: Some(false), locked: false };
const ALLOW: Rule = Rule { setting: Some(true), locked: false };
const LOCK: Rule = Rule { setting: None, locked: true };

fn one(rule: Rule) -> Rules {
    [(REBOOT, rule)].into()
}

async fn set(world: &World, caller: &Caller, group: GroupId, from: Rule, to: Rule) -> Result<()> {
    groups::set_permissions(&world.operations, caller, group, &one(from), &one(to)).await
}

async fn held(world: &World, caller: &Caller, group: GroupId) -> Effective<Seen> {
    let page = groups::permissions(&world.operations, caller, group).await.unwrap();
    let line = page.lines.iter().find(|line| line.permission() == REBOOT).unwrap();
    page.holds(line, line.own)
}

#[track_caller]
fn refused(result: Result<()>, words: &str) {
    match result {
        Err(Error::Fault(fault)) => assert!(fault.to_string().contains(words), "{fault}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_a_group_says_is_changed_and_written_down() {
    let world = World::new().await;
    set(&world, &world.administrator, world.inside, Rule::default(), DENY).await.unwrap();
    let found = held(&world, &world.administrator, world.inside).await;
    assert!(!found.allowed);
    assert_eq!(found.from.name(), "Inside");
    let mut reader = world.store.read().await.unwrap();
    let entry = reader.audit(Subjects::All, &Filter::default(), None, 1).await.unwrap().remove(0);
    assert_eq!(entry.action, "group_permissions_changed");
    assert_eq!(
        (&entry.before["reboot"], &entry.after["reboot"]),
        (&"Inherit".into(), &"Deny".into())
    );
    drop(reader);
    // What is as it was is no change, and no entry.
    set(&world, &world.administrator, world.inside, DENY, DENY).await.unwrap();
    let mut reader = world.store.read().await.unwrap();
    let newest = reader.audit(Subjects::All, &Filter::default(), None, 1).await.unwrap().remove(0);
    assert_eq!(newest.id, entry.id);
}

#[tokio::test]
async fn what_is_locked_is_changed_by_a_master_where_it_is_locked() {
    let world = World::new().await;
    let tier =
        groups::create(&world.operations, &world.holder, world.inside, "Tier 1").await.unwrap();
    let none = Rule::default();
    refused(set(&world, &world.administrator, world.inside, none, LOCK).await, "Master");
    set(&world, &world.master, world.inside, none, LOCK).await.unwrap();
    refused(set(&world, &world.administrator, world.inside, LOCK, DENY).await, "locked here");
    for caller in [&world.administrator, &world.master] {
        refused(set(&world, caller, tier, none, DENY).await, "locked by a group above");
    }
    set(&world, &world.master, world.inside, LOCK, none).await.unwrap();
    set(&world, &world.administrator, tier, none, DENY).await.unwrap();
    refused(set(&world, &world.master, GroupId::ROOT, ALLOW, none).await, "nothing above");
}

#[tokio::test]
async fn the_second_of_two_is_told() {
    let world = World::new().await;
    let none = Rule::default();
    set(&world, &world.master, world.inside, none, DENY).await.unwrap();
    let second = set(&world, &world.administrator, world.inside, none, ALLOW).await;
    assert!(matches!(second, Err(Error::Fault(Fault::Conflict { .. }))), "{second:?}");
    // Both want the same: there is nothing to decide.
    set(&world, &world.administrator, world.inside, none, DENY).await.unwrap();
    // Another permission is nobody's concern.
    let (seen, wish) = (Rules::new(), [(Permission::Chat, DENY)].into());
    groups::set_permissions(&world.operations, &world.holder, world.inside, &seen, &wish)
        .await
        .unwrap();
    assert!(!held(&world, &world.holder, world.inside).await.allowed);
}

#[tokio::test]
async fn a_group_above_ones_own_has_no_name() {
    let world = World::new().await;
    let below = groups::create(&world.operations, &world.holder, world.inside, "B").await.unwrap();
    let found = held(&world, &world.administrator, below).await;
    assert_eq!(found.from, Seen::Above);
    assert_eq!(held(&world, &world.master, below).await.from.name(), "Technicians");
    let page = groups::permissions(&world.operations, &world.administrator, below).await.unwrap();
    assert!(!serde_json::to_string(&page).unwrap().contains("Technicians"));
    // Nor on the way to one's own.
    let see = groups::see(&world.operations, &world.administrator, below).await.unwrap();
    assert_eq!(see.path.label(), "Inside / B");
    assert_eq!(see.path.lineage(), [world.inside, below]);
    let found = groups::search(&world.operations, &world.administrator, "B").await.unwrap();
    assert_eq!(found[0].label(), "Inside / B");
    set(&world, &world.master, GroupId::ROOT, ALLOW, Rule { locked: true, ..DENY }).await.unwrap();
    let found = held(&world, &world.administrator, below).await;
    assert_eq!((found.allowed, found.locked_by), (false, Some(Seen::Above)));
}

#[tokio::test]
async fn it_is_told_for_whom_it_changes() {
    let world = World::new().await;
    let tier =
        groups::create(&world.operations, &world.holder, world.inside, "Tier 1").await.unwrap();
    for (group, email) in
        [(world.inside, "b@example.com"), (tier, "c@example.com"), (tier, "d@example.com")]
    {
        technicians::create(&world.operations, &world.holder, group, draft("Bo", email))
            .await
            .unwrap();
    }
    let preview = async |rule| {
        let wish = one(rule);
        groups::preview_permissions(&world.operations, &world.administrator, world.inside, &wish)
            .await
            .unwrap()
    };
    let change = |allowed, technicians, groups| {
        vec![Change { permission: REBOOT, allowed, technicians, groups }]
    };
    assert_eq!(preview(DENY).await, change(false, 4, 2));
    assert_eq!(preview(ALLOW).await, []);
    set(&world, &world.holder, tier, Rule::default(), DENY).await.unwrap();
    assert_eq!(preview(DENY).await, change(false, 2, 1));
    assert_eq!(preview(LOCK).await, change(true, 2, 1));
}
