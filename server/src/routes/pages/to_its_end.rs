//! A page is rendered to its end, also where nobody waits for it any more. Rendering that is dropped
//! half done takes its signals with it, and the tasks that resolve its parts read them all the same.

use std::panic;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use tracing::{Instrument, Span};

/// So many pages are rendered at once, those that nobody waits for among them.
const MOST: usize = 256;

#[derive(Clone)]
pub struct Places(Arc<Semaphore>);

impl Default for Places {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST)))
    }
}

pub async fn render(
    State(Places(places)): State<Places>,
    request: Request,
    next: Next,
) -> Response {
    // A server function renders nothing: it ends with its request.
    if request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let place = places.acquire_owned().await;
    let rendering = async move {
        let response = next.run(request).await;
        drop(place);
        response
    };
    match tokio::spawn(rendering.instrument(Span::current())).await {
        Ok(response) => response,
        Err(ended) => match ended.try_into_panic() {
            Ok(panicked) => panic::resume_unwind(panicked),
            // The program stops.
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    }
}
