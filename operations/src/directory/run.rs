//! Beginning a run, receiving its batches, aborting it. Its end is in `commit`.

use roster::authority::Caller;
use roster::directory::protocol::bounds::{self, BATCH_BYTES, Excess, RUN_BATCHES};
use roster::directory::protocol::{Abort, Batch, BeginRun, RunId};
use roster::directory::view::{RunCounts, RunState};
use roster::fault::Fault;
use store::{BatchRefused, NewBatch, RunEnd};

use super::events::{note, problem};
use super::{admitted, ours, own_run, within_bounds};
use crate::{Error, Operations, Result};

/// After this long without a batch, a run may be replaced by another.
const ABANDONED_SECONDS: i64 = 60 * 60;

/// Begins a run, unless another one is under way. Sent again, it changes nothing.
pub async fn begin_run(operations: &Operations, caller: &Caller, wish: &BeginRun) -> Result<()> {
    ours(caller)?;
    within_bounds(bounds::begin(wish))?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (source, permit) = admitted(&mut tx, caller, now).await?;
    let id = source.id;
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

/// Stores a batch until the run's commit. Sent again, it changes nothing.
pub async fn put_batch(
    operations: &Operations,
    caller: &Caller,
    run: RunId,
    number: u32,
    batch: &Batch,
) -> Result<()> {
    ours(caller)?;
    within_bounds(bounds::batch(batch))?;
    if number >= RUN_BATCHES {
        return within_bounds(Err(Excess::Batches));
    }
    let body = serde_json::to_string(&batch.people)
        .map_err(|cause| Error::internal(format!("a batch: {cause}")))?;
    if body.len() > BATCH_BYTES {
        return within_bounds(Err(Excess::Batch(body.len())));
    }
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (source, permit) = admitted(&mut tx, caller, now).await?;
    own_run(&mut tx, source.id, run).await?;
    let new = NewBatch { number, people: batch.people.len(), body: &body };
    match tx.put_directory_batch(&permit, run, new, now).await? {
        Ok(()) => tx.commit_bookkeeping().await?,
        Err(BatchRefused::Ended) => return Err(ended().into()),
        Err(BatchRefused::TooMuch) => return within_bounds(Err(Excess::Run)),
    }
    Ok(())
}

/// Aborts a run for the service's reason. Sent again, it changes nothing.
pub async fn abort(
    operations: &Operations,
    caller: &Caller,
    run: RunId,
    why: &Abort,
) -> Result<()> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (source, permit) = admitted(&mut tx, caller, now).await?;
    let id = source.id;
    let kept = own_run(&mut tx, id, run).await?;
    match kept.line.state {
        RunState::UnderWay => {}
        RunState::Aborted => return Ok(()),
        _ => return Err(ended().into()),
    }
    let problem = problem(&why.code, &why.message);
    tx.end_directory_run(&permit, run, &aborted(&problem.message), now).await?;
    note(&mut tx, &permit, id, now, &problem, now).await?;
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
