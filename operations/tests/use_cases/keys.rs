//! The keys outside the database: what lies in it says nothing without them, what is from before them
//! is written anew, and they can be changed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::device::Device;
use crate::two_step::{App, set_up};
use crate::world::{PASSWORD, World, anonymous};
use operations::keys::{self, Dropped, KeyError, Keys, Lost};
use operations::{Clock, Operations, audit, passkeys, sign_in, two_step};
use roster::audit::Filter;
use roster::audit::chain::{Fault, Noted};
use roster::authority::Caller;
use roster::hexadecimal;
use roster::id::AccountId;
use roster::own::Again;
use roster::passkey::PublicAddress;
use roster::secret::Secret;
use sha2::{Digest as _, Sha256};
use store::{Owner, Store, Written};

fn account(caller: &Caller) -> AccountId {
    caller.person().unwrap().account
}

/// A recovery code's hash as it was kept before there were keys.
fn digest(code: &Secret) -> String {
    hexadecimal::of(&Sha256::digest(roster::two_step::recovery_code(code.reveal()).as_bytes()))
}

/// The app shows a right code, and each of the recovery codes that are given with it works once.
async fn works(world: &World, operations: &Operations, app: &App, codes: &mut Vec<Secret>) {
    let holder = &world.holder;
    let code = codes.pop().unwrap();
    *codes = two_step::renew_codes(operations, holder, &Again::code(code.reveal())).await.unwrap();
    let again = two_step::renew_codes(operations, holder, &Again::code(code.reveal())).await;
    assert!(again.is_err(), "a recovery code works once");
    world.clock.advance(60);
    *codes =
        two_step::renew_codes(operations, holder, &Again::code(app.shows(world))).await.unwrap();
    world.clock.advance(60);
}

async fn reopened(world: &World) -> Result<Operations, KeyError> {
    // A store of its own, as another process has.
    let database = world.store.file().unwrap().display().to_string();
    let store = Store::open(&format!("sqlite:{database}")).await.unwrap();
    let keys = Keys::of(&store, None, world.clock.now()).await?;
    Ok(Operations::with(store, world.clock.clone(), keys))
}

async fn whole(operations: &Operations) -> audit::Verified {
    let operator = Caller::operator();
    let verified = audit::verify(operations, &operator, audit::Expected::default()).await.unwrap();
    assert_eq!(verified.broken, None);
    verified
}

#[tokio::test]
async fn the_database_alone_gives_no_code_away() {
    let world = World::new().await;
    let (app, codes) = set_up(&world, &world.holder).await;
    let mut reader = world.store.read().await.unwrap();
    let kept = reader.two_step(account(&world.holder)).await.unwrap().unwrap();
    assert!(!kept.secret.contains(&hexadecimal::of(&app.0)), "{}", kept.secret);
    let hashes = reader.code_hashes_of(account(&world.holder)).await.unwrap();
    assert_eq!(hashes.len(), 10);
    for guessed in codes.iter().map(digest) {
        assert!(hashes.iter().all(|hash| !hash.contains(&guessed)));
    }
}

#[tokio::test]
async fn a_secret_is_of_no_use_in_another_account() {
    let world = World::new().await;
    let (app, _) = set_up(&world, &world.holder).await;
    set_up(&world, &world.master).await;
    let mut tx = world.store.write().await.unwrap();
    let own = tx.two_step(account(&world.holder)).await.unwrap().unwrap().secret;
    let other = account(&world.master);
    let was = tx.two_step(other).await.unwrap().unwrap().secret;
    let permit = tx.operate(&Caller::operator()).unwrap();
    let row = (Owner::Account(other), was);
    tx.write_anew(&permit, Written::AppSecrets, &row, &own).await.unwrap();
    tx.commit_bookkeeping().await.unwrap();
    let again = Again::code(app.shows(&world));
    let refused = two_step::renew_codes(&world.operations, &world.master, &again).await;
    assert!(matches!(refused, Err(operations::Error::Internal(_))), "{refused:?}");
}

#[tokio::test]
async fn what_is_from_before_the_keys_is_written_anew_and_works_on() {
    let world = World::new().await;
    let (app, mut codes) = set_up(&world, &world.holder).await;
    let holder = account(&world.holder);
    // As an earlier version kept it.
    let mut tx = world.store.write().await.unwrap();
    let sealed = tx.two_step(holder).await.unwrap().unwrap().secret;
    let operate = tx.operate(&Caller::operator()).unwrap();
    let row = (Owner::Account(holder), sealed);
    tx.write_anew(&operate, Written::AppSecrets, &row, &hexadecimal::of(&app.0)).await.unwrap();
    let hashes: Vec<String> = codes.iter().map(digest).collect();
    let session = world.holder.person().unwrap().session;
    tx.set_recovery_codes(&operate, holder, &hashes, session).await.unwrap();
    tx.commit_bookkeeping().await.unwrap();
    let again = Again::code(app.shows(&world));
    let refused = two_step::renew_codes(&world.operations, &world.holder, &again).await;
    assert!(refused.is_err(), "a secret that anybody could have written is not taken");

    keys::rotate(&world.operations, &Caller::operator()).await.unwrap();
    let mut reader = world.store.read().await.unwrap();
    let kept = reader.two_step(holder).await.unwrap().unwrap();
    assert!(kept.secret.starts_with("2-"), "{}", kept.secret);
    for hash in reader.code_hashes_of(holder).await.unwrap() {
        assert!(hash.starts_with("2-"), "{hash}");
    }
    drop(reader);
    works(&world, &world.operations, &app, &mut codes).await;
}

