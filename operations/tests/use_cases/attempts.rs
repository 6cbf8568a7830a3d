//! Guesses of every secret are counted, from wherever; and nobody's guesses lock others out.

use operations::set_up::SetUp;
use operations::sign_in::SignedIn;
use operations::{Error, Operations, Result, audit, holder, locks, own_account, sign_in};
use operations::{administrators, passkeys, set_up, technicians, two_step};
use roster::account::Role;
use roster::audit::Filter;
use roster::authority::{Caller, Denied, Origin};
use roster::fault::Fault;
use roster::listing::{self, Listing, State};
use roster::many::{Change, Selection, Step};
use roster::own::Again;
use roster::page::Window;
use roster::passkey::PublicAddress;
use roster::secret::Secret;
use roster::sign_in::LockOut;

use crate::database::Database;
use crate::device::Device;
use crate::world::{PASSWORD, World, anonymous, first_account, fresh};

on_both!(
    the_present_password_is_not_guessed_within_a_session,
    a_crowd_of_guesses_in_one_session_is_counted_and_delays_nobody_else,
    one_network_of_ipv6_is_counted_as_one,
    the_set_up_code_is_not_guessed,
    guesses_from_elsewhere_do_not_lock_out_a_known_browser,
    a_passkey_passes_the_lock,
    a_right_password_without_a_code_is_no_failure,
    administrators_see_a_lock_and_lift_it,
    locked_technicians_are_found_by_who_sees_their_group,
    the_operator_lets_the_holder_in_again,
);

const TESS: &str = "tess@example.com";
const ADA: &str = "ada@example.com";

fn from(address: &str, device: Option<&Secret>) -> Caller {
    Caller::anonymous(Origin {
        address: address.to_owned(),
        agent: "a test".to_owned(),
        device: device.cloned(),
        repeat: None,
    })
}

async fn enter(world: &World, caller: &Caller, email: &str, password: &str) -> Result<SignedIn> {
    sign_in::sign_in(&world.operations, caller, email, &Secret::new(password)).await
}

fn waits<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Fault(Fault::Wait { .. })))
}

/// Guesses until the account is locked, from ever other networks.
async fn lock(world: &World, email: &str) {
    for n in 0..10 {
        let caller = from(&format!("198.51.100.{n}"), None);
        assert!(!waits(&enter(world, &caller, email, "wrong").await), "the guess {n}");
        world.clock.advance(60);
    }
    let locked = enter(world, &anonymous(), email, PASSWORD).await;
    assert!(waits(&locked), "{locked:?}");
}

async fn written(world: &World, action: &str) -> usize {
    let filter = Filter { action: action.to_owned(), ..Filter::default() };
    audit::list(&world.operations, &Caller::operator(), &filter, None).await.unwrap().lines.len()
}

async fn the_present_password_is_not_guessed_within_a_session(database: &Database) {
    let world = World::on(database).await;
    let (operations, tess) = (&world.operations, &world.technician);
    let change = async |password: &str| {
        let new = Secret::new("Hs5;vTyBn9");
        own_account::change_password(operations, tess, &Again::password(password), &new).await
    };
    let passkey = async |operations: &Operations| {
        let wrong = Again::password("wrong");
        passkeys::begin_adding(operations, tess, "Key", &wrong).await.map(|_| ())
    };
    assert!(!waits(&change("wrong").await));
    assert!(!waits(&passkey(&operations.clone().at(PublicAddress::loopback())).await));
    assert!(!waits(&two_step::end(operations, tess, &Again::password("wrong")).await));
    assert!(waits(&change(PASSWORD).await), "the fourth waits, right or wrong");
    assert_eq!(written(&world, "secret_refused").await, 3);
    enter(&world, &anonymous(), TESS, PASSWORD).await.unwrap();
    world.clock.advance(1);
    change(PASSWORD).await.unwrap();
}

