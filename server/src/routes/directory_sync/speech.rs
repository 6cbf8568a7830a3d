//! Refusals in the protocol's words: a code and a sentence.

use app::server::{retry_after, status};
use axum::Json;
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use roster::authority::Denied;
use roster::directory::protocol::Refusal;
use roster::fault::Fault;

pub async fn translate(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let Some(fault) = response.extensions().get::<Fault>() else { return response };
    let refusal = Refusal { code: code(fault), message: message(fault) };
    // What can't be read has a status of its own, which its fault doesn't know.
    let status = match fault {
        Fault::Refused { .. } => response.status(),
        fault => status(fault),
    };
    let seconds = retry_after(fault);
    let mut translated = (status, Json(refusal)).into_response();
    if let Some(seconds) = seconds {
        translated.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    translated
}

fn code(fault: &Fault) -> String {
    match fault {
        Fault::Denied { denied: Denied::NotSignedIn } => "token.unknown".to_owned(),
        Fault::Denied { denied: Denied::NotThatDirectory } => "token.not_enrolled".to_owned(),
        Fault::Denied { .. } => "denied".to_owned(),
        Fault::NotFound { .. } => "not_found".to_owned(),
        Fault::Invalid { problems } => match problems.first() {
            Some(problem) => ["invalid.", &problem.field].concat(),
            None => "invalid".to_owned(),
        },
        Fault::Conflict { .. } => "conflict".to_owned(),
        Fault::Refused { .. } => "refused".to_owned(),
        Fault::Wait { .. } | Fault::Busy { .. } => "wait".to_owned(),
        Fault::Unavailable { .. } => "unavailable".to_owned(),
        Fault::Internal { .. } => "internal".to_owned(),
    }
}

fn message(fault: &Fault) -> String {
    match fault {
        Fault::Denied { denied: Denied::NotSignedIn } => {
            "The service token is unknown, revoked or too old. Make another in Global Settings."
                .to_owned()
        }
        Fault::NotFound { what } => format!("There is no such {what}."),
        fault => fault.to_string(),
    }
}
