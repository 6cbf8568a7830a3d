//! What proxies and monitors ask: `/healthz` whether the program is alive, `/readyz` whether it can do
//! its work.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::serve::Site;

pub fn routes() -> Router<Site> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready))
}

/// Everybody may ask these, directly too, and no request of them is logged.
pub fn is_for_monitors(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz")
}

async fn alive() -> &'static str {
    "ok"
}

async fn ready(State(site): State<Site>) -> (StatusCode, String) {
    match site.readiness.obstacle().await {
        None => (StatusCode::OK, "ok".to_owned()),
        Some(obstacle) => (StatusCode::SERVICE_UNAVAILABLE, obstacle.to_string()),
    }
}
