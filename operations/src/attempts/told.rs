//! Which refusals become an audit entry where a program may send them without end: one a minute from a
//! network, and so many in all.

use roster::authority::Origin;
use roster::id::Timestamp;
use roster::sign_in::{Failures, networks};
use store::Transaction;

use crate::Result;

const SECONDS: i64 = 60;
/// Of one kind, from wherever.
const MOST_IN_ALL: u32 = 10;

/// Counts a refusal of this kind. Where an entry is due: how many there were from this network since
/// the last one, this one included.
pub(crate) async fn due(
    tx: &mut Transaction,
    kind: &str,
    origin: &Origin,
    now: Timestamp,
) -> Result<Option<u32>> {
    let network = networks(&origin.address).into_iter().next();
    let (_, network) = network.unzip();
    let here = format!("told:{kind}:{}", network.unwrap_or_default());
    let since = tx.lock_failures(&here).await?;
    let refusals = since.count.saturating_add(1);
    if !is_fresh(since, now) && one_more_in_all(tx, kind, now).await? {
        tx.count_failure(&here, None, Failures { count: 0, last_at: Some(now) }).await?;
        return Ok(Some(refusals));
    }
    tx.count_failure(&here, None, Failures { count: refusals, ..since }).await?;
    Ok(None)
}

/// Whether there is room in this minute, which is taken.
async fn one_more_in_all(tx: &mut Transaction, kind: &str, now: Timestamp) -> Result<bool> {
    let key = format!("told:{kind}");
    let minute = tx.lock_failures(&key).await?;
    let minute = if is_fresh(minute, now) {
        Failures { count: minute.count.saturating_add(1), ..minute }
    } else {
        Failures { count: 1, last_at: Some(now) }
    };
    if minute.count > MOST_IN_ALL {
        return Ok(false);
    }
    tx.count_failure(&key, None, minute).await?;
    Ok(true)
}

fn is_fresh(told: Failures, now: Timestamp) -> bool {
    told.last_at.is_some_and(|at| now.seconds_since(at) < SECONDS)
}
