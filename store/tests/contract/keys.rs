//! The keys outside the database: which are in use, and what is written with them.

use roster::id::SessionId;
use store::{Owner, StoredKey, TwoStep, Written};

use crate::make::{NOW, commit, create, group, permit, technician};
use crate::place::Place;

contract!(
    a_key_is_taken_into_use_and_settled,
    what_is_written_with_keys_is_read_in_parts_and_rewritten,
    no_key_is_taken_while_one_is_written_with,
);

async fn take(place: &Place, id: i64) {
    let mut tx = place.store.write().await.unwrap();
    tx.lock_keys().await.unwrap();
    tx.add_key(&permit(&tx), id, &format!("proof {id}"), NOW).await.unwrap();
    tx.commit_bookkeeping().await.unwrap();
}

async fn a_key_is_taken_into_use_and_settled(place: &Place) {
    let mut tx = place.store.write().await.unwrap();
    assert_eq!(tx.hold_newest_key().await.unwrap(), None);
    tx.commit_bookkeeping().await.unwrap();
    take(place, 1).await;
    take(place, 3).await;
    let mut tx = place.store.write().await.unwrap();
    assert_eq!(tx.hold_newest_key().await.unwrap(), Some(3));
    tx.settle_key(&permit(&tx), 3, &[(1, "sealed".to_owned())]).await.unwrap();
    tx.commit_bookkeeping().await.unwrap();
    let key = |id: i64, settled, kept: Option<&str>| StoredKey {
        id,
        proof: format!("proof {id}"),
        settled,
        kept: kept.map(str::to_owned),
    };
    let found = place.store.read().await.unwrap().keys().await.unwrap();
    assert_eq!(found, [key(1, false, Some("sealed")), key(3, true, None)]);
}

async fn what_is_written_with_keys_is_read_in_parts_and_rewritten(place: &Place) {
    let support = group(&place.store, "Support").await;
    let ada = create(&place.store, &technician(support, "Ada", "ada@example.com")).await;
    let bob = create(&place.store, &technician(support, "Bob", "bob@example.com")).await;
    let mut tx = place.store.write().await.unwrap();
    for account in [ada, bob] {
        let app = TwoStep { secret: "plain".to_owned(), since: NOW, last_step: 0 };
        assert!(tx.begin_two_step(&permit(&tx), account, &app, SessionId(0)).await.unwrap());
        let hashes = ["a".to_owned(), "b".to_owned()];
        tx.set_recovery_codes(&permit(&tx), account, &hashes, SessionId(0)).await.unwrap();
    }
    let of = |account, text: &str| (Owner::Account(account), text.to_owned());
    let (secrets, hashes) = (Written::AppSecrets, Written::RecoveryCodes);
    for (what, row, becomes) in [
        (secrets, of(ada, "another"), "wrong"),
        (secrets, of(bob, "plain"), "1-sealed"),
        (hashes, of(ada, "a"), "1-a"),
    ] {
        tx.write_anew(&permit(&tx), what, &row, becomes).await.unwrap();
    }
    commit(tx).await;
    let mut reader = place.store.read().await.unwrap();
    let first = reader.written(secrets, &secrets.start(), 1).await.unwrap();
    assert_eq!(first, [of(ada, "plain")]);
    assert_eq!(reader.written(secrets, &first[0], 9).await.unwrap(), [of(bob, "1-sealed")]);
    let mut codes = reader.code_hashes_of(ada).await.unwrap();
    codes.sort();
    assert_eq!(codes, ["1-a", "b"]);
    let (mut after, mut all) = (hashes.start(), Vec::new());
    while let Some(next) = reader.written(hashes, &after, 1).await.unwrap().pop() {
        after.clone_from(&next);
        all.push(next);
    }
    assert_eq!(all, [of(ada, "1-a"), of(ada, "b"), of(bob, "a"), of(bob, "b")]);
}

/// What is written under a key that is no longer the newest would be missed by who writes all anew.
async fn no_key_is_taken_while_one_is_written_with(place: &Place) {
    take(place, 1).await;
    let mut writing = place.store.write().await.unwrap();
    assert_eq!(writing.hold_newest_key().await.unwrap(), Some(1));
    let taking = async {
        take(place, 2).await;
        "taken"
    };
    let written = async {
        // The other one has come as far as it comes.
        tokio::task::yield_now().await;
        let newest = writing.newest_key().await.unwrap();
        writing.commit_bookkeeping().await.unwrap();
        newest
    };
    let (taken, newest) = tokio::join!(taking, written);
    assert_eq!((taken, newest), ("taken", Some(1)));
}
