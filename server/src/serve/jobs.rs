//! What is done beside the requests.

use std::time::Duration;

use operations::Operations;
use roster::authority::Caller;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

const EVERY: Duration = Duration::from_mins(10);

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
        }
    })
}
