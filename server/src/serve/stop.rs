//! Told to stop, the server takes no more connections and finishes what is under way.

use std::net::SocketAddr;
use std::time::Duration;

use axum_server::Handle;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Requests that take longer are cut off.
const PATIENCE: Duration = Duration::from_secs(30);

/// The first signal ends politely, a second one at once.
pub async fn on_signal(handle: Handle<SocketAddr>) {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        tracing::warn!("signals can't be watched: the server ends without finishing requests");
        return;
    };
    next(&mut interrupt, &mut terminate).await;
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
