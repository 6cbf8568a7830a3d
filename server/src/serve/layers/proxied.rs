//! Where TLS ends at a proxy, nobody is answered but the proxy: what comes by another way crossed the
//! network in the clear.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::address;
use crate::routes::health;
use crate::serve::Site;

pub async fn alone(State(site): State<Site>, request: Request, next: Next) -> Response {
    // Who watches the server asks it directly, and is told nothing else.
    if site.proxies.is_empty() || health::is_for_monitors(request.uri().path()) {
        return next.run(request).await;
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    if peer.is_some_and(|peer| address::is_among(peer, &site.proxies)) {
        return next.run(request).await;
    }
    let peer = peer.map(|peer| peer.to_canonical().to_string()).unwrap_or_default();
    tracing::warn!(peer, "this request did not come by the trusted proxy");
    StatusCode::MISDIRECTED_REQUEST.into_response()
}
