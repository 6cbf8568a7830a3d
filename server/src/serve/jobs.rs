//! What is done beside the requests.

use std::sync::Arc;
use std::time::Duration;

use operations::Operations;
use roster::authority::Caller;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::readiness::Readiness;
use crate::assets;

const EVERY: Duration = Duration::from_mins(10);
/// So often the server looks whether it is ready, where nobody asks.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// So often the log says how far the audit trail has come.
const HEAD_EVERY: Duration = Duration::from_hours(1);

/// At once, then every hour: what is in the log can be compared by `muster audit verify --since`.
pub fn note_heads(operations: &Operations) -> JoinHandle<()> {
    let operations = operations.clone();
    tokio::spawn(async move {
        let mut ticks = interval(HEAD_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            note_head(&operations).await;
        }
    })
}

/// So that the log says what nobody asked.
pub fn watch(readiness: &Arc<Readiness>) -> JoinHandle<()> {
    let readiness = readiness.clone();
    tokio::spawn(async move {
        let mut ticks = interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            readiness.obstacle().await;
        }
    })
}

pub async fn note_head(operations: &Operations) {
    match operations::audit::head(operations, &Caller::operator()).await {
        Ok(head) => tracing::info!(
            entry = head.last,
            hash = %head.hash,
            begins_after = head.begins_after,
            "the newest entry of the audit trail"
        ),
        Err(error) => {
            tracing::warn!(fault = %error.into_fault("housekeeping"), "the audit trail can’t be read");
        }
    }
}

/// Servers of other versions find this one's assets in the database.
pub async fn keep_assets(operations: &Operations) {
    let own = assets::to_keep();
    let kept = operations::assets::keep_assets(operations, &Caller::operator(), &own).await;
    if let Err(error) = kept {
        tracing::warn!(
            fault = %error.into_fault("housekeeping"),
            "servers of other versions don’t find this one’s assets"
        );
    }
}

/// Sessions that ended by themselves and failed sign-ins that are forgotten are removed.
pub fn start(operations: &Operations) -> JoinHandle<()> {
    let operations = operations.clone();
    tokio::spawn(async move {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let tidied = operations::housekeeping::tidy(&operations, &Caller::operator()).await;
            if let Err(error) = tidied {
                tracing::warn!(fault = %error.into_fault("housekeeping"), "housekeeping failed");
            }
            keep_assets(&operations).await;
        }
    })
}