#[tokio::test]
async fn keys_are_changed_while_servers_are_at_work() {
    let world = World::new().await;
    let (app, mut codes) = set_up(&world, &world.holder).await;
    let other = reopened(&world).await.unwrap();
    let operator = Caller::operator();
    let rotated = keys::rotate(&other, &operator).await.unwrap();
    assert_eq!((rotated.key, rotated.earlier), (2, vec![1]));
    // The server that was there before learns of it.
    works(&world, &world.operations, &app, &mut codes).await;
    let verified = whole(&world.operations).await;
    assert!(verified.head.hash.starts_with("2-"), "{}", verified.head.hash);
    assert_eq!(keys::rotate(&world.operations, &operator).await.unwrap().earlier, [1, 2]);
    let mut reader = world.store.read().await.unwrap();
    for hash in reader.code_hashes_of(account(&world.holder)).await.unwrap() {
        assert!(hash.starts_with("3.2-"), "{hash}");
    }
    drop(reader);

    // The earlier keys leave the file.
    let file = world.operations.key_file().to_owned();
    let text = fs::read_to_string(&file).unwrap();
    let (_, left) = text.split_once("\n3 ").unwrap();
    fs::write(&file, ["3 ", left].concat()).unwrap();
    let later = reopened(&world).await.unwrap();
    works(&world, &later, &app, &mut codes).await;
    whole(&later).await;
    assert_eq!(keys::rotate(&later, &operator).await.unwrap().earlier, [3]);
    works(&world, &later, &app, &mut codes).await;
    whole(&later).await;
}

#[tokio::test]
async fn a_wrong_or_missing_key_file_is_refused() {
    let world = World::new().await;
    let file = world.operations.key_file().to_owned();
    let right = fs::read(&file).unwrap();
    let refused = async || reopened(&world).await.map(drop).unwrap_err();
    let other = format!("1 {}", "5a".repeat(32));
    fs::write(&file, &other).unwrap();
    assert!(matches!(refused().await, KeyError::Wrong { key: 1, .. }));
    fs::write(&file, other.replacen('1', "2", 1)).unwrap();
    assert!(matches!(refused().await, KeyError::Lacks { key: 1, .. }));
    fs::write(&file, "no key").unwrap();
    assert!(matches!(refused().await, KeyError::NotAKeyFile { line: 1, .. }));
    fs::write(&file, &right).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(refused().await, KeyError::Open { mode: 0o644, .. }));
    fs::remove_file(&file).unwrap();
    assert!(matches!(refused().await, KeyError::Lost(_)), "no other is made in its place");
    assert!(!file.exists());
    keys::make_file(&Caller::operator(), &file).unwrap();
    assert!(matches!(refused().await, KeyError::Wrong { .. }));
}

async fn lost(world: &World) -> Result<Lost, KeyError> {
    let database = world.store.file().unwrap().display().to_string();
    let store = Store::open(&format!("sqlite:{database}")).await.unwrap();
    Lost::of(store, None, world.clock.now()).await
}

async fn verified(operations: &Operations, expected: audit::Expected) -> audit::Verified {
    audit::verify(operations, &Caller::operator(), expected).await.unwrap()
}

