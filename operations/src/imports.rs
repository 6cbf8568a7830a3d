//! Bulk import: an import begins, its chunks come in any order and as often as the line allows,
//! it ends. The server checks every row anew, with the code that checked it in the browser, and
//! decides. What becomes of a chunk is in `chunk`, whose rows are made ready by `prepare`, meet
//! those who are there in `place` and are written by `write`; of all rows or none in `staged`. The
//! dry run is `compare`; afterwards there are `retry` and `undo`.

mod chunk;
mod compare;
mod download;
mod fate;
mod groups;
mod place;
mod prepare;
mod retry;
mod row;
mod seat;
mod staged;
mod starting;
mod undo;
mod write;

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::history::{ImportRecord, ImportRules, ImportState, NewImport};
use roster::id::{AccountId, ImportId};
use roster::import::{Outcome, RowResult};
use roster::page::{Page, Window};
use serde_json::{Value, json};
use store::Reader;

use crate::groups::known;
use crate::{Operations, Result, permit, subject};

pub use chunk::put_chunk;
pub use compare::compare;
pub use download::{Download, File, download};
pub use retry::{retry_failed, retry_row, row_values};
pub use starting::{starting_passwords, take_starting_passwords};
pub use undo::undo;

/// The longest file name that is kept.
const MAX_FILE_NAME: usize = 255;

/// What the browser's check needs to know of the organization.
pub async fn rules(operations: &Operations, caller: &Caller) -> Result<ImportRules> {
    permit(caller, &Act::Import)?;
    let settings = operations.store.read().await?.settings().await?;
    let default_password_set = settings.default_password_works(operations.now());
    Ok(ImportRules {
        strength: settings.strength,
        organization: settings.organization,
        default_password_set,
    })
}

/// Begins an import. The same one begun again changes nothing; it goes on only by the plan that it
/// began with, since its chunks are told apart by their numbers.
pub async fn begin(
    operations: &Operations,
    caller: &Caller,
    mut wish: NewImport,
) -> Result<ImportRecord> {
    permit(caller, &Act::Import)?;
    let mut reader = operations.store.read().await?;
    if reader.import(wish.id).await?.is_some() {
        let begun = own(&mut reader, caller, wish.id).await?;
        if begun.plan == wish.plan {
            return Ok(begun);
        }
        return Err(Fault::conflict(format!(
            "This import was begun with other parts (“{}”, now “{}”) and can’t be gone on with. \
             Cancel it, and import the file anew.",
            begun.plan, wish.plan
        ))
        .into());
    }
    let mut into = None;
    if let Some(group) = wish.group {
        let path = known(reader.group_path(group).await?)?;
        roster::authority::decide(caller, &Act::CreateTechnician { lineage: &path.lineage() })?;
        into = Some(path.label());
    }
    drop(reader);
    wish.file_name = wish.file_name.chars().take(MAX_FILE_NAME).collect();
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let permit = tx.permit(caller, &Act::Import).await?;
    tx.begin_import(&permit, &wish, account(caller), caller.display_name(), now).await?;
    let entry = Entry {
        action: Action::ImportStarted,
        subject: subject::import(wish.id, &wish.file_name),
        before: Value::Null,
        after: json!({
            "rows": wish.rows,
            "sha256": wish.file_sha256,
            "group": into,
            "existing": wish.existing,
            "allOrNothing": wish.all_or_nothing,
        }),
    };
    tx.commit(caller, now, &[entry]).await?;
    see(operations, caller, wish.id).await
}

/// The numbers of the chunks that are done: what resuming need not send.
pub async fn chunks_done(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
) -> Result<Vec<u32>> {
    permit(caller, &Act::Import)?;
    let mut reader = operations.store.read().await?;
    own(&mut reader, caller, id).await?;
    Ok(reader.chunk_numbers(id).await?)
}

