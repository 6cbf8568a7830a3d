//! The rows of an import: paged, filtered, searched.

use roster::fields::Field;
use roster::id::ImportId;
use roster::import::Outcome;
use roster::problem::{Code, Problem};
use store::{ChunkSaved, StoredRow};

use crate::make::{NOW, begin, commit, import, permit, placed, row, window};
use crate::place::Place;

contract!(rows_are_paged_by_line, rows_are_filtered_and_searched, rows_come_back_for_files);

/// Two chunks, saved in the wrong order; every third row failed.
async fn imported(place: &Place) -> ImportId {
    let new = import("1");
    begin(&place.store, &new, None).await;
    let rows: Vec<StoredRow> = (2..602)
        .map(|line| {
            let failed = line % 3 == 0;
            let mut row = row(line, if failed { Outcome::Failed } else { Outcome::Created });
            if failed {
                row.result.name = "Nul\0".to_owned();
                row.result.problems =
                    vec![Problem::on(Field::Email, Code::EmailInvalid, "“x” has no @, \0 \"q\"")];
            }
            row
        })
        .collect();
    let (first, second) = rows.split_at(500);
    let mut tx = place.store.write().await.unwrap();
    for (number, rows) in [(1, second), (0, first)] {
        let rows = placed(number, rows.to_vec());
        let saved = tx.save_chunk(&permit(&tx), new.id, number, &rows, NOW).await.unwrap();
        assert_eq!(saved, ChunkSaved::Saved);
    }
    commit(tx).await;
    new.id
}

async fn rows_are_paged_by_line(place: &Place) {
    let id = imported(place).await;
    let mut reader = place.store.read().await.unwrap();
    let page = reader.import_rows(id, None, "", window(498, 4)).await.unwrap();
    let lines: Vec<u32> = page.items.iter().map(|row| row.line).collect();
    assert_eq!((lines.as_slice(), page.total), ([500, 501, 502, 503].as_slice(), 600));
    let other = reader.import_rows(crate::make::import_id("9"), None, "", window(0, 9)).await;
    assert_eq!(other.unwrap().total, 0);
}

async fn rows_are_filtered_and_searched(place: &Place) {
    let id = imported(place).await;
    let mut reader = place.store.read().await.unwrap();
    let mut check = async |outcome, search: &str, total, first: Option<u32>| {
        let page = reader.import_rows(id, outcome, search, window(0, 9)).await.unwrap();
        assert_eq!(
            (page.total, page.items.first().map(|row| row.line)),
            (total, first),
            "{search}"
        );
    };
    check(Some(Outcome::Failed), "", 200, Some(3)).await;
    check(Some(Outcome::Created), "", 400, Some(2)).await;
    check(Some(Outcome::Skipped), "", 0, None).await;
    for text in ["ÅNGSTRÖM 50", "angstrom 50"] {
        check(None, text, 8, Some(50)).await;
    }
    check(None, "A50@", 1, Some(50)).await;
    check(Some(Outcome::Failed), "a600@example", 1, Some(600)).await;
    check(Some(Outcome::Created), "a600@example", 0, None).await;
    check(None, "100%", 0, None).await;
}

async fn rows_come_back_for_files(place: &Place) {
    let id = imported(place).await;
    let mut reader = place.store.read().await.unwrap();
    let mut from = Some(0);
    let mut failed = Vec::new();
    while let Some(place) = from {
        let (part, next) = reader.stored_rows(id, true, place, 64).await.unwrap();
        failed.extend(part);
        from = next;
    }
    assert_eq!(failed.len(), 200);
    assert!(failed.iter().all(|row| row.result.outcome == Outcome::Failed));
    assert_eq!(failed[0].values.as_deref(), Some("{\"name\":\"3\"}"));
    assert_eq!(failed[0].result.name, "Nul");
    assert_eq!(failed[0].result.problems[0].message, "“x” has no @, \0 \"q\"");
    let (first, next) = reader.stored_rows(id, false, 0, 1).await.unwrap();
    assert_eq!((first.len(), next), (1, Some(1)));
}
