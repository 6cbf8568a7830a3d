//! How pages ask the server. A request is an address and a text, an answer is a text: only who
//! uses it knows its type. So one piece of code serves all server functions; typed requests and
//! typed resources would each be compiled anew, and weigh more than all pages together.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use roster::fault::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::AppError;

/// A value as JSON, or why there is none.
pub type Answer = Result<String, AppError>;

type Asking = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Calls a server function whose arguments are `S` and whose input is JSON.
pub async fn ask<S>(arguments: S) -> Result<S::Output, AppError>
where
    S: ServerFn<Error = AppError> + Serialize + DeserializeOwned + 'static,
    S::Output: Serialize + DeserializeOwned + 'static,
{
    decoded(&asking::<S>(encoded(&arguments)).await?)
}

/// What was asked for and may be asked for again; its value is a `T` or a fault.
pub struct Fetched<T> {
    text: Resource<Answer>,
    what: PhantomData<fn() -> T>,
}

impl<T> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Fetched<T> {}

impl<T: DeserializeOwned> Fetched<T> {
    /// As a text, for who renders it.
    pub fn text(self) -> Resource<Answer> {
        self.text
    }

    /// The value; `None` while it has never been there.
    pub fn get(self) -> Option<Result<T, AppError>> {
        self.text.get().map(|answer| answer.and_then(|text| decoded(&text)))
    }

    /// Asks again.
    pub fn refetch(self) {
        self.text.refetch();
    }
}

/// Asks a server function, and again whenever its arguments change; where there are none, the
/// fault is the answer.
pub fn fetch<S>(
    arguments: impl Fn() -> Result<S, Fault> + Send + Sync + 'static,
) -> Fetched<S::Output>
where
    S: ServerFn<Error = AppError> + Serialize + DeserializeOwned + 'static,
    S::Output: Serialize,
{
    let arguments = move || arguments().map(|arguments| encoded(&arguments));
    Fetched { text: resource(Box::new(arguments), asking::<S>), what: PhantomData }
}

fn resource(
    arguments: Box<dyn Fn() -> Result<String, Fault> + Send + Sync>,
    asking: fn(String) -> Asking,
) -> Resource<Answer> {
    Resource::new(arguments, move |arguments| -> Asking {
        match arguments {
            Ok(arguments) => asking(arguments),
            Err(fault) => Box::pin(async move { Err(fault.into()) }),
        }
    })
}

/// A value of our own types as JSON.
fn encoded(value: &impl Serialize) -> String {
    // Neither maps with odd keys nor failing implementations are among them.
    serde_json::to_string(value).unwrap_or_default()
}

/// A value from JSON; what isn't one comes from another version of the server.
pub fn decoded<T: DeserializeOwned>(text: &str) -> Result<T, AppError> {
    serde_json::from_str(text).map_err(|_| AppError(Fault::updated()))
}

#[cfg(feature = "ssr")]
fn asking<S>(arguments: String) -> Asking
where
    S: ServerFn<Error = AppError> + DeserializeOwned + 'static,
    S::Output: Serialize,
{
    Box::pin(async move { Ok(encoded(&decoded::<S>(&arguments)?.run_body().await?)) })
}

#[cfg(not(feature = "ssr"))]
fn asking<S: ServerFn>(arguments: String) -> Asking {
    post(S::PATH, "application/json", arguments)
}

/// Sends a text and brings the answer's.
#[cfg(not(feature = "ssr"))]
pub fn post(address: &'static str, content_type: &'static str, body: String) -> Asking {
    use leptos::task::spawn_local;

    // What belongs to the browser stays in its thread; a channel may go anywhere.
    let (sender, receiver) = futures::channel::oneshot::channel();
    spawn_local(async move {
        // Nobody waits any more: the page was left.
        let _ = sender.send(crate::browser::post(address, content_type, body).await);
    });
    Box::pin(
        async move { receiver.await.unwrap_or_else(|_| Err(AppError(Fault::busy_database()))) },
    )
}
