//! The addresses that the server answers. A handler is some twenty lines: what was sent, the
//! operation, its answer. Pages and server functions are `app`'s.

mod ask;
mod assets;
mod audit;
mod directory;
pub mod directory_sync;
mod download;
mod examples;
pub mod health;
mod imports;
mod package;
mod pages;
mod refusal;
mod technicians;

use axum::Router;

use crate::serve::Site;
pub use refusal::Refusal;

pub fn all(site: &Site) -> Router<Site> {
    Router::new()
        .merge(health::routes())
        .merge(assets::routes())
        .merge(audit::routes())
        .merge(directory::routes())
        .merge(package::routes())
        .merge(directory_sync::routes(site))
        .merge(imports::routes())
        .merge(technicians::routes())
        .merge(examples::routes())
        .merge(pages::routes(site))
}
