//! Passwords and sessions of others, and what there is to know of them.

use operations::{Error, own_account, sign_in, technicians};
use roster::account::PasswordState;
use roster::fault::Fault;
use roster::secret::Secret;

use crate::world::{World, anonymous};

const TEMPORARY: &str = "Hs5;vTyBn9";

#[tokio::test]
async fn a_password_that_is_reset_works_until_a_new_one_is_chosen() {
    let world = World::new().await;
    let tess = world.technician.person().unwrap().account;
    let reset = async |password: Option<&str>| {
        let password = password.map(Secret::new);
        technicians::reset_password(&world.operations, &world.administrator, tess, password).await
    };
    for wrong in [Some("short"), Some("Tess Tech 1!"), None] {
        let refused = reset(wrong).await;
        assert!(matches!(refused, Err(Error::Fault(Fault::Invalid { .. }))), "{refused:?}");
    }
    reset(Some(TEMPORARY)).await.unwrap();
    let sessions =
        technicians::sessions(&world.operations, &world.administrator, tess).await.unwrap();
    assert_eq!(sessions, []);
    let account = world.store.read().await.unwrap().account(tess).await.unwrap().unwrap();
    assert_eq!(account.password, PasswordState::Temporary);
    let signed_in = sign_in::sign_in(
        &world.operations,
        &anonymous(),
        "tess@example.com",
        &Secret::new(TEMPORARY),
    )
    .await
    .unwrap();
    assert!(signed_in.must_change_password);
}

#[tokio::test]
async fn who_may_not_change_a_person_resets_nothing() {
    let world = World::new().await;
    let (master, holder) =
        (world.master.person().unwrap().account, world.holder.person().unwrap().account);
    let reset = async |caller, id| {
        let password = Some(Secret::new(TEMPORARY));
        technicians::reset_password(&world.operations, caller, id, password).await.unwrap_err()
    };
    let of_holder = reset(&world.master, holder).await;
    assert!(matches!(of_holder, Error::Fault(Fault::Denied { .. })), "{of_holder:?}");
    let own = reset(&world.master, master).await;
    assert!(matches!(own, Error::Fault(Fault::Invalid { .. })), "{own:?}");
    let of_master = reset(&world.administrator, master).await;
    assert!(matches!(of_master, Error::Fault(Fault::NotFound { .. })), "{of_master:?}");
}

#[tokio::test]
async fn sessions_are_ended_one_by_one_or_all() {
    let world = World::new().await;
    let tess = world.technician.person().unwrap().account;
    world.sign_in("tess@example.com").await;
    world.sign_in("tess@example.com").await;
    let sessions = async || {
        technicians::sessions(&world.operations, &world.administrator, tess).await.unwrap()
    };
    let there = sessions().await;
    assert_eq!(there.len(), 3);
    assert!(there.iter().all(|session| !session.current));
    technicians::end_session(&world.operations, &world.administrator, tess, there[0].id)
        .await
        .unwrap();
    assert_eq!(sessions().await.len(), 2);
    let ended = technicians::end_sessions(&world.operations, &world.administrator, tess).await;
    assert_eq!(ended.unwrap(), 2);

    // Of one's own the one that asks is left.
    let master = world.master.person().unwrap();
    world.sign_in("mara@example.com").await;
    let ended = technicians::end_sessions(&world.operations, &world.master, master.account).await;
    assert_eq!(ended.unwrap(), 1);
    assert!(own_account::see(&world.operations, &world.master).await.is_ok());
}

#[tokio::test]
async fn it_is_told_who_made_an_account() {
    let world = World::new().await;
    let id = world.technician_inside("new@example.com").await;
    let found = technicians::created_by(&world.operations, &world.administrator, id).await.unwrap();
    assert_eq!((found.who.as_deref(), found.import), (Some("Ada Owner"), None));
}
