//! Rows that failed, tried again in the import that they belong to: one that somebody edited, or
//! all as they were.

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::history::{ImportRecord, ImportState, Retried, RowToMend};
use roster::id::ImportId;
use roster::import::{Outcome, RowResult, SubmittedRow, SubmittedValues};
use serde_json::Value;
use store::{Reader, StoredRow};

use super::chunk::{job, rules};
use super::prepare::{check, hash_passwords, warn_of_lookalikes};
use super::row::Row;
use super::write::{trail, write};
use super::{record, see};
use crate::{Operations, Result, permit, subject};

/// Rows that are tried again at a time.
const STEP: u32 = 500;

/// A failed or skipped row with its values, for the form in which it is mended.
pub async fn row_values(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
    place: i64,
) -> Result<RowToMend> {
    permit(caller, &Act::Import)?;
    let mut reader = operations.store.read().await?;
    let record = record(&mut reader, id).await?;
    let row = to_mend(&mut reader, &record, place).await?;
    let values = values(&row);
    Ok(RowToMend { values, had_password: row.had_password, result: row.result })
}

/// Tries a failed or skipped row again with other values.
pub async fn retry_row(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
    place: i64,
    values: SubmittedValues,
) -> Result<RowResult> {
    permit(caller, &Act::Import)?;
    let mut reader = operations.store.read().await?;
    let record = record(&mut reader, id).await?;
    let mut before = to_mend(&mut reader, &record, place).await?;
    drop(reader);
    // What was wrong with it in the file was mended, or is found anew.
    before.result.problems.clear();
    let row = again(&before, values);
    let mut results = retry(operations, caller, &record, vec![before], vec![row]).await?;
    results.pop().ok_or_else(|| Fault::not_found("row").into())
}

/// Tries failed rows again as they were stored, from a place on.
pub async fn retry_failed(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
    from: i64,
) -> Result<Retried> {
    permit(caller, &Act::Import)?;
    let mut reader = operations.store.read().await?;
    let record = record(&mut reader, id).await?;
    may_retry(&record)?;
    let (before, next) = reader.stored_rows(id, true, from, STEP).await?;
    drop(reader);
    let rows: Vec<SubmittedRow> = before.iter().map(|row| again(row, values(row))).collect();
    if !rows.is_empty() {
        retry(operations, caller, &record, before, rows).await?;
    }
    Ok(Retried { record: see(operations, caller, id).await?, next })
}

async fn retry(
    operations: &Operations,
    caller: &Caller,
    record: &ImportRecord,
    before: Vec<StoredRow>,
    rows: Vec<SubmittedRow>,
) -> Result<Vec<RowResult>> {
    let mut reader = operations.store.read().await?;
    let rules = rules(record, &reader.settings().await?, operations.now());
    let place = |row: usize| before.get(row).map_or(0, |row| row.result.place);
    let mut rows = check(rows, place, &rules);
    for (row, before) in rows.iter_mut().zip(&before) {
        row.had_password |= before.had_password;
    }
    warn_of_lookalikes(&mut rows, &mut reader).await?;
    drop(reader);
    hash_passwords(&mut rows, operations).await?;
    let job = job(operations, record, caller);
    let mut tx = operations.store.write().await?;
    let permit = tx.import_for(caller, record.id).await?;
    // Locks the seats: who tries the same rows waits here, and finds them done.
    tx.free_seats().await?;
    let places: Vec<i64> = before.iter().map(|row| row.result.place).collect();
    let now = tx.outcomes_at(record.id, &places).await?;
    if before.iter().any(|row| now.get(&row.result.place) != Some(&row.result.outcome)) {
        return Err(Fault::conflict(
            "Somebody else tried these rows again meanwhile. Reload to see what became of them.",
        )
        .into());
    }
    write(&mut tx, &job, &permit, &mut rows).await?;
    let results: Vec<StoredRow> = rows.into_iter().map(Row::into_stored).collect();
    let outcomes: Vec<Outcome> = before.iter().map(|row| row.result.outcome).collect();
    if !tx.replace_rows(&permit, record.id, &outcomes, &results).await? {
        drop(tx);
        may_retry(&see(operations, caller, record.id).await?)?;
        return Ok(Vec::new());
    }
    let entry = Entry {
        action: Action::ImportRetried,
        subject: subject::import(record.id, &record.file_name),
        before: Value::Null,
        after: trail(&results),
    };
    tx.commit(caller, job.now, &[entry]).await?;
    Ok(results.into_iter().map(|row| row.result).collect())
}

/// The row at this place, if there is something to mend.
async fn to_mend(reader: &mut Reader, record: &ImportRecord, place: i64) -> Result<StoredRow> {
    may_retry(record)?;
    let row = reader.stored_row(record.id, place).await?;
    let row = row.ok_or_else(|| Fault::not_found("row"))?;
    match row.result.outcome {
        Outcome::Failed | Outcome::Skipped => Ok(row),
        Outcome::Created | Outcome::Updated | Outcome::Unchanged => {
            Err(Fault::conflict("This row is imported already.").into())
        }
    }
}

fn may_retry(record: &ImportRecord) -> Result<()> {
    let why = match record.state {
        ImportState::Finished if record.all_or_nothing && record.counts.failed > 0 => {
            "This import was to import all rows or none, and imported none. Mend its file and \
             import that."
        }
        ImportState::Finished | ImportState::Canceled => return Ok(()),
        ImportState::Running => "This import has not ended yet.",
        ImportState::Undoing | ImportState::Undone => "This import was undone.",
    };
    Err(Fault::conflict(why).into())
}

fn values(row: &StoredRow) -> SubmittedValues {
    let values = row.values.as_deref().and_then(|json| serde_json::from_str(json).ok());
    values.unwrap_or_default()
}

/// The row as it was sent, with these values. What only the whole file showed is still so.
fn again(before: &StoredRow, values: SubmittedValues) -> SubmittedRow {
    let problems = before.result.problems.iter();
    SubmittedRow {
        line: before.result.line,
        values,
        problems: problems.filter(|problem| problem.code.needs_whole_file()).cloned().collect(),
        expected: None,
        left_out: false,
    }
}
