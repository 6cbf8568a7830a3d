//! Another site's link to what a server function or a route does: `CsrfLayer` refuses what is sent, and
//! takes a GET for harmless. Here a GET may save a file, and write into the audit trail that it did.

use axum::extract::Request;
use axum::http::{HeaderName, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const FROM: HeaderName = HeaderName::from_static("sec-fetch-site");

pub async fn alone(request: Request, next: Next) -> Response {
    let from = request.headers().get(FROM).map(|from| from.as_bytes());
    let elsewhere = matches!(from, Some(b"cross-site" | b"same-site"));
    if elsewhere && request.uri().path().starts_with("/api/") {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}
