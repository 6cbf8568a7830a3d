//! The browser's entry point: the server's HTML comes alive.

use app::App;
use leptos::mount::hydrate_from_async;
use leptos::tachys::dom::body;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the document's script once this module is there; done when the page's own part of the
/// program is there, too, and all is alive.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    hydrate_from_async(body(), App).await.forget();
}
