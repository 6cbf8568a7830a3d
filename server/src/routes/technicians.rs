//! Technicians as a file: those that are selected in a table.

use axum::extract::Form;
use axum::response::Response;
use axum::routing::post;
use axum::{Router, http::StatusCode};
use operations::export::{self, Format};
use roster::many::Selection;
use serde::Deserialize;

use super::ask::Ask;
use super::{Refusal, download};
use crate::serve::Site;

pub fn routes() -> Router<Site> {
    Router::new().route("/api/technicians/export", post(export))
}

/// The table's form.
#[derive(Deserialize)]
struct Wish {
    /// A `Selection` as JSON.
    who: String,
    format: Kind,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Csv,
    Json,
}

async fn export(ask: Ask, Form(wish): Form<Wish>) -> Result<Response, Refusal> {
    let who: Selection = serde_json::from_str(&wish.who).map_err(|error| {
        Refusal::unreadable(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string())
    })?;
    let (format, name, content_type) = match wish.format {
        Kind::Csv => (Format::Csv, "technicians.csv", "text/csv; charset=utf-8"),
        Kind::Json => (Format::Json, "technicians.json", "application/json"),
    };
    export::selected(&ask.operations, &ask.caller, &who, format)
        .await
        .map(|bytes| download::file(name, content_type, bytes))
        .map_err(|error| ask.refuse(error))
}
