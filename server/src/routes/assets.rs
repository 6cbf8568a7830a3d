//! `/assets/{name}`: what the pages are made of.

use axum::Router;
use axum::routing::get;

use crate::assets;
use crate::serve::Site;

pub fn routes() -> Router<Site> {
    Router::new().route("/assets/{name}", get(assets::serve))
}
