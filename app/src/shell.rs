//! The document around the application, as the server writes it.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::App;

/// The addresses of the built assets, by content hash. Provided as context by `server`.
#[derive(Clone, Debug, Default)]
pub struct AssetUrls {
    pub frontend_js: String,
    pub frontend_wasm: String,
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
    let script = format!(
        "import init,{{hydrate}} from {:?};await init({{module_or_path:{:?}}});hydrate();",
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
