//! One line in the log for every request that is answered: what was asked, by whom and from where. A
//! refusal is a warning. Never its query: people's names and addresses are in it.

use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use ipnet::IpNet;
use roster::authority::{Caller, Who};
use tower_http::classify::{ServerErrorsAsFailures, SharedClassifier};
use tower_http::trace::TraceLayer;
use tracing::Span;
use tracing::field::{Empty, display};

use super::address;
use super::request_id::RequestId;
use crate::serve::Site;

type Answered = fn(&Response, Duration, &Span);
type Classified = SharedClassifier<ServerErrorsAsFailures>;

pub fn layer(
    site: &Site,
) -> TraceLayer<Classified, impl Fn(&Request) -> Span + Clone + use<>, (), Answered, (), (), ()> {
    let proxies = site.proxies.clone();
    TraceLayer::new_for_http()
        .make_span_with(move |request: &Request| span(request, &proxies))
        .on_request(())
        .on_response(answered as Answered)
        .on_body_chunk(())
        .on_eos(())
        .on_failure(())
}

fn span(request: &Request, proxies: &[IpNet]) -> Span {
    let path = request.uri().path();
    if super::gate::is_for_everybody(path) {
        return Span::none();
    }
    let id = request.extensions().get::<RequestId>().map_or("-", RequestId::as_str);
    let method = request.method();
    // At the level of a refusal, so that its line says this much whatever is logged else.
    tracing::warn_span!(
        "request",
        id,
        %method,
        path,
        address = address::of(request, proxies),
        account = Empty,
        directory = Empty
    )
}

/// Names the caller in every line about this request from here on.
pub fn record(caller: &Caller) {
    let span = Span::current();
    match &caller.who {
        Who::Person(actor) => {
            span.record("account", display(actor.account));
        }
        Who::Directory(directory) => {
            span.record("directory", display(directory.token));
        }
        Who::Anonymous | Who::Operator => {}
    }
}

fn answered(response: &Response, latency: Duration, span: &Span) {
    if span.is_none() {
        return;
    }
    let status = response.status();
    let milliseconds = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
    if is_refusal(status) {
        tracing::warn!(status = status.as_u16(), milliseconds, "refused");
    } else {
        tracing::info!(status = status.as_u16(), milliseconds, "answered");
    }
}

/// Not 404: anybody's mistyped address is one; nor 422: that is a form to be corrected.
fn is_refusal(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::MISDIRECTED_REQUEST
            | StatusCode::TOO_MANY_REQUESTS
    )
}
