//! Groups moved, copied and deleted by who may.

use operations::{Error, administrators, groups};
use roster::account::Role;
use roster::audit::{Filter, Subjects};
use roster::authority::{Caller, Denied};
use roster::fault::Fault;
use roster::group::GroupMove;
use roster::id::GroupId;

use crate::world::World;

fn fault<T: std::fmt::Debug>(result: Result<T, Error>) -> Fault {
    match result.unwrap_err() {
        Error::Fault(fault) => fault,
        other => panic!("{other}"),
    }
}

async fn label(world: &World, id: GroupId) -> String {
    world.store.read().await.unwrap().group_path(id).await.unwrap().unwrap().label()
}

async fn make(world: &World, parent: GroupId, name: &str) -> GroupId {
    groups::create(&world.operations, &Caller::operator(), parent, name).await.unwrap()
}

#[tokio::test]
async fn a_group_is_moved_and_moved_back() {
    let world = World::new().await;
    let tier = make(&world, world.inside, "Tier 1").await;
    let by = &world.master;
    let moved = groups::move_below(&world.operations, by, tier, world.outside).await.unwrap();
    assert_eq!(moved, GroupMove { group: tier, from: world.inside });
    assert_eq!(label(&world, tier).await, "Outside / Tier 1");
    groups::move_below(&world.operations, by, moved.group, moved.from).await.unwrap();
    assert_eq!(label(&world, tier).await, "Inside / Tier 1");
    let mut reader = world.store.read().await.unwrap();
    let audit = reader.audit(Subjects::All, &Filter::default(), None, 1).await.unwrap();
    let entry = &audit[0];
    assert_eq!((entry.action.as_str(), entry.actor.as_str()), ("group_moved", "Mara Master"));
    assert_eq!(entry.before["path"], "Outside / Tier 1");
    assert_eq!(entry.after["path"], "Inside / Tier 1");
}

#[tokio::test]
async fn what_breaks_the_tree_is_refused_with_the_reason() {
    let world = World::new().await;
    let tier = make(&world, world.inside, "Tier 1").await;
    make(&world, world.outside, "tier 1").await;
    let check = async |id, to, expected: &str| {
        let moved = groups::move_below(&world.operations, &world.master, id, to).await;
        assert_eq!(fault(moved).to_string(), expected);
    };
    check(world.inside, tier, "“Inside” can’t lie below itself.").await;
    check(tier, world.inside, "“Tier 1” is in “Inside” already.").await;
    let taken = "There is a group “Tier 1” in “Outside” already. Rename one of them first.";
    check(tier, world.outside, taken).await;
    check(GroupId::ROOT, tier, "The root of the tree stays where it is.").await;
}

#[tokio::test]
async fn an_administrator_arranges_what_is_below_their_groups_alone() {
    let world = World::new().await;
    let (operations, by) = (&world.operations, &world.administrator);
    let tier = make(&world, world.inside, "Tier 1").await;
    let lab = make(&world, world.inside, "Lab").await;
    groups::move_below(operations, by, tier, lab).await.unwrap();
    assert_eq!(label(&world, tier).await, "Inside / Lab / Tier 1");
    let top = Fault::Denied { denied: Denied::TopOfArea };
    assert_eq!(fault(groups::move_below(operations, by, world.inside, lab).await), top);
    assert_eq!(fault(groups::copy(operations, by, world.inside).await), top);
    assert_eq!(fault(groups::delete(operations, by, world.inside).await), top);
    let out = fault(groups::move_below(operations, by, tier, world.outside).await);
    assert!(matches!(out, Fault::NotFound { .. }), "{out}");
}

#[tokio::test]
async fn copies_stand_beside_the_original_under_free_names() {
    let world = World::new().await;
    let tier = make(&world, world.inside, "Tier 1").await;
    make(&world, tier, "Nights").await;
    for expected in ["Inside / Tier 1 (copy)", "Inside / Tier 1 (copy 2)"] {
        let copy = groups::copy(&world.operations, &world.administrator, tier).await.unwrap();
        assert_eq!(label(&world, copy).await, expected);
        let nights = world.store.read().await.unwrap().child_named(copy, "nights").await.unwrap();
        assert!(nights.is_some());
    }
}

#[tokio::test]
async fn only_an_empty_group_is_deleted() {
    let world = World::new().await;
    let (operations, by) = (&world.operations, &world.master);
    let tier = make(&world, world.inside, "Tier 1").await;
    let refused = fault(groups::delete(operations, by, world.inside).await);
    assert_eq!(
        refused.to_string(),
        "“Inside” isn’t empty: it has 1 group and 1 technician. Move or delete them first."
    );
    groups::delete(operations, &world.administrator, tier).await.unwrap();
    let gone = fault(groups::delete(operations, by, tier).await);
    assert!(matches!(gone, Fault::NotFound { .. }), "{gone}");
}

#[tokio::test]
async fn no_sentence_names_a_group_above_ones_area() {
    let world = World::new().await;
    let operations = &world.operations;
    let above = make(&world, GroupId::ROOT, "Secret HQ").await;
    let team = make(&world, above, "Team A").await;
    let sub = make(&world, team, "Sub").await;
    let other = make(&world, team, "Other").await;
    make(&world, other, "Sub").await;
    let zoe = world.add(Role::Administrator, None, "Zoe", "zoe@example.com").await;
    administrators::assign(operations, &Caller::operator(), team, zoe).await.unwrap();
    let zoe = world.sign_in("zoe@example.com").await;
    let check = async |to, expected: &str| {
        let moved = groups::move_below(operations, &zoe, sub, to).await;
        assert_eq!(fault(moved).to_string(), expected);
    };
    check(team, "“Sub” is in “Team A” already.").await;
    check(other, "There is a group “Sub” in “Team A / Other” already. Rename one of them first.")
        .await;
    let mut deepest = sub;
    let refused = loop {
        match groups::create(operations, &zoe, deepest, "Deeper").await {
            Ok(made) => deepest = made,
            refused => break fault(refused).to_string(),
        }
    };
    assert!(refused.contains("“Team A / Sub / Deeper"), "{refused}");
}
