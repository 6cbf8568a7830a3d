//! The browser's entry point: the server's HTML comes alive.

use app::App;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the document's script once this module is there.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