#[tokio::test]
async fn a_lost_key_file_keeps_nobody_out() {
    let mut world = World::new().await;
    world.operations = world.operations.at(PublicAddress::loopback());
    let operator = Caller::operator();
    let file = world.operations.key_file().to_owned();
    set_up(&world, &world.holder).await;
    let mut device = Device::new(7);
    let question =
        passkeys::begin_adding(&world.operations, &world.master, "Key", &Again::password(PASSWORD))
            .await
            .unwrap();
    passkeys::add(&world.operations, &world.master, &question.token, &device.make(&question))
        .await
        .unwrap();
    let waits = crate::two_step::enter(&world, "ada@example.com").await;
    assert!(waits.waits_for_code);
    let right = fs::read(&file).unwrap();
    assert!(matches!(lost(&world).await.map(drop), Err(KeyError::NotLost(_))));
    fs::write(&file, format!("1 {}", "5a".repeat(32))).unwrap();
    assert!(matches!(lost(&world).await.map(drop), Err(KeyError::InTheWay(_))));
    fs::write(&file, "no key").unwrap();
    assert!(matches!(lost(&world).await.map(drop), Err(KeyError::InTheWay(_))));
    fs::remove_file(&file).unwrap();
    let refused = reopened(&world).await.map(drop).unwrap_err();
    assert!(refused.to_string().contains("muster key replace --lost"), "{refused}");
    assert!(lost(&world).await.unwrap().replace(&anonymous()).await.is_err());
    assert!(!file.exists());

    let dropped = Dropped { apps: 1, codes: 2, starting: 0, sessions: 4 };
    assert_eq!(lost(&world).await.unwrap().would_drop(&operator).await.unwrap(), dropped);
    let replaced = lost(&world).await.unwrap().replace(&operator).await.unwrap();
    assert_eq!((replaced.key, replaced.dropped), (2, dropped));
    assert_ne!(fs::read(&file).unwrap(), right);
    assert!(matches!(lost(&world).await.map(drop), Err(KeyError::NotLost(_))));

    // A server that was running goes on, as one does that starts now.
    let later = reopened(&world).await.unwrap();
    assert!(
        sign_in::sign_in(&later, &anonymous(), "tess@example.com", &Secret::new(PASSWORD))
            .await
            .is_ok()
    );
    let mut reader = world.store.read().await.unwrap();
    assert!(reader.sessions_of(account(&world.holder)).await.unwrap().is_empty());
    assert!(reader.has_passkeys(account(&world.master)).await.unwrap());
    drop(reader);
    assert!(two_step::confirm(&later, &anonymous(), &waits.token, "123456").await.is_err());
    assert!(crate::two_step::enter(&world, "mara@example.com").await.waits_for_code);
    let holder = world.sign_in("ada@example.com").await;
    let (app, mut codes) = set_up(&world, &holder).await;
    world.holder = holder;
    works(&world, &world.operations, &app, &mut codes).await;
    keys::rotate(&later, &operator).await.unwrap();
    works(&world, &world.operations, &app, &mut codes).await;
}

/// Whoever can write to the database and its folder can have the keys replaced: that doesn't hide
/// what they changed.
#[tokio::test]
async fn replacing_the_keys_shows_in_the_trail_and_hides_no_change() {
    let world = World::new().await;
    set_up(&world, &world.holder).await;
    let head = audit::head(&world.operations, &Caller::operator()).await.unwrap();
    let noted = Noted { entry: head.last, hash: head.hash.clone() };
    fs::remove_file(world.operations.key_file()).unwrap();
    let replaced = lost(&world).await.unwrap().replace(&Caller::operator()).await.unwrap();
    assert_eq!(replaced.begins_after, head.last);

    let operations = reopened(&world).await.unwrap();
    let found = verified(&operations, audit::Expected::default()).await;
    assert!(found.key_replaced);
    assert_eq!(found.broken.map(|it| it.fault), Some(Fault::Unchained), "it is not whole");
    let accepted = audit::Expected { begins_after: replaced.begins_after, since: None };
    let found = verified(&operations, accepted.clone()).await;
    assert_eq!((found.broken, found.key_replaced, found.entries), (None, true, 2));
    let before = u64::try_from(replaced.begins_after).unwrap();
    assert_eq!(found.unchained, before, "these can't be verified");
    let since = audit::Expected { since: Some(noted), ..accepted };
    let found = verified(&operations, since).await;
    assert_eq!(
        found.broken.map(|it| it.fault),
        Some(Fault::Unchained),
        "what was noted is from before"
    );

    let filter = Filter { action: "key_replaced".to_owned(), ..Filter::default() };
    let trail = audit::list(&operations, &world.master, &filter, None).await.unwrap().lines;
    assert_eq!((trail.len(), trail[0].actor.as_str()), (1, Caller::operator().display_name()));
    assert_eq!(trail[0].before["hash"], head.hash.as_str());
    let theirs = audit::of_account(&operations, &world.master, account(&world.holder), None).await;
    let newest = &theirs.unwrap().lines[0];
    assert_eq!(newest.action, "two_step_reset");
}

#[tokio::test]
async fn an_interrupted_replacement_takes_the_file_that_it_made() {
    let world = World::new().await;
    let file = world.operations.key_file().to_owned();
    fs::write(&file, format!("2 {}", "5a".repeat(32))).unwrap();
    let replaced = lost(&world).await.unwrap().replace(&Caller::operator()).await.unwrap();
    assert_eq!(replaced.key, 2);
    assert!(fs::read_to_string(&file).unwrap().starts_with("2 5a5a"));
    reopened(&world).await.unwrap();
}
