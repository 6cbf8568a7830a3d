//! Passwords that were given: until when they open an account, and how starting passwords are made
//! again.

use roster::account::{PasswordState, Role};
use roster::id::{AccountId, ImportId, Timestamp};
use store::{Batch, Credentials, DefaultPasswordEdit, NewAccount, Store};
use uuid::Uuid;

use crate::make::{NOW, commit, create, group, permit, settings_edit, technician};
use crate::place::Place;

contract!(
    a_given_password_ends_after_the_days_set,
    the_default_password_is_for_technicians,
    a_starting_password_is_used_once,
    a_seed_is_kept_once_and_taken_once
);

const DAYS: i64 = 14;

async fn given(store: &Store, email: &str, state: PasswordState) -> AccountId {
    let support = group(store, email).await;
    let hash = Some("$hash".to_owned());
    create(store, &NewAccount { password: state, hash, ..technician(support, "Ada", email) }).await
}

async fn read(store: &Store, id: AccountId) -> Credentials {
    store.read().await.unwrap().credentials(id).await.unwrap().unwrap()
}

async fn a_given_password_ends_after_the_days_set(place: &Place) {
    let store = &place.store;
    let end = NOW.plus_days(DAYS);
    for (state, ends_at) in [
        (PasswordState::Own, None),
        (PasswordState::Temporary, Some(end)),
        (PasswordState::Starting, Some(end)),
    ] {
        let id = given(store, &format!("{state}@example.com"), state).await;
        let found = read(store, id).await;
        assert_eq!(found.password_ends_at, ends_at, "{state}");
        assert!(found.opens(Timestamp(end.0 - 1)));
        assert_eq!(found.opens(end), ends_at.is_none());
        let account = store.read().await.unwrap().account(id).await.unwrap().unwrap();
        assert_eq!(account.password_ends_at, ends_at);

        let mut tx = store.write().await.unwrap();
        let later = NOW.plus_days(3);
        tx.set_password(&permit(&tx), id, state, Some("$another"), later, None).await.unwrap();
        commit(tx).await;
        let found = read(store, id).await;
        assert_eq!(found.password_ends_at, ends_at.map(|end| end.plus_days(3)), "{state}");
    }
}

async fn the_default_password_is_for_technicians(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let ada = create(store, &technician(support, "Ada", "ada@example.com")).await;
    let master = NewAccount {
        role: Role::Master,
        group: None,
        ..technician(support, "Mara", "mara@example.com")
    };
    let mara = create(store, &master).await;
    assert!(!read(store, ada).await.opens(NOW), "there is none");
    let mut tx = store.write().await.unwrap();
    let mut edit = settings_edit(&tx.settings().await.unwrap());
    edit.default_password = DefaultPasswordEdit::Set { hash: "$hash".to_owned(), at: NOW };
    let version = tx.settings().await.unwrap().version;
    tx.change_settings(&permit(&tx), version, &edit).await.unwrap().unwrap();
    commit(tx).await;
    assert!(read(store, ada).await.opens(NOW));
    assert!(!read(store, ada).await.opens(NOW.plus_days(DAYS)));
    assert!(!read(store, mara).await.opens(NOW));
    let mut reader = store.read().await.unwrap();
    assert_eq!(reader.accounts_with_default_password().await.unwrap(), 1);
}

async fn a_starting_password_is_used_once(place: &Place) {
    let store = &place.store;
    let id = given(store, "ada@example.com", PasswordState::Starting).await;
    let found = read(store, id).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.password_used(&permit(&tx), &found, true).await.unwrap());
    assert!(!tx.password_used(&permit(&tx), &found, true).await.unwrap(), "a second time");
    commit(tx).await;
    let used = read(store, id).await;
    assert!(!used.opens(NOW) && used.hash != found.hash);
    assert_eq!(used.used_hash(), found.hash.as_deref(), "within the session that began with it");
    assert_eq!(found.used_hash(), None);
    let mut tx = store.write().await.unwrap();
    assert!(tx.password_used(&permit(&tx), &found, true).await.is_ok_and(|first| !first));
    drop(tx);
    assert_eq!(used.password, PasswordState::Starting, "a new one is due");

    // A temporary one that may be kept has no end from then on.
    let id = given(store, "bela@example.com", PasswordState::Temporary).await;
    let found = read(store, id).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.password_used(&permit(&tx), &found, false).await.unwrap());
    assert_eq!(tx.credentials(id).await.unwrap().unwrap(), found);
    assert!(tx.password_used(&permit(&tx), &found, true).await.unwrap());
    commit(tx).await;
    let kept = read(store, id).await;
    assert_eq!((kept.hash, kept.password_ends_at), (found.hash, None));
}

async fn a_seed_is_kept_once_and_taken_once(place: &Place) {
    let batch = Batch::Import(ImportId(Uuid::from_u128(7)));
    let mut tx = place.store.write().await.unwrap();
    let keep = async |tx: &mut store::Transaction, seed| {
        let permit = permit(tx);
        tx.keep_starting_seed(&permit, batch, seed, NOW).await.unwrap()
    };
    assert_eq!(keep(&mut tx, "one").await, "one");
    assert_eq!(keep(&mut tx, "two").await, "one");
    assert_eq!(tx.starting_seed(batch).await.unwrap().as_deref(), Some("one"));
    let taken = tx.forget_starting_seed(&permit(&tx), batch).await.unwrap();
    assert_eq!(taken.as_deref(), Some("one"));
    assert_eq!(tx.forget_starting_seed(&permit(&tx), batch).await.unwrap(), None);
    keep(&mut tx, "three").await;
    tx.forget_starting_seeds(NOW).await.unwrap();
    assert!(tx.starting_seed(batch).await.unwrap().is_some());
    tx.forget_starting_seeds(NOW.plus_seconds(1)).await.unwrap();
    assert_eq!(tx.starting_seed(batch).await.unwrap(), None);
    commit(tx).await;
}
