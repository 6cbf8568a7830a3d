//! The Active Directory Logger's file, sent while it is read; the starting passwords of a run.

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::{get, post};
use futures::stream;
use operations::directory;
use roster::directory::protocol::RunId;

use super::ask::{Ask, Named};
use super::{Refusal, download};
use crate::serve::Site;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/api/directory/log", get(log))
        .route("/api/directory/runs/{id}/starting-passwords", post(starting_passwords))
}

/// Each is handed out once: so it is no GET.
async fn starting_passwords(ask: Ask, Named(id): Named<RunId>) -> Result<Response, Refusal> {
    directory::take_starting_passwords(&ask.operations, &ask.caller, id)
        .await
        .map(|file| download::file(&file.name, file.content_type, file.bytes))
        .map_err(|error| ask.refuse(error))
}

async fn log(ask: Ask) -> Result<Response, Refusal> {
    let log = directory::download_log(&ask.operations, &ask.caller).await;
    let log = log.map_err(|error| ask.refuse(error))?;
    // A part that can't be read cuts the file off: the browser says so, and saves none.
    let parts = stream::try_unfold(log, async |mut log| {
        let part = log.next().await.map_err(|error| error.into_fault("directory log"))?;
        Ok::<_, roster::fault::Fault>(part.map(|part| (part, log)))
    });
    let content_type = "text/csv; charset=utf-8";
    Ok(download::file("active directory log.csv", content_type, Body::from_stream(parts)))
}
