//! Browsers that signed in before.

use roster::account::PasswordState;

use crate::make::{NOW, commit, create, group, permit, technician};
use crate::place::Place;

contract!(
    a_browser_is_known_to_its_accounts,
    the_oldest_is_forgotten,
    disabling_forgets_all,
    a_password_by_somebody_else_forgets_all_and_signing_out_everywhere_none,
);

const DAY_AGO: roster::id::Timestamp = roster::id::Timestamp(NOW.0 - 86_400_000);

async fn a_browser_is_known_to_its_accounts(place: &Place) {
    let support = group(&place.store, "Support").await;
    let ada = create(&place.store, &technician(support, "Ada", "ada@example.com")).await;
    let bob = create(&place.store, &technician(support, "Bob", "bob@example.com")).await;
    let mut tx = place.store.write().await.unwrap();
    tx.remember_device(&permit(&tx), "d1", ada, NOW, 2).await.unwrap();
    assert!(tx.knows_device("d1", ada, DAY_AGO).await.unwrap());
    assert!(!tx.knows_device("d1", bob, DAY_AGO).await.unwrap());
    assert!(!tx.knows_device("d2", ada, DAY_AGO).await.unwrap());
    assert!(!tx.knows_device("d1", ada, NOW).await.unwrap(), "too long ago");
    assert!(tx.knows_device_at_all("d1", DAY_AGO).await.unwrap());
    assert!(!tx.knows_device_at_all("d2", DAY_AGO).await.unwrap());
    assert_eq!(tx.forget_devices(NOW).await.unwrap(), 0);
    assert_eq!(tx.forget_devices(NOW.plus_seconds(1)).await.unwrap(), 1);
    commit(tx).await;
}

async fn the_oldest_is_forgotten(place: &Place) {
    let support = group(&place.store, "Support").await;
    let ada = create(&place.store, &technician(support, "Ada", "ada@example.com")).await;
    let mut tx = place.store.write().await.unwrap();
    for (n, token) in ["d1", "d2", "d1", "d3"].into_iter().enumerate() {
        let now = NOW.plus_seconds(i64::try_from(n).unwrap());
        tx.remember_device(&permit(&tx), token, ada, now, 2).await.unwrap();
    }
    let mut known = Vec::new();
    for token in ["d1", "d2", "d3"] {
        known.push(tx.knows_device(token, ada, DAY_AGO).await.unwrap());
    }
    assert_eq!(known, [true, false, true]);
    commit(tx).await;
}

async fn disabling_forgets_all(place: &Place) {
    let support = group(&place.store, "Support").await;
    let ada = technician(support, "Ada", "ada@example.com");
    let id = create(&place.store, &ada).await;
    let mut tx = place.store.write().await.unwrap();
    tx.remember_device(&permit(&tx), "d1", id, NOW, 2).await.unwrap();
    let mut person = ada.person.clone();
    person.enabled = false;
    tx.edit_account(&permit(&tx), id, 1, &person).await.unwrap().unwrap();
    assert!(!tx.knows_device("d1", id, DAY_AGO).await.unwrap());
    commit(tx).await;
}

async fn a_password_by_somebody_else_forgets_all_and_signing_out_everywhere_none(place: &Place) {
    let support = group(&place.store, "Support").await;
    let id = create(&place.store, &technician(support, "Ada", "ada@example.com")).await;
    let mut tx = place.store.write().await.unwrap();
    tx.remember_device(&permit(&tx), "d1", id, NOW, 2).await.unwrap();
    tx.end_sessions(&permit(&tx), id, None).await.unwrap();
    assert!(tx.knows_device("d1", id, DAY_AGO).await.unwrap());
    let (state, hash) = (PasswordState::Temporary, Some("$given"));
    tx.set_password(&permit(&tx), id, state, hash, NOW, None).await.unwrap();
    assert!(!tx.knows_device("d1", id, DAY_AGO).await.unwrap());
    commit(tx).await;
}
