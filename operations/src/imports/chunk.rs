//! One chunk of an import: checked anew, hashed, written in one transaction with its results.
//! Sending it again answers what was answered before and changes nothing.

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::history::{CHUNK_ROWS, Chunk, ChunkResult, ImportRecord, ImportState};
use roster::id::{ImportId, Timestamp};
use roster::import::Rules;
use roster::settings::Settings;
use serde_json::{Value, json};
use store::{ChunkSaved, StoredRow, row_place};

use super::own;
use super::prepare::{check, hash_passwords, warn_of_lookalikes};
use super::row::Row;
use super::write::{Job, trail, write};
use crate::{Error, Operations, Result, permit, subject};

/// Takes one chunk. A task of its own: whoever sends several at once, as the command line does, has
/// one checked while another is written. It goes on when nobody waits for the answer any more: sent
/// again, the chunk is answered with what was saved.
pub async fn put_chunk(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
    number: u32,
    chunk: Chunk,
) -> Result<ChunkResult> {
    let (operations, caller) = (operations.clone(), caller.clone());
    let work = tokio::spawn(async move { take(&operations, &caller, id, number, chunk).await });
    work.await.map_err(|cause| Error::internal(format!("an import’s chunk: {cause}")))?
}

async fn take(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
    number: u32,
    chunk: Chunk,
) -> Result<ChunkResult> {
    permit(caller, &Act::Import)?;
    let mut reader = operations.store.read().await?;
    let record = own(&mut reader, caller, id).await?;
    if let Some(rows) = reader.chunk(id, number).await? {
        return Ok(ChunkResult { rows });
    }
    acceptable(&record, &chunk)?;
    let settings = reader.settings().await?;
    let rules = rules(&record, &settings, operations.now());
    let mut rows = check(chunk.rows, |row| row_place(number, row), &rules);
    warn_of_lookalikes(&mut rows, &mut reader).await?;
    drop(reader);
    hash_passwords(&mut rows, operations).await?;
    let job = job(operations, &record, caller);
    if record.all_or_nothing {
        super::staged::stage(operations, &job, number, rows).await
    } else {
        put(operations, &record, &job, number, rows).await
    }
}

async fn put(
    operations: &Operations,
    record: &ImportRecord,
    job: &Job<'_>,
    number: u32,
    mut rows: Vec<Row>,
) -> Result<ChunkResult> {
    let mut tx = operations.store.write().await?;
    let permit = tx.import_for(job.caller, record.id).await?;
    write(&mut tx, job, &permit, &mut rows).await?;
    let results: Vec<StoredRow> = rows.into_iter().map(Row::into_stored).collect();
    let saved = tx.save_chunk(&permit, record.id, number, &results, job.now).await?;
    if saved != ChunkSaved::Saved {
        drop(tx);
        return not_saved(operations, saved, record.id, number).await;
    }
    let mut after = trail(&results);
    after["chunk"] = json!(number);
    let entry = Entry {
        action: Action::ImportChunk,
        subject: subject::import(record.id, &record.file_name),
        before: Value::Null,
        after,
    };
    tx.commit(job.caller, job.now, &[entry]).await?;
    Ok(ChunkResult { rows: results.into_iter().map(|row| row.result).collect() })
}

/// What was answered when the chunk was saved, or that it can't be.
pub(super) async fn not_saved(
    operations: &Operations,
    saved: ChunkSaved,
    id: ImportId,
    number: u32,
) -> Result<ChunkResult> {
    if saved == ChunkSaved::Ended {
        return Err(Fault::conflict("This import has ended already.").into());
    }
    let rows = operations.store.read().await?.chunk(id, number).await?;
    Ok(ChunkResult { rows: rows.unwrap_or_default() })
}

fn acceptable(record: &ImportRecord, chunk: &Chunk) -> Result<()> {
    match record.state {
        ImportState::Running => {}
        ImportState::Finished => {
            return Err(Fault::conflict("This import has ended already.").into());
        }
        ImportState::Canceled => return Err(Fault::conflict("This import was canceled.").into()),
        ImportState::Undoing | ImportState::Undone => {
            return Err(Fault::conflict("This import was undone.").into());
        }
    }
    if chunk.rows.is_empty() || chunk.rows.len() > CHUNK_ROWS {
        return Err(Fault::refused(format!(
            "A chunk has 1 to {CHUNK_ROWS} rows, this one {}.",
            chunk.rows.len()
        ))
        .into());
    }
    Ok(())
}

pub(super) fn rules(record: &ImportRecord, settings: &Settings, now: Timestamp) -> Rules {
    Rules {
        group_chosen: record.group.is_some(),
        strength: settings.strength,
        organization: settings.organization.clone(),
        default_password_set: settings.default_password_works(now),
    }
}

pub(super) fn job<'a>(
    operations: &'a Operations,
    record: &ImportRecord,
    caller: &'a Caller,
) -> Job<'a> {
    Job {
        caller,
        keys: &operations.keys,
        import: record.id,
        existing: record.existing,
        group: record.group,
        now: operations.now(),
    }
}
