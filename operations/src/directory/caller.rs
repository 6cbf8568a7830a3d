//! Who comes with a service token.

use roster::authority::{Caller, DirectoryCaller, Origin, Who};
use roster::directory::view::caller_name;
use roster::id::Timestamp;
use roster::secret::Secret;
use roster::session::TOUCH_SECONDS;
use store::LiveToken;

use crate::attempts::Attempt;
use crate::{Operations, Result, entropy};

/// The directory whose token this is; `None` where it is no token that works. Wrong ones are counted
/// per address and slow down the next, as failed sign-ins do.
pub async fn authenticate(
    operations: &Operations,
    token: &Secret,
    origin: Origin,
) -> Result<Option<Caller>> {
    let now = operations.now();
    let mut reader = operations.store.read().await?;
    let found = reader.directory_token(&entropy::digest(token)).await?;
    drop(reader);
    let Some(found) = found.filter(|found| found.works(now)) else {
        count_failure(operations, &origin).await?;
        return Ok(None);
    };
    touch(operations, &found, now).await?;
    let (source, name) = match found.source {
        Some((source, domain)) => (Some(source), caller_name(&domain)),
        None => (None, caller_name("(not enrolled)")),
    };
    let who = Who::Directory(DirectoryCaller { token: found.id, source, name });
    Ok(Some(Caller { who, origin }))
}

async fn count_failure(operations: &Operations, origin: &Origin) -> Result<()> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let counted = Attempt::directory_token(origin).count(&mut tx, lock_out, now).await?;
    let locks = counted.locks(None);
    if locks.is_empty() {
        tx.commit_bookkeeping().await?;
    } else {
        tx.commit(&Caller::anonymous(origin.clone()), now, &locks).await?;
    }
    Ok(())
}

/// A run that is being written must not keep the next request waiting: then the use isn't noted.
async fn touch(operations: &Operations, token: &LiveToken, now: Timestamp) -> Result<()> {
    if token.last_used_at.is_some_and(|last| now.seconds_since(last) < TOUCH_SECONDS) {
        return Ok(());
    }
    let noted = async {
        let mut tx = operations.store.write().await?;
        tx.touch_directory_token(token.id, now).await?;
        tx.commit_bookkeeping().await
    };
    match noted.await {
        Err(cause) if !cause.is_unavailable() => Err(cause.into()),
        _ => Ok(()),
    }
}
