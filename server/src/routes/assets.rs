//! `/assets/{name}`: what the pages are made of.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use roster::authority::{Caller, Origin};

use super::Refusal;
use crate::assets;
use crate::serve::Site;

pub fn routes() -> Router<Site> {
    Router::new().route("/assets/{name}", get(asset))
}

async fn asset(State(site): State<Site>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let here = assets::own(&name, &headers).or_else(|| site.others.remembered(&name, &headers));
    if let Some(response) = here {
        return response;
    }
    let operations = &site.operations;
    let anybody = Caller::anonymous(Origin::default());
    match operations::assets::find(operations, &anybody, &name).await {
        Ok(found) => site.others.respond(found, &headers),
        Err(error) => Refusal::from(error.into_fault("assets")).into_response(),
    }
}
