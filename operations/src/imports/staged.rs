//! An import of all rows or none: its chunks wait, checked and hashed, and its end writes them all
//! in one transaction, or none.

use std::collections::HashMap;

use roster::audit::{Action, Entry};
use roster::authority::Caller;
use roster::history::{ChunkResult, ImportRecord, ImportState};
use roster::id::{ImportId, Timestamp};
use roster::import::{Outcome, RowResult, Rules};
use roster::problem::Problem;
use serde_json::{Value, json};
use store::{ChunkSaved, Permit, Reader, Staged, StoredRow, Transaction, row_place};

use super::chunk::{job, not_saved, rules};
use super::place::{keys, meet};
use super::row::{End, Row, StagedRow};
use super::write::{Job, trail, write};
use super::{ended, see};
use crate::{Error, Operations, Result, subject};

/// Keeps a chunk until the end; answers what would become of it now.
pub(super) async fn stage(
    operations: &Operations,
    job: &Job<'_>,
    number: u32,
    mut rows: Vec<Row>,
) -> Result<ChunkResult> {
    let staged: Vec<StagedRow> = rows.iter().map(Row::to_staged).collect();
    let body = json!(staged).to_string();
    let mut reader = operations.store.read().await?;
    let people = reader.people_by_email(&keys(&rows)).await?;
    meet(&mut rows, &mut reader, job, &people).await?;
    drop(reader);
    let results: Vec<RowResult> = rows.into_iter().map(foreseen).collect();
    let mut tx = operations.store.write().await?;
    let permit = tx.import_for(job.caller, job.import).await?;
    let chunk = Staged { number, body: &body, results: &results };
    let saved = tx.stage_chunk(&permit, job.import, chunk, job.now).await?;
    if saved != ChunkSaved::Saved {
        drop(tx);
        return not_saved(operations, saved, job.import, number).await;
    }
    // Nobody was changed yet; what is done at the end has its entries then.
    tx.commit_bookkeeping().await?;
    Ok(ChunkResult { rows: results })
}

fn foreseen(mut row: Row) -> RowResult {
    let creates = row.to_create().is_some();
    if row.to_update().is_some() {
        row.end = Some(End::Updated);
    }
    let mut result = row.into_stored().result;
    if creates {
        result.outcome = Outcome::Created;
    }
    result
}

/// Writes all that waits, or nothing. Goes on when nobody waits for the answer any more: asked
/// again, the import's record tells how it ended.
pub(super) async fn finish(
    operations: &Operations,
    caller: &Caller,
    record: ImportRecord,
) -> Result<ImportRecord> {
    let (operations, caller) = (operations.clone(), caller.clone());
    let work = tokio::spawn(async move { write_all(&operations, &caller, &record).await });
    work.await.map_err(|cause| Error::internal(format!("an import’s end: {cause}")))?
}

async fn write_all(
    operations: &Operations,
    caller: &Caller,
    record: &ImportRecord,
) -> Result<ImportRecord> {
    let job = job(operations, record, caller);
    let mut tx = operations.store.write().await?;
    let permit = tx.import_for(caller, record.id).await?;
    // Locks the seats: who asks a second time waits here until the first is done.
    tx.free_seats().await?;
    let state = tx.import(record.id).await?.map(|now| now.state);
    if state != Some(ImportState::Running) {
        drop(tx);
        return see(operations, caller, record.id).await;
    }
    let settings = tx.settings().await?;
    let rules = rules(record, &settings, job.now);
    let mut faults: HashMap<i64, Vec<Problem>> = HashMap::new();
    let mut entries = Vec::new();
    let mut next = 0;
    while let Some((number, mut rows)) = waiting(&mut tx, record.id, next, &rules).await? {
        next = number + 1;
        write(&mut tx, &job, &permit, &mut rows).await?;
        let failed = rows.iter().filter(|row| is_at_fault(row));
        faults.extend(failed.map(|row| (row.place, row.problems.clone())));
        if faults.is_empty() {
            let results: Vec<StoredRow> = rows.into_iter().map(Row::into_stored).collect();
            tx.save_rows(&permit, record.id, &results).await?;
            let mut after = trail(&results);
            after["chunk"] = json!(number);
            entries.push(entry(record, Action::ImportChunk, after));
        }
    }
    if !faults.is_empty() {
        // What was written so far is taken back.
        drop(tx);
        return write_none(operations, caller, record, &rules, faults).await;
    }
    end(tx, caller, &permit, record, job.now, entries).await?;
    see(operations, caller, record.id).await
}

/// A row that was left out by its sender is no fault; one whose email is in use is.
fn is_at_fault(row: &Row) -> bool {
    match row.outcome() {
        Outcome::Failed => true,
        Outcome::Skipped => row.problems.iter().any(Problem::is_error),
        Outcome::Created | Outcome::Updated | Outcome::Unchanged => false,
    }
}

/// The rows at fault fail with their problems, all others are skipped without one.
async fn write_none(
    operations: &Operations,
    caller: &Caller,
    record: &ImportRecord,
    rules: &Rules,
    mut faults: HashMap<i64, Vec<Problem>>,
) -> Result<ImportRecord> {
    let mut tx = operations.store.write().await?;
    let permit = tx.import_for(caller, record.id).await?;
    let mut next = 0;
    while let Some((number, mut rows)) = waiting(&mut tx, record.id, next, rules).await? {
        next = number + 1;
        for row in &mut rows {
            row.ready = None;
            (row.problems, row.end) = faults
                .remove(&row.place)
                .map_or_else(|| (Vec::new(), Some(End::Skipped)), |problems| (problems, None));
        }
        let results: Vec<StoredRow> = rows.into_iter().map(Row::into_stored).collect();
        if !tx.save_rows(&permit, record.id, &results).await? {
            // It was canceled meanwhile.
            drop(tx);
            return see(operations, caller, record.id).await;
        }
    }
    end(tx, caller, &permit, record, operations.now(), Vec::new()).await?;
    see(operations, caller, record.id).await
}

async fn end(
    mut tx: Transaction,
    caller: &Caller,
    permit: &Permit,
    record: &ImportRecord,
    now: Timestamp,
    mut entries: Vec<Entry>,
) -> Result<()> {
    tx.drop_staged(permit, record.id).await?;
    tx.end_import(permit, record.id, ImportState::Finished, now).await?;
    let counts = tx.import(record.id).await?.map(|record| record.counts);
    entries.push(ended(record, ImportState::Finished, &json!(counts)));
    tx.commit(caller, now, &entries).await?;
    Ok(())
}

fn entry(record: &ImportRecord, action: Action, after: Value) -> Entry {
    let subject = subject::import(record.id, &record.file_name);
    Entry { action, subject, before: Value::Null, after }
}

/// The next chunk that waits, with its number.
async fn waiting(
    reader: &mut Reader,
    id: ImportId,
    from: u32,
    rules: &Rules,
) -> Result<Option<(u32, Vec<Row>)>> {
    let Some((number, body)) = reader.staged_from(id, from).await? else { return Ok(None) };
    let staged: Vec<StagedRow> = serde_json::from_str(&body)
        .map_err(|cause| Error::internal(format!("a chunk that waits: {cause}")))?;
    let row = |(n, staged)| Row::from_staged(staged, row_place(number, n), rules);
    Ok(Some((number, staged.into_iter().enumerate().map(row).collect())))
}
