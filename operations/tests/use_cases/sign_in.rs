//! Signing in: the same answer for all that is wrong, growing delays, forced new passwords.

use crate::world::{ORGANIZATION, PASSWORD, World, anonymous, draft};
use operations::settings::SettingsDraft;
use operations::{Error, own_account, settings, sign_in, technicians};
use roster::fault::Fault;
use roster::own::Again;
use roster::password::Strength;
use roster::policy::Policies;
use roster::secret::Secret;

fn fault<T: std::fmt::Debug>(result: operations::Result<T>) -> Fault {
    match result {
        Err(Error::Fault(fault)) => fault,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

async fn try_password(
    world: &World,
    email: &str,
    password: &str,
) -> operations::Result<sign_in::SignedIn> {
    sign_in::sign_in(&world.operations, &anonymous(), email, &Secret::new(password)).await
}

#[tokio::test]
async fn everything_wrong_is_answered_alike() {
    let world = World::new().await;
    let disabled = technicians::create(
        &world.operations,
        &world.holder,
        world.inside,
        roster::fields::Draft {
            enabled: false,
            password: Some(PASSWORD.to_owned()),
            ..draft("Dora", "dora@example.com")
        },
    )
    .await;
    assert!(disabled.is_ok());
    let wrong = fault(try_password(&world, "ada@example.com", "wrong").await);
    for (email, password) in [
        ("nobody@example.com", PASSWORD),
        ("not an address", PASSWORD),
        ("dora@example.com", PASSWORD),
        ("ada@example.com", ""),
    ] {
        assert_eq!(fault(try_password(&world, email, password).await), wrong, "{email}");
    }
    assert!(try_password(&world, " ADA@Example.COM ", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn failures_delay_the_next_try_and_a_quiet_time_forgives() {
    let world = World::new().await;
    for _ in 0..3 {
        fault(try_password(&world, "tess@example.com", "wrong").await);
    }
    let held = fault(try_password(&world, "tess@example.com", PASSWORD).await);
    assert_eq!(held, Fault::Wait { seconds: 1 });
    assert!(try_password(&world, "mara@example.com", PASSWORD).await.is_ok(), "another account");
    world.clock.advance(1);
    assert!(try_password(&world, "tess@example.com", PASSWORD).await.is_ok());
    for _ in 0..3 {
        fault(try_password(&world, "tess@example.com", "wrong").await);
    }
    world.clock.advance(15 * 60);
    assert!(try_password(&world, "tess@example.com", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_session_ends_when_idle() {
    let world = World::new().await;
    let token = try_password(&world, "tess@example.com", PASSWORD).await.unwrap().token;
    world.clock.advance(59 * 60);
    assert!(world.caller(&token).await.is_some());
    world.clock.advance(59 * 60);
    assert!(world.caller(&token).await.is_some(), "each use keeps it alive");
    world.clock.advance(60 * 60);
    assert!(world.caller(&token).await.is_none());
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session() {
    let world = World::new().await;
    let token = try_password(&world, "tess@example.com", PASSWORD).await.unwrap().token;
    assert_eq!(own_account::end_sessions(&world.operations, &world.technician).await.unwrap(), 2);
    assert!(world.caller(&token).await.is_none());
}

#[tokio::test]
async fn the_default_password_signs_in_until_it_expires_and_must_be_changed() {
    let world = World::new().await;
    world.technician_inside("nina@example.com").await;
    let default = "Zb8#kLwQ4x";
    fault(try_password(&world, "nina@example.com", default).await);
    let wish = SettingsDraft {
        organization: ORGANIZATION.to_owned(),
        strength: Strength::Good,
        standard_seats: None,
        mobile_seats: None,
        default_password: Some(Secret::new(default)),
        default_password_days: 14,
        policies: Policies::default(),
        two_step: roster::two_step::Required::Nobody,
    };
    let version = settings::see(&world.operations, &world.holder).await.unwrap().version;
    settings::change(&world.operations, &world.holder, version, wish).await.unwrap();

    let signed_in = try_password(&world, "nina@example.com", default).await.unwrap();
    assert!(signed_in.must_change_password);
    let nina = world.caller(&signed_in.token).await.unwrap();
    let refused = fault(own_account::see(&world.operations, &nina).await);
    assert!(matches!(refused, Fault::Denied { .. }));
    let change = async |new: &str| {
        own_account::change_password(&world.operations, &nina, &Again::default(), &Secret::new(new))
            .await
    };
    fault(change("weak").await);
    fault(change(default).await);
    change("Hs5;vTyBn9").await.unwrap();
    assert!(try_password(&world, "nina@example.com", default).await.is_err());
    let again = try_password(&world, "nina@example.com", "Hs5;vTyBn9").await.unwrap();
    assert!(!again.must_change_password);

    world.technician_inside("otto@example.com").await;
    world.clock.advance(14 * 86_400);
    fault(try_password(&world, "otto@example.com", default).await);
}

#[tokio::test]
async fn a_password_set_by_an_administrator_is_temporary() {
    let world = World::new().await;
    let id = world.technician_inside("nina@example.com").await;
    let wish = roster::fields::Draft {
        password: Some("Hs5;vTyBn9".to_owned()),
        ..draft("Nina", "nina@example.com")
    };
    technicians::edit(&world.operations, &world.administrator, id, 1, wish).await.unwrap();
    let signed_in = try_password(&world, "nina@example.com", "Hs5;vTyBn9").await.unwrap();
    assert!(signed_in.must_change_password);
}

#[tokio::test]
async fn disabling_ends_sessions_at_once() {
    let world = World::new().await;
    let token = try_password(&world, "tess@example.com", PASSWORD).await.unwrap().token;
    let tess = world.technician.person().unwrap().account;
    let page = technicians::see(&world.operations, &world.administrator, tess).await.unwrap();
    let wish = roster::fields::Draft { enabled: false, ..draft("Tess Tech", "tess@example.com") };
    technicians::edit(&world.operations, &world.administrator, tess, page.account.version, wish)
        .await
        .unwrap();
    assert!(world.caller(&token).await.is_none());
}
