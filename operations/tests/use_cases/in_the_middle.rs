//! Decisions hold for what is written: whoever is promoted or moved between the question and the
//! write, and whoever loses the right to ask meanwhile, is met as they are by then.

use operations::{Error, Operations, Result, administrators, groups, technicians, two_step};
use roster::account::Role;
use roster::authority::{Caller, Denied};
use roster::fault::Fault;
use roster::id::AccountId;
use roster::many::{Change, Selection, Step};
use roster::page::Window;
use roster::permission::Rules;
use roster::secret::Secret;

use crate::database::Database;
use crate::world::{World, draft};

on_both!(
    whoever_is_promoted_or_moved_while_a_password_is_hashed_is_not_given_it,
    a_request_whose_session_ended_changes_nothing,
    an_area_that_was_taken_away_is_gone_for_requests_under_way,
);

const TEMPORARY: &str = "Hs5;vTyBn9";

/// What somebody else does while a password is hashed.
#[derive(Clone, Copy)]
enum Meanwhile {
    Promoted,
    MovedAway,
}

async fn happens(world: &Shared, id: AccountId, what: Meanwhile) {
    let (operations, holder) = (&world.operations, &world.holder);
    match what {
        Meanwhile::Promoted => {
            let version = technicians::see(operations, holder, id).await.unwrap().account.version;
            administrators::change_role(operations, holder, id, version, Role::Master, None, None)
                .await
                .unwrap();
        }
        Meanwhile::MovedAway => {
            let step =
                Step { who: Selection::Ids(vec![id]), change: Change::MoveTo(world.outside) };
            technicians::change_many(operations, holder, &step).await.unwrap();
        }
    }
}

/// Of the world, what a hook takes with it.
#[derive(Clone)]
struct Shared {
    operations: Operations,
    holder: Caller,
    outside: roster::id::GroupId,
}

/// Between the hashing and the write the clock is asked: then it happens.
fn when_the_clock_is_asked(world: &World, id: AccountId, what: Meanwhile) {
    let shared = Shared {
        operations: world.operations.clone(),
        holder: world.holder.clone(),
        outside: world.outside,
    };
    world.clock.meanwhile(move || {
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(happens(&shared, id, what));
        });
    });
}

fn is_refused<T: std::fmt::Debug>(result: Result<T>, what: Meanwhile) {
    match (what, result) {
        (
            Meanwhile::Promoted,
            Err(Error::Fault(Fault::Denied { denied: Denied::Administrator })),
        )
        | (Meanwhile::MovedAway, Err(Error::Fault(Fault::NotFound { .. }))) => {}
        (_, other) => panic!("{other:?}"),
    }
}

async fn whoever_is_promoted_or_moved_while_a_password_is_hashed_is_not_given_it(
    database: &Database,
) {
    for what in [Meanwhile::Promoted, Meanwhile::MovedAway] {
        let world = World::on(database).await;
        let id = world.technician_inside("ann@example.com").await;
        when_the_clock_is_asked(&world, id, what);
        let temporary = Some(Secret::new(TEMPORARY));
        let operations = &world.operations;
        let result =
            technicians::reset_password(operations, &world.administrator, id, temporary).await;
        is_refused(result, what);

        let world = World::on(database).await;
        let id = world.technician_inside("ann@example.com").await;
        let operations = &world.operations;
        let version = {
            let page = technicians::see(operations, &world.holder, id).await.unwrap();
            page.account.version
        };
        when_the_clock_is_asked(&world, id, what);
        let mut changed = draft("Somebody", "ann@example.com");
        changed.password = Some(TEMPORARY.to_owned());
        let result =
            technicians::edit(operations, &world.administrator, id, version, changed).await;
        is_refused(result, what);
        let page = technicians::see(operations, &world.holder, id).await.unwrap();
        assert_eq!(page.account.password, roster::account::PasswordState::Starting);
    }
}

/// Each change that an administrator could make a moment ago, by the name of its use case.
async fn every_change(world: &World, caller: &Caller, id: AccountId) -> Vec<(&'static str, Fault)> {
    let operations = &world.operations;
    let inside = world.inside;
    let mut found = Vec::new();
    let mut note = |name, result: Result<()>| match result {
        Err(Error::Fault(fault)) => found.push((name, fault)),
        other => panic!("{name}: {other:?}"),
    };
    let step = |change| Step { who: Selection::Ids(vec![id]), change };
    let edited = draft("Other", "ann@example.com");
    note("edit", technicians::edit(operations, caller, id, 1, edited).await.map(|_| ()));
    let temporary = Some(Secret::new(TEMPORARY));
    note("reset", technicians::reset_password(operations, caller, id, temporary).await.map(|_| ()));
    note("end sessions", technicians::end_sessions(operations, caller, id).await.map(|_| ()));
    note("reset two-step", two_step::reset(operations, caller, id).await);
    let disable = step(Change::Disable);
    note("disable", technicians::change_many(operations, caller, &disable).await.map(|_| ()));
    let new = draft("New", "new@example.com");
    note("create", technicians::create(operations, caller, inside, new).await.map(|_| ()));
    note("create group", groups::create(operations, caller, inside, "New").await.map(|_| ()));
    note("rename", groups::rename(operations, caller, inside, 1, "Other").await);
    note("group two-step", two_step::set_of_group(operations, caller, inside, true).await);
    let rules = Rules::default();
    note("rules", groups::set_permissions(operations, caller, inside, &rules, &rules).await);
    found
}

async fn a_request_whose_session_ended_changes_nothing(database: &Database) {
    let world = World::on(database).await;
    let id = world.technician_inside("ann@example.com").await;
    let (operations, account) = (&world.operations, world.administrator.person().unwrap().account);
    technicians::end_sessions(operations, &world.holder, account).await.unwrap();
    for (name, fault) in every_change(&world, &world.administrator, id).await {
        assert_eq!(fault, Fault::from(Denied::NotSignedIn), "{name}");
    }
    let master = world.master.person().unwrap().account;
    technicians::end_sessions(operations, &world.holder, master).await.unwrap();
    let result = administrators::create(
        operations,
        &world.master,
        Role::Master,
        draft("New", "new@example.com"),
    );
    let Err(Error::Fault(fault)) = result.await else { panic!("created") };
    assert_eq!(fault, Fault::from(Denied::NotSignedIn));
    let list = administrators::list(operations, &world.holder, "", Window::default()).await;
    assert_eq!(list.unwrap().total, 3);
}

async fn an_area_that_was_taken_away_is_gone_for_requests_under_way(database: &Database) {
    let world = World::on(database).await;
    let id = world.technician_inside("ann@example.com").await;
    let (operations, account) = (&world.operations, world.administrator.person().unwrap().account);
    administrators::unassign(operations, &world.holder, world.inside, account).await.unwrap();
    for (name, fault) in every_change(&world, &world.administrator, id).await {
        assert!(matches!(fault, Fault::NotFound { .. }), "{name}: {fault:?}");
    }
}
