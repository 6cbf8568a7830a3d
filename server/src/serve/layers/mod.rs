//! What every request goes through before a route sees it. Each file is one layer.

pub mod address;
mod forms;
mod gate;
mod limits;
mod own_site;
mod proxied;
mod repeat;
pub mod request_id;
pub mod security_headers;
mod session;
pub mod trace;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::csrf::CsrfLayer;

use super::Site;

/// The last that is named here is the first that a request meets.
pub fn around(routes: Router<Site>, site: &Site) -> Router {
    routes
        .layer(from_fn_with_state(site.clone(), repeat::once))
        .layer(from_fn_with_state(site.clone(), gate::admit))
        .layer(from_fn_with_state(site.clone(), session::recognize))
        .layer(CsrfLayer::new())
        .layer(from_fn(own_site::alone))
        .layer(from_fn_with_state(site.clone(), forms::lead_back))
        .layer(from_fn(limits::limit))
        .layer(from_fn_with_state(site.clone(), proxied::alone))
        .layer(from_fn_with_state(site.clone(), security_headers::harden))
        .layer(trace::layer(site))
        .layer(from_fn(request_id::identify))
        .with_state(site.clone())
}
