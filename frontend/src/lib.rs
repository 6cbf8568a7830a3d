//! The browser's entry point: takes over the page that the server has written.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the document's script once the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
