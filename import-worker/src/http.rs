//! Requests to the server's plain routes, with JSON both ways.

use std::time::Duration;

use roster::fault::Fault;
use roster::worker::Trouble;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, Request, RequestInit, Response};

use crate::scope;
use crate::timer::sleep;

pub type Answer<T> = Result<T, Trouble>;

/// A request that takes longer is given up: hashing a chunk's passwords takes a few seconds.
const LONGEST: Duration = Duration::from_mins(2);
/// A request that failed for want of an answer is tried again after so long: half a minute in all, in which
/// another database server takes over.
const DELAYS: [Duration; 7] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(8),
    Duration::from_secs(8),
];

pub async fn get<T: DeserializeOwned>(address: &str) -> Answer<T> {
    patiently(address, "GET", None, |_| {}, || false).await
}

pub async fn post<B: Serialize, T: DeserializeOwned>(address: &str, body: Option<&B>) -> Answer<T> {
    let body = body.map_or_else(String::new, json);
    patiently(address, "POST", Some(body), |_| {}, || false).await
}

/// `retrying` is told when the request has to be sent again; once `stopped`, it isn't.
pub async fn put<B: Serialize, T: DeserializeOwned>(
    address: &str,
    body: &B,
    retrying: impl Fn(bool),
    stopped: impl Fn() -> bool,
) -> Answer<T> {
    patiently(address, "PUT", Some(json(body)), retrying, stopped).await
}

/// Every request here may be sent again: the server does nothing twice.
async fn patiently<T: DeserializeOwned>(
    address: &str,
    method: &str,
    body: Option<String>,
    retrying: impl Fn(bool),
    stopped: impl Fn() -> bool,
) -> Answer<T> {
    for delay in DELAYS {
        match send(address, method, body.clone()).await {
            Err(Trouble::NoAnswer) if !stopped() => {}
            answer => return answer,
        }
        retrying(true);
        sleep(delay).await;
        if stopped() {
            return Err(Trouble::NoAnswer);
        }
    }
    send(address, method, body).await
}

fn json<B: Serialize>(body: &B) -> String {
    // Our own types always make JSON; the server would say so if not.
    serde_json::to_string(body).unwrap_or_default()
}

async fn send<T: DeserializeOwned>(address: &str, method: &str, body: Option<String>) -> Answer<T> {
    let response = fetch(address, method, body).await.map_err(|_| Trouble::NoAnswer)?;
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await.map_err(|_| Trouble::NoAnswer)?,
        Err(_) => return Err(Trouble::NoAnswer),
    };
    let text = text.as_string().unwrap_or_default();
    match response.status() {
        200..=299 => serde_json::from_str(&text).map_err(|_| {
            Trouble::Refused("The server’s answer was not understood: it may have been updated. Load the page again and drop the same file: the import goes on where it was.".to_owned())
        }),
        401 => Err(Trouble::SignedOut),
        408 | 429 | 500..=599 => Err(Trouble::NoAnswer),
        status => Err(Trouble::Refused(reason(status, &text))),
    }
}

fn reason(status: u16, text: &str) -> String {
    match serde_json::from_str::<Fault>(text) {
        Ok(fault) => fault.to_string(),
        Err(_) => format!("The server refuses with status {status}."),
    }
}

async fn fetch(address: &str, method: &str, body: Option<String>) -> Result<Response, JsValue> {
    let init = RequestInit::new();
    init.set_method(method);
    let longest = u32::try_from(LONGEST.as_millis()).unwrap_or(u32::MAX);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(longest)));
    if let Some(body) = body {
        let headers = Headers::new()?;
        headers.set("content-type", "application/json")?;
        init.set_headers(&headers);
        init.set_body(&body.into());
    }
    let request = Request::new_with_str_and_init(address, &init)?;
    JsFuture::from(scope().fetch_with_request(&request)).await?.dyn_into()
}
