//! A `Fault` as an answer: its code and reason as JSON, with the status that goes with it.

use app::server::{retry_after, status};
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use roster::fault::Fault;

#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    fault: Fault,
}

impl Refusal {
    /// What was sent can't be taken; `status` is what axum found fitting.
    pub fn unreadable(status: StatusCode, why: &str) -> Self {
        let fault = Fault::refused(format!("What was sent was not understood: {why}."));
        Self { status, fault }
    }

    pub fn no_such_address() -> Self {
        Self::from(Fault::not_found("address"))
    }

    /// A page asked for a function that this version doesn't have.
    pub fn no_such_function() -> Self {
        Self { status: StatusCode::NOT_FOUND, fault: Fault::updated() }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self { status: status(&fault), fault }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let seconds = retry_after(&self.fault);
        let mut response = (self.status, Json(&self.fault)).into_response();
        // For a layer that says it in other words.
        response.extensions_mut().insert(self.fault);
        if let Some(seconds) = seconds {
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}
