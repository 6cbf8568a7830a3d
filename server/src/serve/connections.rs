//! How long a connection may say nothing: one that is opened and never used is let go.

use std::net::SocketAddr;
use std::time::Duration;

use axum_server::Server;
use hyper_util::rt::TokioTimer;

/// Until a request's head is there; also between two requests.
const HEAD: Duration = Duration::from_secs(30);
/// A client that is gone without a word is noticed.
const ALIVE: Duration = Duration::from_secs(30);

pub fn limited(mut server: Server<SocketAddr>) -> Server<SocketAddr> {
    let builder = server.http_builder();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(ALIVE);
    server
}
