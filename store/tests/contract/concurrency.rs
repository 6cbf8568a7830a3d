//! Several at once: who comes first wins, the other is told; readers never wait.

use std::time::Duration;

use roster::import::Outcome;
use store::{ChunkSaved, Store, WriteConflict};

use crate::make::{
    begin, commit, create, group, import, permit, person, placed, row, set_seats, technician,
};
use crate::place::Place;

contract!(
    the_last_seat_is_taken_once,
    one_email_is_taken_once,
    one_version_is_edited_once,
    imports_of_the_same_people_do_not_wait_for_each_other,
    one_chunk_is_saved_once,
    what_is_not_committed_was_never_there,
    readers_do_not_wait_for_a_writer,
);

/// Runs two of the same at once.
async fn both<T, F>(store: &Store, mut work: impl FnMut(Store, u32) -> F) -> (T, T)
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let first = tokio::spawn(work(store.clone(), 0));
    let second = tokio::spawn(work(store.clone(), 1));
    (first.await.unwrap(), second.await.unwrap())
}

async fn the_last_seat_is_taken_once(place: &Place) {
    let support = group(&place.store, "Support").await;
    set_seats(&place.store, Some(1), None).await;
    let (a, b) = both(&place.store, |store, n| async move {
        let mut tx = store.write().await.unwrap();
        let new = technician(support, "P", &format!("p{n}@example.com"));
        let created = tx.create_account(&permit(&tx), &new).await.unwrap();
        // The other tries while this one has not committed.
        tokio::time::sleep(Duration::from_millis(100)).await;
        commit(tx).await;
        created.err()
    })
    .await;
    assert!(a.is_none() != b.is_none());
    assert_eq!(a.or(b), Some(WriteConflict::NoStandardSeat));
    assert_eq!(place.number("SELECT COUNT(*) FROM accounts").await, 1);
}

async fn one_email_is_taken_once(place: &Place) {
    let support = group(&place.store, "Support").await;
    let (a, b) = both(&place.store, |store, _| async move {
        let mut tx = store.write().await.unwrap();
        let mut new = technician(support, "P", "p@example.com");
        // Without a seat the two meet at the email alone.
        new.person.standard_license = false;
        let created = tx.create_account(&permit(&tx), &new).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        commit(tx).await;
        created.err()
    })
    .await;
    assert!(a.is_none() != b.is_none());
    assert_eq!(a.or(b), Some(WriteConflict::EmailInUse));
}

async fn one_version_is_edited_once(place: &Place) {
    let support = group(&place.store, "Support").await;
    let id = create(&place.store, &technician(support, "P", "p@example.com")).await;
    let (a, b) = both(&place.store, |store, n| async move {
        let mut tx = store.write().await.unwrap();
        let mut wish = person(&format!("P{n}"), "p@example.com");
        wish.mobile_license = true;
        let edited = tx.edit_account(&permit(&tx), id, 1, &wish).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        commit(tx).await;
        edited.err()
    })
    .await;
    assert!(a.is_none() != b.is_none());
    assert_eq!(a.or(b), Some(WriteConflict::Stale));
    let settings = place.store.read().await.unwrap().settings().await.unwrap();
    assert_eq!(settings.mobile.used, 1, "the second one's seat was given back");
}

async fn imports_of_the_same_people_do_not_wait_for_each_other(place: &Place) {
    let support = group(&place.store, "Support").await;
    let (a, b) = both(&place.store, |store, n| async move {
        let mut people: Vec<_> =
            (0..300).map(|n| technician(support, "P", &format!("p{n}@example.com"))).collect();
        if n == 1 {
            people.reverse();
        }
        let mut tx = store.write().await.unwrap();
        let created = tx.create_accounts(&permit(&tx), &people).await.unwrap();
        commit(tx).await;
        created.iter().flatten().count()
    })
    .await;
    assert_eq!(a + b, 300);
    let facts = place.store.read().await.unwrap().group_page(support).await.unwrap().unwrap();
    assert_eq!((facts.technicians, facts.technicians_below), (300, 300));
}

async fn one_chunk_is_saved_once(place: &Place) {
    let new = import("1");
    begin(&place.store, &new, None).await;
    let id = new.id;
    let (a, b) = both(&place.store, |store, _| async move {
        let mut tx = store.write().await.unwrap();
        let rows = placed(0, vec![row(2, Outcome::Created), row(3, Outcome::Failed)]);
        let saved = tx.save_chunk(&permit(&tx), id, 0, &rows, crate::make::NOW).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        if saved == ChunkSaved::Saved {
            commit(tx).await;
        }
        saved
    })
    .await;
    assert!(matches!(
        (a, b),
        (ChunkSaved::Saved, ChunkSaved::Already) | (ChunkSaved::Already, ChunkSaved::Saved)
    ));
    let record = place.store.read().await.unwrap().import(id).await.unwrap().unwrap();
    assert_eq!((record.counts.created, record.counts.failed), (1, 1));
}

async fn what_is_not_committed_was_never_there(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let mut tx = store.write().await.unwrap();
    let new = technician(support, "P", "p@example.com");
    tx.create_account(&permit(&tx), &new).await.unwrap().unwrap();
    drop(tx);
    let mut reader = store.read().await.unwrap();
    assert!(reader.credentials_by_email("p@example.com").await.unwrap().is_none());
    assert_eq!(reader.settings().await.unwrap().standard.used, 0);
    drop(reader);
    // The connection is as good as new.
    create(store, &new).await;
}

async fn readers_do_not_wait_for_a_writer(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let mut tx = store.write().await.unwrap();
    let new = technician(support, "P", "p@example.com");
    tx.create_account(&permit(&tx), &new).await.unwrap().unwrap();
    let look = async {
        let mut reader = store.read().await.unwrap();
        let page = reader
            .technicians(support, "", crate::make::NOW, crate::make::window(0, 9))
            .await
            .unwrap();
        let settings = reader.settings().await.unwrap();
        (page.total, settings.standard.used)
    };
    let seen = tokio::time::timeout(Duration::from_secs(2), look).await.unwrap();
    assert_eq!(seen, (0, 0));
    commit(tx).await;
    let mut reader = store.read().await.unwrap();
    assert_eq!(reader.settings().await.unwrap().standard.used, 1);
}
