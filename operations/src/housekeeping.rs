//! What the server does by itself now and then.

use roster::authority::{Act, Caller};
use roster::session::{ABSOLUTE_SECONDS, IDLE_SECONDS};
use roster::sign_in::FORGET_SECONDS;

use crate::{Operations, Result, permit};

/// Removes dead sessions and forgotten failures.
pub async fn tidy(operations: &Operations, caller: &Caller) -> Result<()> {
    permit(caller, &Act::Operate)?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    tx.remove_dead_sessions(now.plus_seconds(-ABSOLUTE_SECONDS), now.plus_seconds(-IDLE_SECONDS))
        .await?;
    tx.forget_failures(now.plus_seconds(-FORGET_SECONDS)).await?;
    tx.commit_bookkeeping().await?;
    Ok(())
}
