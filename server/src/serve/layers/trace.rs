//! One line in the log for every request that is answered. Never its query: people's names and
//! addresses are in it.

use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use tower_http::classify::{ServerErrorsAsFailures, SharedClassifier};
use tower_http::trace::TraceLayer;
use tracing::Span;

use super::request_id::RequestId;

type Answered = fn(&Response, Duration, &Span);
type Layer = TraceLayer<
    SharedClassifier<ServerErrorsAsFailures>,
    fn(&Request) -> Span,
    (),
    Answered,
    (),
    (),
    (),
>;

pub fn layer() -> Layer {
    TraceLayer::new_for_http()
        .make_span_with(span as fn(&Request) -> Span)
        .on_request(())
        .on_response(answered as Answered)
        .on_body_chunk(())
        .on_eos(())
        .on_failure(())
}

fn span(request: &Request) -> Span {
    let path = request.uri().path();
    if path.starts_with("/assets/") || path == "/healthz" {
        return Span::none();
    }
    let id = request.extensions().get::<RequestId>().map_or("-", RequestId::as_str);
    tracing::info_span!("request", id, method = %request.method(), path)
}

fn answered(response: &Response, latency: Duration, span: &Span) {
    if !span.is_none() {
        let status = response.status().as_u16();
        let milliseconds = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(status, milliseconds, "answered");
    }
}