/// Ends an import of which every row was sent.
pub async fn finish(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
) -> Result<ImportRecord> {
    permit(caller, &Act::Import)?;
    let mut reader = operations.store.read().await?;
    let record = own(&mut reader, caller, id).await?;
    let done = record.counts.done() + reader.staged_rows(id).await?;
    let missing = record.rows.saturating_sub(done);
    drop(reader);
    match record.state {
        ImportState::Finished | ImportState::Undoing | ImportState::Undone => Ok(record),
        ImportState::Canceled => Err(Fault::conflict("This import was canceled.").into()),
        ImportState::Running if missing > 0 => Err(Fault::conflict(format!(
            "{missing} rows of this import were not sent yet. Resume it from its file."
        ))
        .into()),
        ImportState::Running if record.all_or_nothing => {
            staged::finish(operations, caller, record).await
        }
        ImportState::Running => end(operations, caller, &record, ImportState::Finished).await,
    }
}

/// Stops an import; what it created stays.
pub async fn cancel(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
) -> Result<ImportRecord> {
    permit(caller, &Act::Import)?;
    let record = own(&mut operations.store.read().await?, caller, id).await?;
    match record.state {
        ImportState::Finished
        | ImportState::Canceled
        | ImportState::Undoing
        | ImportState::Undone => Ok(record),
        ImportState::Running => end(operations, caller, &record, ImportState::Canceled).await,
    }
}

async fn end(
    operations: &Operations,
    caller: &Caller,
    record: &ImportRecord,
    state: ImportState,
) -> Result<ImportRecord> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let permit = tx.import_for(caller, record.id).await?;
    if tx.end_import(&permit, record.id, state, now).await? {
        tx.drop_staged(&permit, record.id).await?;
        tx.commit(caller, now, &[ended(record, state, &json!(record.counts))]).await?;
    } else {
        // Somebody was quicker.
        drop(tx);
    }
    see(operations, caller, record.id).await
}

fn ended(record: &ImportRecord, state: ImportState, counts: &Value) -> Entry {
    Entry {
        action: match state {
            ImportState::Canceled => Action::ImportCanceled,
            _ => Action::ImportFinished,
        },
        subject: subject::import(record.id, &record.file_name),
        before: Value::Null,
        after: counts.clone(),
    }
}

/// One import.
pub async fn see(operations: &Operations, caller: &Caller, id: ImportId) -> Result<ImportRecord> {
    permit(caller, &Act::Import)?;
    record(&mut operations.store.read().await?, id).await
}

/// All imports, the newest first.
pub async fn list(
    operations: &Operations,
    caller: &Caller,
    window: Window,
) -> Result<Page<ImportRecord>> {
    permit(caller, &Act::Import)?;
    Ok(operations.store.read().await?.imports(window).await?)
}

/// The caller's own import of a file with this digest that did not end.
pub async fn unfinished(
    operations: &Operations,
    caller: &Caller,
    sha256: &str,
) -> Result<Option<ImportRecord>> {
    permit(caller, &Act::Import)?;
    let mut reader = operations.store.read().await?;
    Ok(reader.unfinished_import(account(caller), sha256).await?)
}

/// The newest import of a file with this digest that ended and created or changed anybody, whoever
/// began it.
pub async fn finished(
    operations: &Operations,
    caller: &Caller,
    sha256: &str,
) -> Result<Option<ImportRecord>> {
    permit(caller, &Act::Import)?;
    Ok(operations.store.read().await?.finished_import(sha256).await?)
}

/// The rows of an import, by line.
pub async fn rows(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
    outcome: Option<Outcome>,
    search: &str,
    window: Window,
) -> Result<Page<RowResult>> {
    permit(caller, &Act::Import)?;
    let mut reader = operations.store.read().await?;
    record(&mut reader, id).await?;
    Ok(reader.import_rows(id, outcome, search.trim(), window).await?)
}

fn account(caller: &Caller) -> Option<AccountId> {
    caller.person().map(|actor| actor.account)
}

async fn record(reader: &mut Reader, id: ImportId) -> Result<ImportRecord> {
    Ok(reader.import(id).await?.ok_or_else(|| Fault::not_found("import"))?)
}

/// The import, if it is the caller's: nobody goes on with another's.
async fn own(reader: &mut Reader, caller: &Caller, id: ImportId) -> Result<ImportRecord> {
    let found = record(reader, id).await?;
    if reader.import_owner(id).await? != account(caller) {
        return Err(Fault::conflict(format!("This import is {}’s.", found.by)).into());
    }
    Ok(found)
}
