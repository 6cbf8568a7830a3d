//! What every request goes through before a route sees it, outermost first. Each file is one layer.

mod address;
mod gate;
mod limits;
pub mod request_id;
pub mod security_headers;
mod session;
mod trace;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower_http::csrf::CsrfLayer;

use super::Site;

pub fn around(routes: Router<Site>, site: &Site) -> Router {
    let layers = ServiceBuilder::new()
        .layer(from_fn(request_id::identify))
        .layer(trace::layer())
        .layer(from_fn_with_state(site.clone(), security_headers::harden))
        .layer(from_fn(limits::limit))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(site.clone(), session::recognize))
        .layer(from_fn_with_state(site.clone(), gate::admit));
    routes.layer(layers).with_state(site.clone())
}
