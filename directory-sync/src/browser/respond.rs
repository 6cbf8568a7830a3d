//! Responses with their common headers.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION,
    REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use hyper::{Response, StatusCode};
use maud::Markup;

use super::gate::Refused;
use super::markup;

pub type Answer = Response<Full<Bytes>>;

/// Only this origin's files and forms; nothing inline.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

fn answer(status: StatusCode, kind: &'static str, body: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    for (name, value) in [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        // With `no-referrer`, browsers would hide a form's origin, which `Gate::own_form` checks.
        (REFERRER_POLICY, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (OPENER, "same-origin"),
        (RESOURCE, "same-origin"),
    ] {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

pub fn page(markup: Markup) -> Answer {
    answer(StatusCode::OK, "text/html; charset=utf-8", markup.into_string())
}

pub fn file(kind: &'static str, text: String) -> Answer {
    answer(StatusCode::OK, kind, text)
}

pub fn nothing(status: StatusCode) -> Answer {
    answer(status, "text/plain; charset=utf-8", String::new())
}

pub fn see(path: &'static str) -> Answer {
    let mut answer = nothing(StatusCode::SEE_OTHER);
    answer.headers_mut().insert(LOCATION, HeaderValue::from_static(path));
    answer
}

pub fn with_cookie(mut answer: Answer, cookie: &str) -> Answer {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        answer.headers_mut().insert(SET_COOKIE, cookie);
    }
    answer
}

pub fn refused(refused: Refused) -> Answer {
    let markup = markup::refusal(refused.sentence());
    answer(refused.status(), "text/html; charset=utf-8", markup.into_string())
}
