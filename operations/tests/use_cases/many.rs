//! Many technicians at once: moved, enabled, disabled, licensed, deleted, and taken back.

use operations::export::Format;
use operations::settings::SettingsDraft;
use operations::{Error, export, groups, settings, technicians};
use roster::account::Role;
use roster::audit::{Filter, Subjects};
use roster::authority::{Caller, Denied};
use roster::fault::Fault;
use roster::id::{AccountId, GroupId};
use roster::listing;
use roster::many::{Change, License, Outcome, Selection, Step};
use roster::password::Strength;

use crate::world::{ORGANIZATION, World, draft};

fn ids(ids: &[AccountId]) -> Selection {
    Selection::Ids(ids.to_vec())
}

async fn change(world: &World, by: &Caller, who: Selection, change: Change) -> Outcome {
    let step = Step { who, change };
    technicians::change_many(&world.operations, by, &step).await.unwrap()
}

async fn refusal(world: &World, by: &Caller, id: AccountId, change: Change) -> Fault {
    let step = Step { who: ids(&[id]), change };
    match technicians::change_many(&world.operations, by, &step).await.unwrap_err() {
        Error::Fault(fault) => fault,
        other => panic!("{other}"),
    }
}

async fn people(world: &World, count: usize) -> Vec<AccountId> {
    let mut made = Vec::new();
    for n in 0..count {
        made.push(world.technician_inside(&format!("p{n}@example.com")).await);
    }
    made
}

async fn group_of(world: &World, id: AccountId) -> Option<GroupId> {
    world.store.read().await.unwrap().account(id).await.unwrap().unwrap().group
}

async fn seats(world: &World, standard: Option<u32>) {
    let now = settings::see(&world.operations, &world.holder).await.unwrap();
    let wish = SettingsDraft {
        organization: ORGANIZATION.to_owned(),
        strength: Strength::Good,
        standard_seats: standard,
        mobile_seats: None,
        default_password: None,
        default_password_days: 14,
        policies: roster::policy::Policies::default(),
        two_step: roster::two_step::Required::Nobody,
    };
    settings::change(&world.operations, &world.holder, now.version, wish).await.unwrap();
}

async fn used(world: &World) -> u32 {
    world.store.read().await.unwrap().settings().await.unwrap().standard.used
}

#[tokio::test]
async fn many_are_moved_and_moved_back_to_where_each_was() {
    let world = World::new().await;
    let mut made = people(&world, 3).await;
    made.push(world.add(Role::Technician, Some(world.outside), "Olga", "olga@example.com").await);
    let target =
        groups::create(&world.operations, &world.holder, GroupId::ROOT, "Target").await.unwrap();
    let moved = change(&world, &world.master, ids(&made), Change::MoveTo(target)).await;
    assert_eq!((moved.changed, moved.left.len(), moved.undo.len()), (4, 0, 2));
    for id in &made {
        assert_eq!(group_of(&world, *id).await, Some(target));
    }
    let again = change(&world, &world.master, ids(&made), Change::MoveTo(target)).await;
    assert_eq!((again.changed, again.left.len()), (0, 4));
    assert_eq!(again.left[3].reason, "They are in this group already.");
    let back = technicians::take_back(&world.operations, &world.master, &moved.undo).await.unwrap();
    assert_eq!((back.changed, back.left.len()), (4, 0));
    assert_eq!(group_of(&world, made[0]).await, Some(world.inside));
    assert_eq!(group_of(&world, made[3]).await, Some(world.outside));
    let mut reader = world.store.read().await.unwrap();
    let audit = reader.audit(Subjects::All, &Filter::default(), None, 8).await.unwrap();
    assert!(audit.iter().all(|entry| entry.action == "technician_moved"));
    assert_eq!(audit[7].before["group"], "Inside");
    assert_eq!(audit[7].after["group"], "Target");
}

#[tokio::test]
async fn all_that_match_a_filter_are_meant() {
    let world = World::new().await;
    people(&world, 12).await;
    let filter = listing::Filter { text: "p1".to_owned(), state: None };
    let who = Selection::Matching { group: world.inside, filter };
    let done = change(&world, &world.administrator, who, Change::Disable).await;
    // p1, p10, p11
    assert_eq!((done.changed, done.left.len()), (3, 0));
}

#[tokio::test]
async fn who_is_selected_is_exported_as_far_as_one_may_see_them() {
    let world = World::new().await;
    let ids = people(&world, 3).await;
    let outsider = technicians::create(
        &world.operations,
        &world.master,
        world.outside,
        draft("Olga", "olga@example.com"),
    );
    let outsider = outsider.await.unwrap().id;
    let who = Selection::Ids(vec![ids[0], ids[2], outsider]);
    let export = async |caller| {
        let file = export::selected(&world.operations, caller, &who, Format::Csv).await.unwrap();
        String::from_utf8(file).unwrap().lines().count() - 1
    };
    assert_eq!(export(&world.administrator).await, 2);
    assert_eq!(export(&world.master).await, 3);
}

#[tokio::test]
async fn more_than_ten_thousand_are_refused() {
    let world = World::new().await;
    let who = Selection::Ids((1..=10_001).map(AccountId).collect());
    let step = Step { who, change: Change::Enable };
    let refused = technicians::change_many(&world.operations, &world.master, &step).await;
    assert!(refused.unwrap_err().to_string().starts_with("At most 10,000 technicians"));
}

