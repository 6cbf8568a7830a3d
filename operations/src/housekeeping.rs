//! What the server does by itself now and then.

use roster::authority::{Act, Caller};

use crate::{Operations, Result, assets, devices, permit};

/// Runs of a directory that changed nobody are kept so long, others so long.
const QUIET_RUN_DAYS: i64 = 30;
const RUN_DAYS: i64 = 365;

/// Removes dead sessions, what nobody answered, forgotten failures, browsers of long ago, what starting
/// passwords are made from that nobody downloaded, old runs of directories, and assets of old versions.
pub async fn tidy(operations: &Operations, caller: &Caller) -> Result<()> {
    permit(caller, &Act::Operate)?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let settings = tx.settings().await?;
    let policies = settings.policies;
    let before = |seconds: i64| now.plus_seconds(-seconds);
    let (created, seen) = (policies.sessions.absolute_seconds(), policies.sessions.idle_seconds());
    tx.remove_dead_sessions(before(created), before(seen)).await?;
    tx.remove_expired_pending(now).await?;
    tx.forget_failures(before(policies.lock_out.seconds())).await?;
    tx.forget_devices(devices::oldest(now)).await?;
    tx.forget_starting_seeds(now.plus_days(-settings.default_password_days)).await?;
    tx.forget_directory_runs(now.plus_days(-QUIET_RUN_DAYS), now.plus_days(-RUN_DAYS)).await?;
    tx.forget_assets(now.plus_days(-assets::DAYS), assets::MOST).await?;
    tx.commit_bookkeeping().await?;
    Ok(())
}
