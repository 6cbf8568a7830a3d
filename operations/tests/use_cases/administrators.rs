//! Roles and areas: who gives them to whom, and from when they hold.

use operations::{Error, Result, administrators, groups, session, sign_in};
use roster::account::{PasswordState, Role};
use roster::authority::{Caller, Denied, Origin};
use roster::fault::Fault;
use roster::id::{AccountId, GroupId};
use roster::page::Window;
use roster::secret::Secret;

use crate::world::{PASSWORD, World, anonymous, draft};

async fn account(world: &World, id: AccountId) -> roster::account::Account {
    world.store.read().await.unwrap().account(id).await.unwrap().unwrap()
}

async fn change(
    world: &World,
    caller: &Caller,
    id: AccountId,
    role: Role,
    group: Option<GroupId>,
) -> Result<()> {
    let version = account(world, id).await.version;
    administrators::change_role(&world.operations, caller, id, version, role, group).await
}

fn id(caller: &Caller) -> AccountId {
    caller.person().unwrap().account
}

fn denied(result: Result<()>) -> Denied {
    match result {
        Err(Error::Fault(Fault::Denied { denied })) => denied,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_role_and_an_area_hold_from_the_next_request_on() {
    let world = World::new().await;
    let enter = async || {
        let password = Secret::new(PASSWORD);
        sign_in::sign_in(&world.operations, &anonymous(), "alan@example.com", &password)
            .await
            .unwrap()
            .token
    };
    let next_request = async |token: &Secret| {
        session::authenticate(&world.operations, token, Origin::default()).await.unwrap()
    };
    let mut token = enter().await;
    let may_see = async |token: &Secret, group| {
        let caller = next_request(token).await.unwrap();
        groups::see(&world.operations, &caller, group).await.is_ok()
    };
    let sees = async |group| may_see(&token, group).await;
    let alan = id(&world.administrator);
    assert!(sees(world.inside).await && !sees(world.outside).await);
    administrators::assign(&world.operations, &world.master, world.outside, alan).await.unwrap();
    assert!(sees(world.outside).await);
    administrators::unassign(&world.operations, &world.master, world.outside, alan).await.unwrap();
    assert!(!sees(world.outside).await);
    change(&world, &world.master, alan, Role::Master, None).await.unwrap();
    assert!(next_request(&token).await.is_none(), "another role begins with a sign-in");
    token = enter().await;
    assert!(may_see(&token, world.outside).await);
    // Groups that were theirs before a higher role don't come back with the lower one.
    change(&world, &world.master, alan, Role::Administrator, None).await.unwrap();
    assert!(!may_see(&enter().await, world.inside).await);
}

#[tokio::test]
async fn the_holder_and_oneself_keep_their_roles() {
    let world = World::new().await;
    let (holder, master) = (id(&world.holder), id(&world.master));
    let technician = Role::Technician;
    let of_holder = change(&world, &world.master, holder, Role::Master, None).await;
    assert_eq!(denied(of_holder), Denied::OneHolder);
    let to_holder = change(&world, &world.holder, master, Role::Holder, None).await;
    assert_eq!(denied(to_holder), Denied::OneHolder);
    let own = change(&world, &world.master, master, technician, Some(world.inside)).await;
    assert_eq!(denied(own), Denied::OwnRole);
    let of_admin = change(&world, &world.administrator, master, technician, None).await;
    assert_eq!(denied(of_admin), Denied::Role);
}

#[tokio::test]
async fn who_becomes_a_technician_needs_a_group() {
    let world = World::new().await;
    let alan = id(&world.administrator);
    let change = async |group| change(&world, &world.master, alan, Role::Technician, group).await;
    for group in [None, Some(GroupId::ROOT), Some(GroupId(9999))] {
        assert!(change(group).await.is_err(), "{group:?}");
    }
    change(Some(world.outside)).await.unwrap();
    let now = account(&world, alan).await;
    assert_eq!((now.role, now.group), (Role::Technician, Some(world.outside)));
    let page = groups::see(&world.operations, &world.holder, world.outside).await.unwrap();
    assert_eq!(page.technicians, 1);
    let areas = administrators::areas(&world.operations, &world.holder, alan).await.unwrap();
    assert_eq!(areas, []);
    // Back again: the place stays.
    super::administrators::change(&world, &world.master, alan, Role::Administrator, None)
        .await
        .unwrap();
    assert_eq!(account(&world, alan).await.group, Some(world.outside));
}

#[tokio::test]
async fn an_administrator_gives_up_their_place_and_its_seats() {
    let world = World::new().await;
    let (operations, master) = (&world.operations, &world.master);
    let alan = id(&world.administrator);
    let leave = async |caller: &Caller, id, version| {
        administrators::leave_tree(operations, caller, id, version).await
    };
    change(&world, master, alan, Role::Technician, Some(world.outside)).await.unwrap();
    let version = account(&world, alan).await.version;
    let refused = leave(master, alan, version).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::Refused { .. }))), "technicians have one");
    change(&world, master, alan, Role::Administrator, None).await.unwrap();
    let used = async || {
        let settings = world.store.read().await.unwrap().settings().await.unwrap();
        settings.standard.used
    };
    let before = used().await;
    let stale = leave(master, alan, version).await;
    assert!(matches!(stale, Err(Error::Fault(Fault::Conflict { .. }))), "{stale:?}");
    leave(master, alan, version + 1).await.unwrap();
    assert_eq!((account(&world, alan).await.group, used().await), (None, before - 1));
    let page = groups::see(operations, master, world.outside).await.unwrap();
    assert_eq!(page.technicians, 0);
    assert_eq!(denied(leave(master, id(master), 1).await), Denied::OwnRole);
}

