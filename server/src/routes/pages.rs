//! The pages and server functions of `app`, each with who asks and with what to answer in their
//! context; and the page for addresses that nobody knows.

mod to_its_end;

use app::App;
use app::server::Downloads;
use app::shell::{AssetUrls, shell};
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{
    LeptosRoutes, ResponseOptions, generate_route_list, render_app_async_with_context,
};
use roster::authority::Caller;

use super::Refusal;
use crate::serve::{Site, security_headers};
use crate::{assets, program};

pub fn routes(site: &Site) -> Router<Site> {
    let context = context(site);
    let not_found = {
        let render = render_app_async_with_context(context.clone(), shell);
        move |request: Request| async move {
            let path = request.uri().path();
            if path.starts_with("/api/fn/") {
                return Refusal::no_such_function().into_response();
            }
            if path.starts_with("/api/") {
                return Refusal::no_such_address().into_response();
            }
            let mut response = render(request).await;
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
    };
    Router::new()
        .leptos_routes_with_context(site, generate_route_list(App), context, shell)
        .fallback(not_found)
        .layer(from_fn_with_state(to_its_end::Places::default(), to_its_end::render))
}

/// What rendering and server functions find in their context: `Operations`, `Caller`,
/// `CookieStyle`, `AssetUrls`, `Downloads`. A page's answer gets the policy with the nonce that Leptos made for it.
fn context(site: &Site) -> impl Fn() + Clone + Send + Sync + 'static {
    let operations = site.operations.clone();
    let cookie = site.cookie;
    move || {
        provide_context(operations.clone());
        provide_context(cookie);
        provide_context(asset_urls());
        provide_context(Downloads(program::offered));
        let caller =
            use_context::<Parts>().and_then(|parts| parts.extensions.get::<Caller>().cloned());
        if let Some(caller) = caller {
            provide_context(caller);
        }
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) {
            response
                .insert_header(security_headers::POLICY, security_headers::policy(Some(&nonce)));
        }
    }
}

fn asset_urls() -> AssetUrls {
    let urls = assets::urls();
    AssetUrls {
        frontend_js: urls.frontend_js,
        frontend_wasm: urls.frontend_wasm,
        loader_js: urls.loader_js,
        parts: urls.parts,
        worker_js: urls.worker_js,
        worker_wasm: urls.worker_wasm,
        css: urls.css,
        favicon: urls.favicon,
    }
}
