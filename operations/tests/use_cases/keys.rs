//! The keys outside the database: what lies in it says nothing without them, what is from before them
//! is written anew, and they can be changed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::two_step::{App, set_up};
use crate::world::World;
use operations::keys::{self, KeyError, Keys};
use operations::{Clock, Operations, audit, two_step};
use roster::authority::Caller;
use roster::hexadecimal;
use roster::id::AccountId;
use roster::own::Again;
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
