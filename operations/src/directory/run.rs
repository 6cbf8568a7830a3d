//! A run begins, its people come in batches, it is given up. Its end is in `commit`.

use roster::authority::Caller;
use roster::directory::protocol::{Abort, BATCH_PEOPLE, Batch, BeginRun, RunId};
use roster::directory::view::{RunCounts, RunState};
use roster::fault::Fault;
use store::RunEnd;

use super::events::{note, problem};
use super::{known, ours, own_run};
use crate::{Error, Operations, Result};

/// A run of which nothing came for so long gives way to another.
const ABANDONED_SECONDS: i64 = 60 * 60;

/// Batches of one run, at most: two million people.
const MOST_BATCHES: u32 = 2_000;

/// Begins a run, unless another one is under way. Begun again, nothing changes.
pub async fn begin_run(operations: &Operations, caller: &Caller, wish: &BeginRun) -> Result<()> {
    let (id, permit) = ours(caller)?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    known(tx.lock_directory(id).await?, "directory")?;
    if let Some(run) = tx.directory_run(wish.run_id).await? {
        let begun = run.line.source == id && run.line.state == RunState::UnderWay;
        return if begun { Ok(()) } else { Err(ended().into()) };
    }
    if let Some(other) = tx.open_directory_run(id, RunState::UnderWay).await? {
        if now.seconds_since(other.alive_at) < ABANDONED_SECONDS {
            let message = format!(
                "The run {} is under way since {}. Wait for its end.",
                other.line.id,
                other.line.began_at.rfc3339()
            );
            return Err(Fault::conflict(message).into());
        }
        let end = aborted("Nothing was sent for an hour.");
        tx.end_directory_run(&permit, other.line.id, &end, now).await?;
    }
    tx.begin_directory_run(&permit, id, wish, now).await?;
    tx.commit_bookkeeping().await?;
    Ok(())
}

/// Keeps a batch until the run's commit; sent again, it changes nothing.
pub async fn put_batch(
    operations: &Operations,
    caller: &Caller,
    run: RunId,
    number: u32,
    batch: &Batch,
) -> Result<()> {
    let (id, permit) = ours(caller)?;
    if batch.people.len() > BATCH_PEOPLE {
        return Err(Fault::refused(format!(
            "A batch has at most {BATCH_PEOPLE} people, this one {}.",
            batch.people.len()
        ))
        .into());
    }
    if number >= MOST_BATCHES {
        let message = format!("A run has at most {MOST_BATCHES} batches, numbered from 0.");
        return Err(Fault::refused(message).into());
    }
    own_run(&mut operations.store.read().await?, id, run).await?;
    let body = serde_json::to_string(&batch.people)
        .map_err(|cause| Error::internal(format!("a batch: {cause}")))?;
    let mut tx = operations.store.write().await?;
    if !tx.put_directory_batch(&permit, run, number, &body, operations.now()).await? {
        return Err(ended().into());
    }
    tx.commit_bookkeeping().await?;
    Ok(())
}

/// The service gives a run up, and says why. Given up again, nothing changes.
pub async fn abort(
    operations: &Operations,
    caller: &Caller,
    run: RunId,
    why: &Abort,
) -> Result<()> {
    let (id, permit) = ours(caller)?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    known(tx.lock_directory(id).await?, "directory")?;
    let kept = own_run(&mut tx, id, run).await?;
    match kept.line.state {
        RunState::UnderWay => {}
        RunState::Aborted => return Ok(()),
        _ => return Err(ended().into()),
    }
    tx.end_directory_run(&permit, run, &aborted(&why.message), now).await?;
    note(&mut tx, &permit, id, now, &problem(&why.code, &why.message), now).await?;
    tx.commit_bookkeeping().await?;
    Ok(())
}

fn aborted(message: &str) -> RunEnd<'_> {
    RunEnd {
        state: RunState::Aborted,
        counts: RunCounts::default(),
        held: None,
        waiting: None,
        message: Some(message),
        answer: None,
        wish: None,
    }
}

pub(super) fn ended() -> Fault {
    Fault::conflict("This run has ended already. Begin another one.")
}
