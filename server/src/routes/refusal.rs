//! A `Fault` as an answer: its code and reason as JSON, with the status that goes with it.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use roster::authority::Denied;
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
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self { status: status(&fault), fault }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let seconds = match &self.fault {
            Fault::Wait { seconds } => Some(*seconds),
            Fault::Unavailable => Some(1),
            _ => None,
        };
        let mut response = (self.status, Json(self.fault)).into_response();
        if let Some(seconds) = seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn status(fault: &Fault) -> StatusCode {
    match fault {
        Fault::Denied { denied: Denied::NotSignedIn } => StatusCode::UNAUTHORIZED,
        Fault::Denied { .. } => StatusCode::FORBIDDEN,
        Fault::NotFound { .. } => StatusCode::NOT_FOUND,
        Fault::Conflict { .. } => StatusCode::CONFLICT,
        Fault::Invalid { .. } | Fault::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Fault::Wait { .. } => StatusCode::TOO_MANY_REQUESTS,
        Fault::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Fault::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
