//! The audit trail as a file, sent while it is read.

use axum::Router;
use axum::body::Body;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use futures::stream;
use operations::audit::{self, Format};
use roster::audit::Wish;

use super::ask::Ask;
use super::{Refusal, download};
use crate::serve::Site;

pub fn routes() -> Router<Site> {
    Router::new().route("/api/audit.csv", get(csv)).route("/api/audit.json", get(json))
}

async fn csv(ask: Ask, Query(wish): Query<Wish>) -> Result<Response, Refusal> {
    save(ask, &wish, Format::Csv).await
}

async fn json(ask: Ask, Query(wish): Query<Wish>) -> Result<Response, Refusal> {
    save(ask, &wish, Format::Json).await
}

async fn save(ask: Ask, wish: &Wish, format: Format) -> Result<Response, Refusal> {
    let export = audit::export(&ask.operations, &ask.caller, wish.filter(), format)
        .await
        .map_err(|error| ask.refuse(error))?;
    // A part that can't be read cuts the file off: the browser says so, and saves none.
    let parts = stream::try_unfold(export, async |mut export| {
        let part = export.next().await.map_err(|error| error.into_fault("export"))?;
        Ok::<_, roster::fault::Fault>(part.map(|part| (part, export)))
    });
    let (name, content_type) = match format {
        Format::Csv => ("audit trail.csv", "text/csv; charset=utf-8"),
        Format::Json => ("audit trail.json", "application/json"),
    };
    Ok(download::file(name, content_type, Body::from_stream(parts)))
}
