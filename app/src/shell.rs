//! The document around the application, as the server writes it.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{Link, MetaTags};

use crate::App;

/// The addresses of the built assets, by content hash. Provided as context by `server`.
#[derive(Clone, Debug, Default)]
pub struct AssetUrls {
    pub frontend_js: String,
    pub frontend_wasm: String,
    pub loader_js: String,
    /// What pages need beside the first part, by the names of who needs it, joined by dots.
    pub parts: Vec<(String, String)>,
    pub worker_js: String,
    pub worker_wasm: String,
    pub css: String,
    pub favicon: String,
}

/// The HTML document of every page.
#[must_use]
pub fn shell() -> impl IntoView {
    let assets = use_context::<AssetUrls>().unwrap_or_default();
    let nonce = use_nonce();
    // The mark says when the page is alive: it may be measured, and the tests wait for it.
    let script = format!(
        "import init,{{hydrate}} from {:?};await init({{module_or_path:{:?}}});await hydrate();\
         setTimeout(()=>performance.mark(\"alive\"));",
        assets.frontend_js, assets.frontend_wasm
    );
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href=assets.favicon/>
                <link rel="stylesheet" href=assets.css/>
                <link rel="modulepreload" href=assets.frontend_js/>
                <link rel="modulepreload" href=assets.loader_js/>
                <link rel="preload" href=assets.frontend_wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
                <script type="module" nonce=nonce>
                    {script}
                </script>
                <MetaTags/>
            </head>
            <body data-worker-js=assets.worker_js data-worker-wasm=assets.worker_wasm>
                <App/>
            </body>
        </html>
    }
}

/// Tells the browser in the document's head what the page needs beside the first part, so that all is
/// loaded at the same time.
pub fn preload(module: &str) {
    let assets = use_context::<AssetUrls>().unwrap_or_default();
    for (needed, href) in assets.parts {
        if needed.split('.').any(|needed| needed == module) {
            let link = view! {
                <Link rel="preload" href=href as_="fetch" type_="application/wasm" crossorigin="anonymous"/>
            };
            // That it is rendered puts it into the head; here it is nothing.
            let _ = link.to_html();
        }
    }
}