async fn a_crowd_of_guesses_in_one_session_is_counted_and_delays_nobody_else(database: &Database) {
    let world = World::on(database).await;
    let tasks: Vec<_> = (0..500)
        .map(|n| {
            let (operations, tess) = (world.operations.clone(), world.technician.clone());
            tokio::spawn(async move {
                let (guess, new) =
                    (Again::password(format!("guess {n}")), Secret::new("Hs5;vTyBn9"));
                own_account::change_password(&operations, &tess, &guess, &new).await
            })
        })
        .collect();
    enter(&world, &anonymous(), "mara@example.com", PASSWORD).await.unwrap();
    let mut looked_at = 0;
    for task in tasks {
        match task.await.unwrap().unwrap_err() {
            Error::Fault(Fault::Wait { .. } | Fault::Busy { .. }) => {}
            Error::Fault(Fault::Invalid { .. }) => looked_at += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!((1..=3).contains(&looked_at), "{looked_at} passwords were compared");
}

async fn one_network_of_ipv6_is_counted_as_one(database: &Database) {
    let world = World::on(database).await;
    let mut refused = 0;
    for n in 0..40 {
        let caller = from(&format!("2001:db8:1:2::{n:x}"), None);
        let guess = enter(&world, &caller, &format!("p{n}@example.com"), "wrong").await;
        refused += usize::from(waits(&guess));
    }
    assert_eq!(refused, 10, "after thirty");
    let next_door = from("2001:db8:1:3::1", None);
    assert!(!waits(&enter(&world, &next_door, TESS, "wrong").await));
    let filter = Filter { action: "sign_in_failed".to_owned(), ..Filter::default() };
    let trail = audit::list(&world.operations, &Caller::operator(), &filter, None).await.unwrap();
    assert!(trail.lines.iter().any(|line| line.address == "2001:db8:1:2::7"), "the full address");
}

async fn the_set_up_code_is_not_guessed(database: &Database) {
    let (operations, _, _place) = fresh(database).await;
    set_up::new_code(&operations, &Caller::operator()).await.unwrap().unwrap();
    let mut refused = 0;
    for n in 0..40 {
        let caller = from(&format!("2001:db8:1:2::{n:x}"), None);
        let wish = SetUp { code: Some(Secret::new("AAAA-AAAA-AAAA")), ..first_account() };
        refused += usize::from(waits(&set_up::set_up(&operations, &caller, wish).await));
    }
    assert_eq!(refused, 10, "after thirty");
}

async fn guesses_from_elsewhere_do_not_lock_out_a_known_browser(database: &Database) {
    let world = World::on(database).await;
    let known = enter(&world, &anonymous(), ADA, PASSWORD).await.unwrap().device.unwrap();
    lock(&world, ADA).await;
    let home = from("192.0.2.1", Some(&known));
    let again = enter(&world, &home, ADA, PASSWORD).await.unwrap();
    assert_eq!(again.device, Some(known.clone()), "it stays the browser that it was");
    assert!(waits(&enter(&world, &anonymous(), ADA, PASSWORD).await), "elsewhere it stays locked");

    let made_up = from("192.0.2.1", Some(&Secret::new("0".repeat(64))));
    assert!(waits(&enter(&world, &made_up, ADA, PASSWORD).await));
    let of_another = enter(&world, &made_up, TESS, PASSWORD).await.unwrap().device.unwrap();
    assert_ne!(of_another, Secret::new("0".repeat(64)), "no token but this server's own is taken");
    let stranger = from("192.0.2.1", Some(&of_another));
    assert!(
        waits(&enter(&world, &stranger, ADA, PASSWORD).await),
        "it never signed in to this one"
    );

    for _ in 0..3 {
        assert!(!waits(&enter(&world, &home, ADA, "wrong").await));
    }
    assert!(waits(&enter(&world, &home, ADA, PASSWORD).await), "it has a counter of its own");
}

async fn a_passkey_passes_the_lock(database: &Database) {
    let mut world = World::on(database).await;
    world.operations = world.operations.at(PublicAddress::loopback());
    let (operations, ada) = (&world.operations, world.holder.clone());
    let mut device = Device::new(7);
    let question =
        passkeys::begin_adding(operations, &ada, "Key", &Again::password(PASSWORD)).await.unwrap();
    passkeys::add(operations, &ada, &question.token, &device.make(&question)).await.unwrap();
    lock(&world, ADA).await;
    let question = passkeys::ask(operations, &anonymous()).await.unwrap();
    let answer = device.give(&question);
    passkeys::sign_in(operations, &anonymous(), &question.token, &answer).await.unwrap();
}

async fn a_right_password_without_a_code_is_no_failure(database: &Database) {
    let world = World::on(database).await;
    crate::two_step::set_up(&world, &world.technician).await;
    for _ in 0..12 {
        assert!(enter(&world, &anonymous(), TESS, PASSWORD).await.unwrap().waits_for_code);
    }
    assert_eq!(written(&world, "sign_in_locked").await, 0);
}

async fn administrators_see_a_lock_and_lift_it(database: &Database) {
    let world = World::on(database).await;
    let operations = &world.operations;
    let tess = world.technician.person().unwrap().account;
    lock(&world, TESS).await;
    assert_eq!(written(&world, "sign_in_locked").await, 1, "a lock leaves its entry");
    let page = technicians::see(operations, &world.administrator, tess).await.unwrap();
    assert_eq!(page.locked.unwrap().failures, 10);
    let refused = locks::unlock(operations, &world.technician, tess).await.unwrap_err();
    assert!(matches!(refused, Error::Fault(Fault::Denied { denied: Denied::Role })));
    locks::unlock(operations, &world.administrator, tess).await.unwrap();
    enter(&world, &anonymous(), TESS, PASSWORD).await.unwrap();
    let page = technicians::see(operations, &world.administrator, tess).await.unwrap();
    assert_eq!(page.locked, None);
    assert_eq!(written(&world, "sign_in_unlocked").await, 1);

    lock(&world, "mara@example.com").await;
    let list =
        administrators::list(operations, &world.holder, "", Window::default()).await.unwrap();
    let locked: Vec<&str> =
        list.items.iter().filter(|it| it.locked.is_some()).map(|it| it.email.as_str()).collect();
    assert_eq!(locked, ["mara@example.com"]);
    let mara = world.master.person().unwrap().account;
    let oneself = locks::unlock(operations, &world.master, mara).await;
    assert!(matches!(oneself, Err(Error::Fault(Fault::Refused { .. }))));
    assert!(locks::unlock(operations, &world.administrator, mara).await.is_err());
    locks::unlock(operations, &world.holder, mara).await.unwrap();
}

async fn locked_technicians_are_found_by_who_sees_their_group(database: &Database) {
    let world = World::on(database).await;
    let operations = &world.operations;
    let tess = world.technician.person().unwrap().account;
    let otto = world.add(Role::Technician, Some(world.outside), "Otto", "otto@example.com").await;
    let only = listing::Filter { text: String::new(), state: Some(State::Locked) };
    let found = async |caller: &Caller, group| {
        let listing = Listing { filter: only.clone(), ..Listing::default() };
        let page = technicians::list(operations, caller, group, listing, Window::default()).await?;
        let locked =
            page.items.iter().filter(|line| line.locked.is_some_and(|it| it.failures == 10));
        assert_eq!(locked.count() as u64, page.total);
        Result::Ok(page.items.into_iter().map(|line| line.id).collect::<Vec<_>>())
    };
    assert!(found(&world.administrator, world.inside).await.unwrap().is_empty());
    lock(&world, TESS).await;
    lock(&world, "otto@example.com").await;
    assert_eq!(found(&world.administrator, world.inside).await.unwrap(), [tess]);
    assert_eq!(found(&world.master, world.outside).await.unwrap(), [otto]);
    let another_area = found(&world.administrator, world.outside).await;
    assert!(matches!(another_area, Err(Error::Fault(Fault::NotFound { .. }))), "{another_area:?}");
    let who = Selection::Matching { group: world.outside, filter: only.clone() };
    let step = Step { who, change: Change::Disable };
    assert!(technicians::change_many(operations, &world.administrator, &step).await.is_err());

    // Together with the refusal, the last failure of Tess being eleven minutes old.
    world.clock.advance(LockOut::default().seconds() - 660 - 1);
    assert_eq!(found(&world.administrator, world.inside).await.unwrap(), [tess]);
    assert!(waits(&enter(&world, &anonymous(), TESS, PASSWORD).await));
    world.clock.advance(1);
    assert!(found(&world.administrator, world.inside).await.unwrap().is_empty());
    enter(&world, &anonymous(), TESS, PASSWORD).await.unwrap();
}

async fn the_operator_lets_the_holder_in_again(database: &Database) {
    let world = World::on(database).await;
    let (operations, operator) = (&world.operations, Caller::operator());
    crate::two_step::set_up(&world, &world.holder).await;
    let id = world.holder.person().unwrap().account;
    lock(&world, ADA).await;
    assert!(locks::unlock(operations, &world.master, id).await.is_err());
    assert_eq!(holder::unlock(operations, &operator).await.unwrap(), 10);
    let waiting = enter(&world, &anonymous(), ADA, PASSWORD).await.unwrap();
    assert!(waiting.waits_for_code);
    holder::reset_two_step(operations, &operator).await.unwrap();
    assert!(holder::reset_two_step(operations, &operator).await.is_err(), "there is none");
    let signed_in = enter(&world, &anonymous(), ADA, PASSWORD).await.unwrap();
    assert!(!signed_in.waits_for_code);

    lock(&world, ADA).await;
    assert!(
        holder::reset_password(operations, &operator, Some(Secret::new("weak"))).await.is_err()
    );
    let made = holder::reset_password(operations, &operator, None).await.unwrap().unwrap();
    assert!(world.caller(&signed_in.token).await.is_none(), "sessions ended");
    assert!(enter(&world, &anonymous(), ADA, PASSWORD).await.is_err());
    let again = enter(&world, &anonymous(), ADA, made.reveal()).await.unwrap();
    assert!(again.must_change_password);
    assert_eq!(written(&world, "password_reset").await, 1);
}
