//! Failed sign-ins.

use std::collections::HashMap;

use roster::id::AccountId;
use roster::sign_in::{Failures, LockOut};

use crate::make::{NOW, commit, permit};
use crate::place::Place;

contract!(
    failures_are_kept_cleared_and_forgotten,
    those_of_an_account_are_found_and_lifted,
    guesses_at_once_are_counted_one_by_one,
);

async fn failures_are_kept_cleared_and_forgotten(place: &Place) {
    let mut tx = place.store.write().await.unwrap();
    assert_eq!(tx.failures("account:ada").await.unwrap(), Failures::default());
    let once = Failures::default().and_one_more(LockOut::default(), NOW);
    tx.count_failure("account:ada", None, once).await.unwrap();
    let twice = once.and_one_more(LockOut::default(), NOW.plus_seconds(1));
    tx.count_failure("account:ada", None, twice).await.unwrap();
    tx.count_failure("account:bob", None, once).await.unwrap();
    assert_eq!(tx.failures("account:ada").await.unwrap(), twice);
    assert_eq!(tx.lock_failures("account:ada").await.unwrap(), twice);
    tx.clear_failures("account:ada").await.unwrap();
    assert_eq!(tx.failures("account:ada").await.unwrap(), Failures::default());
    assert_eq!(tx.forget_failures(NOW).await.unwrap(), 0);
    assert_eq!(tx.forget_failures(NOW.plus_seconds(1)).await.unwrap(), 1);
    tx.commit_bookkeeping().await.unwrap();
}

async fn those_of_an_account_are_found_and_lifted(place: &Place) {
    let (ada, bob, eve) = (AccountId(7), AccountId(8), AccountId(9));
    let once = Failures::default().and_one_more(LockOut::default(), NOW);
    let twice = once.and_one_more(LockOut::default(), NOW);
    let mut tx = place.store.write().await.unwrap();
    for (key, account, count) in [
        ("account:ada", Some(ada), once),
        ("passkey:7", Some(ada), twice),
        ("account:bob", Some(bob), once),
        ("account:nobody", None, once),
    ] {
        tx.count_failure(key, account, count).await.unwrap();
    }
    let mut found = tx.failures_of(&[ada, bob, eve]).await.unwrap();
    found.values_mut().for_each(|counts| counts.sort_by_key(|it| it.count));
    assert_eq!(found, HashMap::from([(ada, vec![once, twice]), (bob, vec![once])]));
    tx.clear_failures_of(&permit(&tx), ada).await.unwrap();
    assert_eq!(tx.failures("passkey:7").await.unwrap(), Failures::default());
    assert_eq!(tx.failures_of(&[ada, bob]).await.unwrap().len(), 1);
    commit(tx).await;
}

async fn guesses_at_once_are_counted_one_by_one(place: &Place) {
    let guesses: Vec<_> = (0..20)
        .map(|_| {
            let store = place.store.clone();
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                let failures = tx.lock_failures("address:192.0.2.7").await.unwrap();
                tx.count_failure(
                    "address:192.0.2.7",
                    None,
                    failures.and_one_more(LockOut::default(), NOW),
                )
                .await
                .unwrap();
                tx.commit_bookkeeping().await.unwrap();
            })
        })
        .collect();
    for guess in guesses {
        guess.await.unwrap();
    }
    let mut reader = place.store.read().await.unwrap();
    assert_eq!(reader.failures("address:192.0.2.7").await.unwrap().count, 20);
}
