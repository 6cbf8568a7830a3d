//! `/healthz`: the database can be reached.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::serve::Site;

pub fn routes() -> Router<Site> {
    Router::new().route("/healthz", get(health))
}

async fn health(State(site): State<Site>) -> (StatusCode, &'static str) {
    if site.operations.ping().await {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
    }
}
