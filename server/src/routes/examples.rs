//! Examples of import files, made from the live table of fields.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use roster::import;

use super::download;
use crate::serve::Site;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/api/import-examples/technicians.csv", get(csv))
        .route("/api/import-examples/technicians.json", get(json))
}

async fn csv() -> Response {
    download::file("technicians.csv", "text/csv; charset=utf-8", import::example_csv())
}

async fn json() -> Response {
    download::file("technicians.json", "application/json", import::example_json())
}
