//! Keys of requests: what was done under one is not done again, also where the answer to its COMMIT was
//! lost.

mod cut;

use roster::authority::Caller;
use roster::group::name_key;
use roster::id::{GroupId, Timestamp};
use roster::repeat::{MOST, Repeat};
use store::{Error, Made, Store};

use crate::make::{NOW, entry, permit, somebody};
use crate::place::Place;
use cut::Proxy;

contract! {
    what_was_done_under_a_key_is_not_done_again,
    a_key_belongs_to_one_account_and_one_arrival,
    keys_are_bounded_and_forgotten,
    two_at_once_are_done_once,
    a_lost_answer_to_a_commit_is_told_from_a_refusal,
}

fn with_key(caller: &Caller, key: &str, arrival: &str) -> Caller {
    let mut caller = caller.clone();
    let (key, digest, arrival) = (key.to_owned(), "digest".to_owned(), arrival.to_owned());
    caller.origin.repeat = Some(Repeat { key, digest, arrival });
    caller
}

async fn make_group(store: &Store, caller: &Caller, name: &str) -> Result<(), Error> {
    let mut tx = store.write().await?;
    tx.create_group(&permit(&tx), GroupId::ROOT, name, &name_key(name), NOW).await?.unwrap();
    tx.commit(caller, NOW, &[entry()]).await
}

async fn is_there(store: &Store, name: &str) -> bool {
    let mut reader = store.read().await.unwrap();
    reader.child_named(GroupId::ROOT, &name_key(name)).await.unwrap().is_some()
}

async fn made(store: &Store, caller: &Caller, key: &str) -> Option<Made> {
    let account = caller.person().unwrap().account;
    store.read().await.unwrap().made(account, key).await.unwrap()
}

async fn what_was_done_under_a_key_is_not_done_again(place: &Place) {
    let store = &place.store;
    let ann = somebody(store, "ann@example.com").await;
    make_group(store, &with_key(&ann, "k1", "first"), "One").await.unwrap();
    let again = make_group(store, &with_key(&ann, "k1", "second"), "Two").await;
    assert!(matches!(again, Err(Error::Repeated)), "{again:?}");
    assert!(is_there(store, "One").await && !is_there(store, "Two").await);
    let found = made(store, &ann, "k1").await.unwrap();
    assert_eq!((found.digest.as_str(), found.id.as_str()), ("digest", "7"));
    // What was not committed leaves no key.
    let mut tx = store.write().await.unwrap();
    tx.create_group(&permit(&tx), GroupId::ROOT, "Three", "three", NOW).await.unwrap().unwrap();
    drop(tx);
    assert_eq!(made(store, &ann, "k2").await, None);
}

async fn a_key_belongs_to_one_account_and_one_arrival(place: &Place) {
    let store = &place.store;
    let ann = somebody(store, "ann@example.com").await;
    let bob = somebody(store, "bob@example.com").await;
    make_group(store, &with_key(&ann, "k1", "first"), "One").await.unwrap();
    assert_eq!(made(store, &bob, "k1").await, None);
    make_group(store, &with_key(&bob, "k1", "other"), "Two").await.unwrap();
    // One request may have several transactions.
    make_group(store, &with_key(&ann, "k1", "first"), "Three").await.unwrap();
    assert!(is_there(store, "Two").await && is_there(store, "Three").await);
}

async fn keys_are_bounded_and_forgotten(place: &Place) {
    let store = &place.store;
    let ann = somebody(store, "ann@example.com").await;
    for number in 0..=i64::from(MOST) {
        let tx = store.write().await.unwrap();
        let caller = with_key(&ann, &format!("k{number}"), "first");
        tx.commit(&caller, Timestamp(number), &[entry()]).await.unwrap();
    }
    assert_eq!(made(store, &ann, "k0").await, None);
    assert!(made(store, &ann, "k1").await.is_some());
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.forget_repeats(Timestamp(11)).await.unwrap(), 10);
    tx.commit_bookkeeping().await.unwrap();
    assert_eq!(made(store, &ann, "k10").await, None);
    assert!(made(store, &ann, "k11").await.is_some());
}

async fn two_at_once_are_done_once(place: &Place) {
    let store = &place.store;
    let ann = somebody(store, "ann@example.com").await;
    let (first, second) = (with_key(&ann, "k1", "first"), with_key(&ann, "k1", "second"));
    let (one, two) =
        tokio::join!(make_group(store, &first, "One"), make_group(store, &second, "Two"));
    assert_ne!(one.is_ok(), two.is_ok(), "{one:?} {two:?}");
    assert_eq!(
        (is_there(store, "One").await, is_there(store, "Two").await),
        (one.is_ok(), two.is_ok())
    );
    let refused = one.and(two).unwrap_err();
    assert!(matches!(refused, Error::Repeated), "{refused:?}");
}

async fn a_lost_answer_to_a_commit_is_told_from_a_refusal(place: &Place) {
    // An SQLite file has no connection to lose.
    let Some(proxy) = Proxy::before(&place.address).await else { return };
    let ann = somebody(&place.store, "ann@example.com").await;
    let store = Store::open(&proxy.address).await.unwrap();
    proxy.cut_at("INSERT INTO audit");
    let lost = make_group(&store, &with_key(&ann, "k1", "first"), "One").await.unwrap_err();
    assert!(lost.outage().is_some(), "before the COMMIT nothing was changed: {lost:?}");
    assert!(!is_there(&place.store, "One").await);

    proxy.cut_at("COMMIT");
    let lost = make_group(&store, &with_key(&ann, "k2", "first"), "Two").await.unwrap_err();
    assert!(matches!(lost, Error::OutcomeUnknown { repeatable: true, .. }), "{lost:?}");
    // Sent again, it waits for the first, which was done.
    let again = make_group(&store, &with_key(&ann, "k2", "second"), "Three").await;
    assert!(matches!(again, Err(Error::Repeated)), "{again:?}");
    assert!(is_there(&place.store, "Two").await && !is_there(&place.store, "Three").await);
    assert!(made(&place.store, &ann, "k2").await.is_some());

    proxy.cut_at("COMMIT");
    let lost = make_group(&store, &ann, "Four").await.unwrap_err();
    assert!(matches!(lost, Error::OutcomeUnknown { repeatable: false, .. }), "{lost:?}");
    store.close().await;
}
