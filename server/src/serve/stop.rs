//! Told to stop, the server first says that it isn't ready any more, so that proxies turn to another.
//! Then it takes no more connections and finishes what is under way.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;

use super::readiness::Readiness;

/// Requests that take longer are cut off.
const PATIENCE: Duration = Duration::from_secs(30);

/// The first signal ends politely: connections are taken for this long. A second one ends at once.
pub async fn on_signal(handle: Handle<SocketAddr>, readiness: Arc<Readiness>, delay: Duration) {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        tracing::warn!("signals can't be watched: the server ends without finishing requests");
        return;
    };
    next(&mut interrupt, &mut terminate).await;
    readiness.stop();
    if !delay.is_zero() {
        tracing::info!(seconds = delay.as_secs(), "stopping: connections are taken a while longer");
        if timeout(delay, next(&mut interrupt, &mut terminate)).await.is_ok() {
            handle.shutdown();
            return;
        }
    }
    tracing::info!("stopping: requests under way are finished");
    handle.graceful_shutdown(Some(PATIENCE));
    next(&mut interrupt, &mut terminate).await;
    handle.shutdown();
}

async fn next(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => (),
        _ = terminate.recv() => (),
    }
}
