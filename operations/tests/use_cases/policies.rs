//! Password Policies as they are held: at sign-in, when a password is chosen, by sessions.

use crate::world::{ORGANIZATION, PASSWORD, World, anonymous};
use operations::settings::SettingsDraft;
use operations::{Error, Result, own_account, settings, sign_in};
use roster::audit::Filter;
use roster::authority::Caller;
use roster::fault::Fault;
use roster::own::Again;
use roster::password::Strength;
use roster::policy::Policies;
use roster::secret::Secret;
use roster::session::Limits;
use roster::sign_in::LockOut;

const TESS: &str = "tess@example.com";
const OTHERS: [&str; 4] = ["Hs5;vTyBn9", "Zb8#kLwQ4x", "Kt4?wZuLp9", "Wq6!nRcXv3"];

fn draft(policies: Policies) -> SettingsDraft {
    SettingsDraft {
        organization: ORGANIZATION.to_owned(),
        strength: Strength::Good,
        standard_seats: None,
        mobile_seats: None,
        default_password: None,
        default_password_days: 14,
        policies,
        two_step: roster::two_step::Required::Nobody,
    }
}

async fn set(world: &World, policies: Policies) {
    let version = settings::see(&world.operations, &world.holder).await.unwrap().version;
    settings::change(&world.operations, &world.holder, version, draft(policies)).await.unwrap();
}

async fn enter(world: &World, password: &str) -> Result<sign_in::SignedIn> {
    sign_in::sign_in(&world.operations, &anonymous(), TESS, &Secret::new(password)).await
}

async fn choose(world: &World, caller: &Caller, now: &str, new: &str) -> Result<()> {
    let again = Again::password(now);
    own_account::change_password(&world.operations, caller, &again, &Secret::new(new)).await?;
    Ok(())
}

#[tokio::test]
async fn a_password_too_old_is_changed_at_the_next_sign_in() {
    let world = World::new().await;
    let tess = world.technician.clone();
    choose(&world, &tess, PASSWORD, OTHERS[0]).await.unwrap();
    set(&world, Policies { max_age_days: Some(90), ..Policies::default() }).await;
    world.clock.advance(80 * 86_400);
    let early = enter(&world, OTHERS[0]).await.unwrap();
    assert!(!early.must_change_password);
    let early = world.caller(&early.token).await.unwrap();
    let own = own_account::see(&world.operations, &early).await.unwrap();
    assert!(own.password_expires_at.is_some(), "it is said before");

    world.clock.advance(10 * 86_400);
    let late = enter(&world, OTHERS[0]).await.unwrap();
    assert!(late.must_change_password);
    let late = world.caller(&late.token).await.unwrap();
    assert!(own_account::see(&world.operations, &late).await.is_err());
    assert_eq!(own_account::email(&world.operations, &late).await.unwrap(), TESS);
    choose(&world, &late, "", OTHERS[1]).await.unwrap();
    let token = enter(&world, OTHERS[1]).await.unwrap();
    assert!(!token.must_change_password);
}

#[tokio::test]
async fn the_last_passwords_may_not_come_again() {
    let world = World::new().await;
    set(&world, Policies { history: 3, ..Policies::default() }).await;
    let tess = &world.technician;
    let mut now = PASSWORD;
    for next in [OTHERS[0], OTHERS[1], OTHERS[2]] {
        choose(&world, tess, now, next).await.unwrap();
        now = next;
    }
    for again in [OTHERS[0], OTHERS[1], OTHERS[2]] {
        assert!(choose(&world, tess, now, again).await.is_err(), "{again}");
    }
    choose(&world, tess, now, OTHERS[3]).await.unwrap();
    choose(&world, tess, OTHERS[3], OTHERS[0]).await.unwrap();
}

#[tokio::test]
async fn guesses_at_once_are_counted_one_by_one() {
    let world = World::new().await;
    set(&world, Policies { lock_out: LockOut { failures: 5, minutes: 30 }, ..Policies::default() })
        .await;
    let guesses: Vec<_> = (0..12)
        .map(|n| {
            let operations = world.operations.clone();
            tokio::spawn(async move {
                let guess = Secret::new(format!("guess {n}"));
                sign_in::sign_in(&operations, &anonymous(), TESS, &guess).await
            })
        })
        .collect();
    let mut looked_at = 0;
    for guess in guesses {
        if !matches!(guess.await.unwrap(), Err(Error::Fault(Fault::Wait { .. }))) {
            looked_at += 1;
        }
    }
    assert_eq!(looked_at, 3, "the free ones alone");
    for _ in 0..2 {
        world.clock.advance(60);
        assert!(enter(&world, "wrong").await.is_err());
    }
    world.clock.advance(60);
    match enter(&world, PASSWORD).await {
        Err(Error::Fault(Fault::Wait { seconds })) => assert_eq!(seconds, 29 * 60),
        other => panic!("{other:?}"),
    }
    world.clock.advance(29 * 60);
    assert!(enter(&world, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn sessions_live_as_long_as_the_policy_says() {
    let world = World::new().await;
    let limits = Limits { idle_minutes: 10, hours: 1 };
    set(&world, Policies { sessions: limits, ..Policies::default() }).await;
    let signed_in = enter(&world, PASSWORD).await.unwrap();
    assert_eq!(signed_in.seconds, 3600);
    for _ in 0..6 {
        assert!(world.caller(&signed_in.token).await.is_some());
        world.clock.advance(9 * 60);
    }
    assert!(world.caller(&signed_in.token).await.is_some());
    world.clock.advance(6 * 60);
    assert!(world.caller(&signed_in.token).await.is_none(), "an hour is over");
}

#[tokio::test]
async fn a_change_is_foreseen_and_written_down() {
    let world = World::new().await;
    choose(&world, &world.technician.clone(), PASSWORD, OTHERS[0]).await.unwrap();
    world.clock.advance(40 * 86_400);
    let holder = world.sign_in("ada@example.com").await;
    let policies = Policies { max_age_days: Some(30), ..Policies::default() };
    let foreseen = settings::preview(&world.operations, &holder, &draft(policies)).await.unwrap();
    assert_eq!(foreseen, ["4 people must choose a new password at their next sign-in."]);
    let nothing = draft(Policies::default());
    assert!(settings::preview(&world.operations, &holder, &nothing).await.unwrap().is_empty());

    let version = settings::see(&world.operations, &holder).await.unwrap().version;
    let wrong = draft(Policies { history: 25, ..Policies::default() });
    assert!(settings::change(&world.operations, &holder, version, wrong).await.is_err());
    settings::change(&world.operations, &holder, version, draft(policies)).await.unwrap();
    let filter = Filter { action: "settings_changed".to_owned(), ..Filter::default() };
    let lines =
        operations::audit::list(&world.operations, &holder, &filter, None).await.unwrap().lines;
    assert_eq!(lines[0].after["maximumPasswordAgeDays"], 30);
}

#[tokio::test]
async fn licences_are_told_by_group() {
    let world = World::new().await;
    for n in 0..3 {
        world.technician_inside(&format!("t{n}@example.com")).await;
    }
    let window = roster::page::Window::default();
    let page = settings::licences(&world.operations, &world.master, window).await.unwrap();
    assert_eq!((page.total, page.items[0].path.as_str()), (1, "Inside"));
    assert_eq!((page.items[0].standard, page.items[0].mobile), (4, 0));
}