#[tokio::test]
async fn only_administrators_are_assigned() {
    let world = World::new().await;
    for person in [&world.master, &world.technician] {
        let done =
            administrators::assign(&world.operations, &world.holder, world.inside, id(person))
                .await;
        assert!(matches!(done, Err(Error::Fault(Fault::Refused { .. }))), "{done:?}");
    }
}

#[tokio::test]
async fn administrators_are_created_listed_and_found() {
    let world = World::new().await;
    let mut wish = draft("Nora New", "nora@example.com");
    wish.password = Some("Hs5;vTyBn9".to_owned());
    let nora =
        administrators::create(&world.operations, &world.master, Role::Administrator, wish.clone())
            .await
            .unwrap();
    let created = account(&world, nora).await;
    assert_eq!((created.role, created.group), (Role::Administrator, None));
    assert_eq!(created.password, PasswordState::Temporary);
    let again =
        administrators::create(&world.operations, &world.master, Role::Administrator, wish).await;
    assert!(matches!(again, Err(Error::Fault(Fault::Invalid { .. }))), "{again:?}");

    let list = async |filter: &str| {
        let window = Window::default();
        administrators::list(&world.operations, &world.master, filter, window).await.unwrap()
    };
    let names: Vec<String> = list("").await.items.into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["Ada Owner", "Alan Admin", "Mara Master", "Nora New"]);
    let alan = list("ALAN@").await.items.remove(0);
    assert_eq!(alan.groups[0].label(), "Inside");

    let search = async |group| {
        let found = administrators::search(&world.operations, &world.master, group, "a").await;
        found.unwrap().into_iter().map(|it| it.name).collect::<Vec<_>>()
    };
    assert_eq!(search(world.inside).await, ["Nora New"]);
    assert_eq!(search(world.outside).await, ["Alan Admin", "Nora New"]);
    let tier =
        groups::create(&world.operations, &world.holder, world.inside, "Tier 1").await.unwrap();
    let found = administrators::of_group(&world.operations, &world.master, tier).await.unwrap();
    let [assignment] = found.assignments.as_slice() else { panic!("{found:?}") };
    assert_eq!((assignment.name.as_str(), assignment.group), ("Alan Admin", world.inside));
}
