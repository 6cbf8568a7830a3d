//! Imports: begun, their chunks saved once, ended.

use roster::history::{Counts, ImportState};
use roster::id::{AccountId, Timestamp};
use roster::import::{Existing, Outcome};
use store::ChunkSaved;

use crate::make::{NOW, begin, commit, group, import, import_id, permit, placed, row, window};
use crate::place::Place;

contract!(
    an_import_is_remembered_as_it_began,
    the_newest_import_comes_first,
    an_unfinished_import_is_found_by_its_file,
    a_chunk_is_saved_once,
    a_chunk_is_refused_when_the_import_has_ended,
    rows_of_one_line_are_told_apart,
);

async fn an_import_is_remembered_as_it_began(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let mut new = import("1");
    new.group = Some(support);
    new.existing = Existing::Update;
    new.all_or_nothing = true;
    new.plan = "cli-7".to_owned();
    begin(store, &new, Some(AccountId(7))).await;
    // Begun again, as after a lost answer.
    let again = roster::history::NewImport { file_name: "other.csv".to_owned(), ..new.clone() };
    begin(store, &again, None).await;

    let mut reader = store.read().await.unwrap();
    let record = reader.import(new.id).await.unwrap().unwrap();
    assert_eq!((record.id, record.by.as_str()), (new.id, "Ada"));
    assert_eq!((record.file_name, record.file_sha256), (new.file_name, new.file_sha256));
    assert_eq!((record.rows, record.columns), (new.rows, new.columns));
    assert_eq!((record.delimiter, record.group), (';', Some(support)));
    assert_eq!(record.group_path.unwrap().path(), "Support");
    assert_eq!((record.state, record.counts), (ImportState::Running, Counts::default()));
    assert_eq!((record.existing, record.all_or_nothing), (Existing::Update, true));
    assert_eq!((record.plan.as_str(), record.undone), ("cli-7", None));
    assert_eq!((record.started_at, record.finished_at), (NOW, None));
    assert_eq!(reader.import_owner(new.id).await.unwrap(), Some(AccountId(7)));
    assert!(reader.import(import_id("9")).await.unwrap().is_none());
    assert_eq!(reader.import_owner(import_id("9")).await.unwrap(), None);
}

async fn the_newest_import_comes_first(place: &Place) {
    let store = &place.store;
    let mut tx = store.write().await.unwrap();
    for n in 1..=3_i64 {
        let mut new = import(&n.to_string());
        // The group is gone since.
        new.group = Some(roster::id::GroupId(9000 + n));
        let at = Timestamp(NOW.0 + n);
        tx.begin_import(&permit(&tx), &new, None, "Ada", at).await.unwrap();
    }
    commit(tx).await;
    let page = store.read().await.unwrap().imports(window(0, 2)).await.unwrap();
    let ids: Vec<_> = page.items.iter().map(|record| record.id).collect();
    assert_eq!((ids, page.total), (vec![import_id("3"), import_id("2")], 3));
    assert_eq!(page.items[0].group_path, None);
}

async fn an_unfinished_import_is_found_by_its_file(place: &Place) {
    let store = &place.store;
    let ada = Some(AccountId(7));
    begin(store, &import("1"), ada).await;
    begin(store, &import("2"), None).await;
    let sha256 = import("1").file_sha256;
    let found = async |account| {
        let mut reader = store.read().await.unwrap();
        let found = reader.unfinished_import(account, &sha256).await.unwrap();
        assert!(reader.unfinished_import(account, "other").await.unwrap().is_none());
        found.map(|record| record.id)
    };
    assert_eq!(found(ada).await, Some(import_id("1")));
    assert_eq!(found(None).await, Some(import_id("2")));
    assert_eq!(found(Some(AccountId(8))).await, None);
    let mut tx = store.write().await.unwrap();
    let end = NOW.plus_seconds(9);
    let ended = tx.end_import(&permit(&tx), import_id("1"), ImportState::Finished, end).await;
    assert!(ended.unwrap());
    // What has ended stays as it is.
    let again = tx.end_import(&permit(&tx), import_id("1"), ImportState::Canceled, NOW).await;
    assert!(!again.unwrap());
    commit(tx).await;
    assert_eq!(found(ada).await, None);
    let record = store.read().await.unwrap().import(import_id("1")).await.unwrap().unwrap();
    assert_eq!((record.state, record.finished_at), (ImportState::Finished, Some(end)));
}

async fn a_chunk_is_saved_once(place: &Place) {
    let store = &place.store;
    let new = import("1");
    begin(store, &new, None).await;
    let rows = vec![row(2, Outcome::Created), row(3, Outcome::Failed), row(7, Outcome::Skipped)];
    let rows = placed(3, rows);
    let mut tx = store.write().await.unwrap();
    let saved = tx.save_chunk(&permit(&tx), new.id, 3, &rows, NOW).await.unwrap();
    assert_eq!(saved, ChunkSaved::Saved);
    commit(tx).await;
    let mut tx = store.write().await.unwrap();
    let saved = tx.save_chunk(&permit(&tx), new.id, 3, &rows, NOW).await.unwrap();
    assert_eq!(saved, ChunkSaved::Already);
    drop(tx);

    let mut reader = store.read().await.unwrap();
    let expected: Vec<_> = rows.iter().map(|row| row.result.clone()).collect();
    assert_eq!(reader.chunk(new.id, 3).await.unwrap(), Some(expected));
    assert_eq!(reader.chunk(new.id, 0).await.unwrap(), None);
    assert_eq!(reader.chunk_numbers(new.id).await.unwrap(), [3]);
    let counts = reader.import(new.id).await.unwrap().unwrap().counts;
    assert_eq!(counts, Counts { created: 1, failed: 1, skipped: 1, ..Counts::default() });
}

async fn a_chunk_is_refused_when_the_import_has_ended(place: &Place) {
    let store = &place.store;
    let new = import("1");
    begin(store, &new, None).await;
    let mut tx = store.write().await.unwrap();
    tx.end_import(&permit(&tx), new.id, ImportState::Canceled, NOW).await.unwrap();
    for id in [new.id, import_id("9")] {
        let rows = [row(2, Outcome::Created)];
        let saved = tx.save_chunk(&permit(&tx), id, 0, &rows, NOW).await.unwrap();
        assert_eq!(saved, ChunkSaved::Ended);
    }
}

async fn rows_of_one_line_are_told_apart(place: &Place) {
    let store = &place.store;
    let new = import("1");
    begin(store, &new, None).await;
    let mut tx = store.write().await.unwrap();
    for number in 0..2 {
        let rows = placed(number, vec![row(1, Outcome::Created), row(1, Outcome::Created)]);
        let saved = tx.save_chunk(&permit(&tx), new.id, number, &rows, NOW).await.unwrap();
        assert_eq!(saved, ChunkSaved::Saved);
    }
    assert_eq!(tx.chunk(new.id, 1).await.unwrap().map(|rows| rows.len()), Some(2));
    let rows = tx.import_rows(new.id, None, "", window(0, 9)).await.unwrap();
    assert_eq!((rows.total, rows.items.len()), (4, 4));
}
