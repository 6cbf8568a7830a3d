//! What undoing needs to know, and what is kept of it.

use roster::fields::Field;
use roster::history::{ImportState, Reversal, UndoCounts};
use roster::id::{AccountId, GroupId, ImportId};
use roster::import::{Change, Outcome};
use store::{Before, ChunkSaved, UndoStep};

use crate::make::{NOW, begin, commit, import, permit, person, placed, row};
use crate::place::Place;

contract!(rows_are_undone_step_by_step, a_running_import_is_not_undone);

async fn imported(place: &Place) -> ImportId {
    let new = import("1");
    begin(&place.store, &new, None).await;
    let mut updated = row(4, Outcome::Updated);
    updated.result.account = Some(AccountId(70));
    updated.version = Some(9);
    updated.before =
        Some(Before { person: person("Ada", "ada@example.com"), group: Some(GroupId(1001)) });
    updated.result.changes = vec![Change {
        field: Field::SsoId,
        before: "a \"quoted\" one".to_owned(),
        after: String::new(),
    }];
    let rows = vec![row(2, Outcome::Created), row(3, Outcome::Failed), updated];
    let rows = placed(0, rows);
    let mut tx = place.store.write().await.unwrap();
    let saved = tx.save_chunk(&permit(&tx), new.id, 0, &rows, NOW).await.unwrap();
    assert_eq!(saved, ChunkSaved::Saved);
    let found = tx.chunk(new.id, 0).await.unwrap().unwrap();
    assert_eq!(found[2], rows[2].result, "changes come back");
    commit(tx).await;
    new.id
}

async fn rows_are_undone_step_by_step(place: &Place) {
    let id = imported(place).await;
    let mut tx = place.store.write().await.unwrap();
    tx.end_import(&permit(&tx), id, ImportState::Finished, NOW).await.unwrap();
    let all = tx.rows_to_undo(id, 9).await.unwrap();
    assert_eq!(all.iter().map(|row| row.place).collect::<Vec<_>>(), [0, 2]);
    assert_eq!((all[0].version, &all[0].before), (1, &None));
    assert_eq!((all[1].account, all[1].version), (AccountId(70), 9));
    assert_eq!(all[1].before.as_ref().unwrap().person.name, "Ada");
    let step = |rows, last| UndoStep { by: "Mara", at: NOW, rows, last };
    let kept = [(0, Reversal::Kept("“Ada” has signed in.".to_owned()))];
    assert!(tx.save_undone(&permit(&tx), id, &step(&kept, false)).await.unwrap());
    assert_eq!(tx.import(id).await.unwrap().unwrap().state, ImportState::Undoing);
    let left = tx.rows_to_undo(id, 9).await.unwrap();
    assert_eq!(left, all[1..]);
    let reversed = [(2, Reversal::Reversed)];
    assert!(tx.save_undone(&permit(&tx), id, &step(&reversed, true)).await.unwrap());
    assert!(!tx.save_undone(&permit(&tx), id, &step(&[], true)).await.unwrap(), "it is undone");
    commit(tx).await;
    let mut reader = place.store.read().await.unwrap();
    let record = reader.import(id).await.unwrap().unwrap();
    let undone = record.undone.unwrap();
    assert_eq!((record.state, undone.by.as_str()), (ImportState::Undone, "Mara"));
    assert_eq!(undone.counts, UndoCounts { reversed: 1, kept: 1, failed: 0 });
    let rows = reader.chunk(id, 0).await.unwrap().unwrap();
    let reversals: Vec<_> = rows.into_iter().map(|row| row.reversal).collect();
    assert_eq!(reversals, [Some(kept[0].1.clone()), None, Some(Reversal::Reversed)]);
}

async fn a_running_import_is_not_undone(place: &Place) {
    let id = imported(place).await;
    let mut tx = place.store.write().await.unwrap();
    let step = UndoStep { by: "Mara", at: NOW, rows: &[], last: true };
    assert!(!tx.save_undone(&permit(&tx), id, &step).await.unwrap());
}
