//! Waiting.

use std::time::Duration;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::scope;

/// Goes on after this time; other messages are answered meanwhile.
pub async fn sleep(duration: Duration) {
    let milliseconds = i32::try_from(duration.as_millis()).unwrap_or(i32::MAX);
    let promise = Promise::new(&mut |done, _| {
        let scope = scope();
        // A worker always has timers; without one it goes on at once.
        if scope.set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds).is_err()
        {
            let _ = done.call0(&JsValue::NULL);
        }
    });
    // The promise is never rejected.
    let _ = JsFuture::from(promise).await;
}
