//! Chunks that wait for the end of an import of all rows or none; rows that are tried again.

use roster::history::{Counts, ImportState};
use roster::import::Outcome;
use store::{ChunkSaved, Staged, StoredRow};

use crate::make::{NOW, begin, commit, import, permit, placed, row};
use crate::place::Place;

contract!(a_chunk_waits_and_is_answered_as_it_was, rows_tried_again_take_their_places);

async fn a_chunk_waits_and_is_answered_as_it_was(place: &Place) {
    let store = &place.store;
    let new = import("1");
    begin(store, &new, None).await;
    let rows = placed(2, vec![row(2, Outcome::Created), row(3, Outcome::Failed)]);
    let results: Vec<_> = rows.iter().map(|row| row.result.clone()).collect();
    let chunk = Staged { number: 2, body: "[\"\\u0000\"]", results: &results };
    let mut tx = store.write().await.unwrap();
    let saved = tx.stage_chunk(&permit(&tx), new.id, chunk, NOW).await.unwrap();
    assert_eq!(saved, ChunkSaved::Saved);
    tx.commit_bookkeeping().await.unwrap();
    let mut tx = store.write().await.unwrap();
    let again = tx.stage_chunk(&permit(&tx), new.id, chunk, NOW).await.unwrap();
    assert_eq!(again, ChunkSaved::Already);
    drop(tx);

    let mut reader = store.read().await.unwrap();
    assert_eq!(reader.staged_rows(new.id).await.unwrap(), 2);
    assert_eq!(reader.chunk_numbers(new.id).await.unwrap(), [2]);
    assert_eq!(reader.chunk(new.id, 2).await.unwrap(), Some(results.clone()));
    assert_eq!(reader.import(new.id).await.unwrap().unwrap().counts, Counts::default());
    let found = reader.staged_from(new.id, 0).await.unwrap();
    assert_eq!(found, Some((2, "[\"\\u0000\"]".to_owned())));
    assert_eq!(reader.staged_from(new.id, 3).await.unwrap(), None);
    drop(reader);

    let mut tx = store.write().await.unwrap();
    assert!(tx.save_rows(&permit(&tx), new.id, &rows).await.unwrap());
    tx.drop_staged(&permit(&tx), new.id).await.unwrap();
    tx.end_import(&permit(&tx), new.id, ImportState::Finished, NOW).await.unwrap();
    assert!(!tx.save_rows(&permit(&tx), new.id, &rows).await.unwrap(), "it has ended");
    let late = tx.stage_chunk(&permit(&tx), new.id, Staged { number: 3, ..chunk }, NOW).await;
    assert_eq!(late.unwrap(), ChunkSaved::Ended);
    commit(tx).await;
    let mut reader = store.read().await.unwrap();
    assert_eq!(reader.staged_rows(new.id).await.unwrap(), 0);
    let counts = reader.import(new.id).await.unwrap().unwrap().counts;
    assert_eq!(counts, Counts { created: 1, failed: 1, ..Counts::default() });
}

async fn rows_tried_again_take_their_places(place: &Place) {
    let store = &place.store;
    let new = import("1");
    begin(store, &new, None).await;
    let mut rows = placed(0, vec![row(2, Outcome::Failed), row(3, Outcome::Skipped)]);
    rows[0].had_password = true;
    let mut tx = store.write().await.unwrap();
    let saved = tx.save_chunk(&permit(&tx), new.id, 0, &rows, NOW).await.unwrap();
    assert_eq!(saved, ChunkSaved::Saved);
    let created = placed(0, vec![row(2, Outcome::Created)]);
    let before = [Outcome::Failed];
    assert!(!tx.replace_rows(&permit(&tx), new.id, &before, &created).await.unwrap(), "it runs");
    tx.end_import(&permit(&tx), new.id, ImportState::Canceled, NOW).await.unwrap();
    let found = tx.stored_row(new.id, 0).await.unwrap();
    assert_eq!(found.as_ref(), Some(&rows[0]));
    assert!(tx.replace_rows(&permit(&tx), new.id, &before, &created).await.unwrap());
    commit(tx).await;
    let mut reader = store.read().await.unwrap();
    let found: Option<StoredRow> = reader.stored_row(new.id, 0).await.unwrap();
    assert_eq!(found.as_ref(), Some(&created[0]));
    assert_eq!(reader.stored_row(new.id, 5).await.unwrap(), None);
    let outcomes = reader.outcomes_at(new.id, &[1, 0, 5]).await.unwrap();
    assert_eq!((outcomes.len(), outcomes[&0]), (2, Outcome::Created));
    let counts = reader.import(new.id).await.unwrap().unwrap().counts;
    assert_eq!(counts, Counts { created: 1, skipped: 1, ..Counts::default() });
}