#[tokio::test]
async fn disabling_ends_sessions_and_frees_seats_and_enabling_takes_them() {
    let world = World::new().await;
    let tess = world.technician.person().unwrap().account;
    let made = people(&world, 2).await;
    assert_eq!(used(&world).await, 3);
    let all = ids(&[tess, made[0], made[1]]);
    let off = change(&world, &world.administrator, all.clone(), Change::Disable).await;
    assert_eq!((off.changed, used(&world).await), (3, 0));
    let session = world.technician.person().unwrap().account;
    let left = world.store.read().await.unwrap().sessions_of(session).await.unwrap();
    assert!(left.is_empty());

    seats(&world, Some(2)).await;
    let on = technicians::take_back(&world.operations, &world.administrator, &off.undo).await;
    let on = on.unwrap();
    assert_eq!((on.changed, used(&world).await), (2, 2));
    let names: Vec<_> = on.left.iter().map(|left| left.name.as_str()).collect();
    assert_eq!(names, ["Somebody"]);
    assert!(on.left[0].reason.starts_with("No standard seat is left."), "{}", on.left[0].reason);
    let fault = refusal(&world, &world.administrator, made[1], Change::Enable).await;
    assert!(fault.to_string().starts_with("No standard seat is left."));
}

#[tokio::test]
async fn licences_are_given_and_taken() {
    let world = World::new().await;
    let made = people(&world, 2).await;
    let take = Change::Take(License::Standard);
    let taken = change(&world, &world.master, ids(&made), take).await;
    assert_eq!((taken.changed, used(&world).await), (2, 1));
    let given = change(&world, &world.master, ids(&made), Change::Give(License::Mobile)).await;
    assert_eq!(given.changed, 2);
    technicians::take_back(&world.operations, &world.master, &taken.undo).await.unwrap();
    assert_eq!(used(&world).await, 3);
}

#[tokio::test]
async fn the_deleted_are_gone_with_their_seats() {
    let world = World::new().await;
    let made = people(&world, 3).await;
    let gone = AccountId(9999);
    let who = ids(&[made[0], gone, made[1], made[0]]);
    let done = change(&world, &world.administrator, who, Change::Delete).await;
    assert_eq!((done.changed, done.undo.len(), used(&world).await), (2, 0, 2));
    assert_eq!((done.left.len(), done.left[0].id), (1, gone));
    let page = groups::see(&world.operations, &world.master, world.inside).await.unwrap();
    assert_eq!(page.technicians, 2);
}

#[tokio::test]
async fn some_stay_whoever_asks() {
    let world = World::new().await;
    let holder = world.holder.person().unwrap().account;
    let operator = Caller::operator();
    for what in [Change::Disable, Change::Delete, Change::MoveTo(world.inside)] {
        let fault = refusal(&world, &operator, holder, what).await;
        assert_eq!(fault, Fault::Denied { denied: Denied::HolderStays });
        let fault = refusal(&world, &world.master, holder, what).await;
        assert_eq!(fault, Fault::Denied { denied: Denied::Holder });
    }
    let master = world.master.person().unwrap().account;
    for what in [Change::Disable, Change::Delete] {
        let fault = refusal(&world, &world.master, master, what).await;
        assert_eq!(fault, Fault::Denied { denied: Denied::Oneself });
    }
    let tess = world.technician.person().unwrap().account;
    let fault = refusal(&world, &world.master, tess, Change::MoveTo(GroupId::ROOT)).await;
    assert_eq!(fault, Fault::Denied { denied: Denied::AtRoot });
    // An administrator with a place is moved by a master administrator alone.
    let placed = world.add(Role::Administrator, Some(world.inside), "Asa", "asa@example.com").await;
    let lab = groups::create(&world.operations, &operator, world.inside, "Lab").await.unwrap();
    let fault = refusal(&world, &world.administrator, placed, Change::MoveTo(lab)).await;
    assert_eq!(fault, Fault::Denied { denied: Denied::Administrator });
    assert_eq!(change(&world, &world.master, ids(&[placed]), Change::MoveTo(lab)).await.changed, 1);
}

#[tokio::test]
async fn outside_ones_area_nobody_is_named() {
    let world = World::new().await;
    let olga = world.add(Role::Technician, Some(world.outside), "Olga", "olga@example.com").await;
    let inside = world.technician_inside("p@example.com").await;
    let done = change(&world, &world.administrator, ids(&[olga, inside]), Change::Disable).await;
    assert_eq!((done.changed, done.left.len()), (1, 1));
    assert_eq!((done.left[0].id, done.left[0].name.as_str()), (olga, ""));
    let fault = refusal(&world, &world.administrator, inside, Change::MoveTo(world.outside)).await;
    assert!(matches!(fault, Fault::NotFound { .. }), "{fault}");
}

#[tokio::test]
async fn a_search_finds_who_is_within_ones_areas() {
    let world = World::new().await;
    world.add(Role::Technician, Some(world.outside), "Tessa", "tessa@example.com").await;
    let check = async |by: &Caller, expected: &[&str]| {
        let found = technicians::search(&world.operations, by, " TESS ").await.unwrap();
        let found: Vec<_> = found.iter().map(|hit| hit.name.as_str()).collect();
        assert_eq!(found, expected);
    };
    check(&world.master, &["Tess Tech", "Tessa"]).await;
    check(&world.administrator, &["Tess Tech"]).await;
}
