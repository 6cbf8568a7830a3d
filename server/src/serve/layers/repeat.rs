//! Requests with a key: what was done when one was sent before is not done again, and answered as it was
//! then. The change and its key are written in one transaction; here the key is only looked up.

use std::time::Duration;

use app::repeat::{self, Answer};
use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use operations::Operations;
use operations::repeats::{self, Done};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::repeat::HEADER;
use serde_json::{Value, json};
use tokio::time::timeout;
use uuid::Uuid;

use super::limits::USUAL_BYTES;
use crate::routes::Refusal;
use crate::serve::{RequestId, Site};

const KEY: HeaderName = HeaderName::from_static(HEADER);
/// Marks an answer to what was done before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// A refusal waits no longer for a look whether the same was done meanwhile.
const LOOK: Duration = Duration::from_secs(2);

pub async fn once(State(site): State<Site>, request: Request, next: Next) -> Response {
    let Some(answer) = repeat::answer(request.uri().path()) else { return next.run(request).await };
    let Some(key) = request.headers().get(KEY) else { return next.run(request).await };
    let Some(key) = key.to_str().ok().and_then(|key| Uuid::try_parse(key).ok()) else {
        let why = "the header Idempotency-Key is not a UUID";
        return Refusal::unreadable(StatusCode::BAD_REQUEST, why).into_response();
    };
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, USUAL_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let id = parts.extensions.get::<RequestId>().cloned();
    let id = id.as_ref().map_or("-", RequestId::as_str);
    let caller = match known(&parts, key, &body, id) {
        Ok(Some(caller)) => caller,
        Ok(None) => return next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(error) => return Refusal::from(error.into_fault(id)).into_response(),
    };
    match before(&site.operations, &caller, answer).await {
        Ok(None) => {}
        Ok(Some(response)) => return response,
        Err(error) => return Refusal::from(error.into_fault(id)).into_response(),
    }
    parts.extensions.insert(caller.clone());
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if response.status().is_success() {
        return response;
    }
    // The same may have been done meanwhile by a request beside this one, or by this one, whose own
    // answer was lost.
    match timeout(LOOK, before(&site.operations, &caller, answer)).await {
        Ok(Ok(Some(done))) => done,
        _ => response,
    }
}

/// The caller with this request's key; `None`: nobody is signed in.
fn known(
    parts: &Parts,
    key: Uuid,
    body: &Bytes,
    arrival: &str,
) -> operations::Result<Option<Caller>> {
    let caller = parts.extensions.get::<Caller>().filter(|caller| caller.person().is_some());
    let Some(mut caller) = caller.cloned() else { return Ok(None) };
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    caller.origin.repeat = Some(repeats::known_by(key, address, body, arrival)?);
    Ok(Some(caller))
}

/// The answer to what was done before.
async fn before(
    operations: &Operations,
    caller: &Caller,
    answer: Answer,
) -> operations::Result<Option<Response>> {
    let done = repeats::done(operations, caller).await?;
    Ok(done.map(|done| {
        let mut response = match told(&done, answer) {
            Ok(value) => Json(value).into_response(),
            Err(fault) => Refusal::from(fault).into_response(),
        };
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        response
    }))
}

fn told(done: &Done, answer: Answer) -> Result<Value, Fault> {
    let id = done.id.parse::<i64>().map_err(|_| Fault::Done { secret: false });
    match answer {
        Answer::Id => Ok(id?.into()),
        Answer::Created | Answer::Starting if done.starting => Err(Fault::Done { secret: true }),
        Answer::Created => Ok(json!({ "id": id?, "starting": null })),
        Answer::Nothing | Answer::Starting => Ok(Value::Null),
        Answer::Page => Err(Fault::Done { secret: false }),
    }
}

#[cfg(test)]
mod tests {
    use roster::starting::{Created, StartingPassword};

    use super::*;

    /// What a server function would read of it.
    fn read<T: serde::de::DeserializeOwned>(done: &Done, answer: Answer) -> Result<T, Fault> {
        told(done, answer).map(|value| serde_json::from_value(value).unwrap())
    }

    #[test]
    fn answers_are_those_of_the_functions() {
        let done = |starting| Done { kind: "account".to_owned(), id: "7".to_owned(), starting };
        let (plain, starting) = (done(false), done(true));
        let lost = Fault::Done { secret: true };
        assert_eq!(read(&plain, Answer::Nothing), Ok(()));
        assert_eq!(read(&plain, Answer::Id), Ok(roster::id::GroupId(7)));
        let created: Created = read(&plain, Answer::Created).unwrap();
        assert_eq!((created.id.0, created.starting), (7, None));
        assert_eq!(read::<Option<StartingPassword>>(&plain, Answer::Starting), Ok(None));
        assert_eq!(read::<()>(&plain, Answer::Page), Err(Fault::Done { secret: false }));
        assert_eq!(read::<Created>(&starting, Answer::Created), Err(lost.clone()));
        assert_eq!(read::<Option<StartingPassword>>(&starting, Answer::Starting), Err(lost));
    }
}
