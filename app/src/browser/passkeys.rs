//! The browser's own interface to passkeys: questions and answers are JSON, which browsers read and
//! write themselves.

/// Why a browser gave no passkey, in a sentence.
pub type NoAnswer = &'static str;

#[cfg(feature = "hydrate")]
const TOO_OLD: NoAnswer =
    "This browser can’t do it. Take a newer one, or sign in with your password.";
#[cfg(feature = "hydrate")]
const DECLINED: NoAnswer = "No passkey was given. Try again when your device is at hand.";
#[cfg(feature = "hydrate")]
const KNOWN: NoAnswer = "This device has a passkey of yours already. Take another device.";

/// Has the browser make a passkey.
pub async fn make(options: &str) -> Result<String, NoAnswer> {
    #[cfg(feature = "hydrate")]
    {
        call("create", "parseCreationOptionsFromJSON", options).await
    }
    #[cfg(not(feature = "hydrate"))]
    nobody(options).await
}

/// Has the browser use one.
pub async fn give(options: &str) -> Result<String, NoAnswer> {
    #[cfg(feature = "hydrate")]
    {
        call("get", "parseRequestOptionsFromJSON", options).await
    }
    #[cfg(not(feature = "hydrate"))]
    nobody(options).await
}

#[cfg(not(feature = "hydrate"))]
async fn nobody(_: &str) -> Result<String, NoAnswer> {
    std::future::ready(Err("There is no browser here.")).await
}

#[cfg(feature = "hydrate")]
async fn call(method: &str, reads: &str, options: &str) -> Result<String, NoAnswer> {
    use js_sys::{Function, JSON, Object, Promise, Reflect};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).map_err(|_| TOO_OLD);
    let function =
        |of: &JsValue, name: &str| get(of, name)?.dyn_into::<Function>().map_err(|_| TOO_OLD);
    let window = leptos::prelude::window();
    let options = JSON::parse(options).map_err(|_| TOO_OLD)?;
    let keys = get(&window, "PublicKeyCredential")?;
    if keys.is_undefined() {
        return Err(TOO_OLD);
    }
    let asked = function(&keys, reads)?.call1(&keys, &get(&options, "publicKey")?);
    let wish = Object::new();
    Reflect::set(&wish, &"publicKey".into(), &asked.map_err(|_| TOO_OLD)?).map_err(|_| TOO_OLD)?;
    let credentials = get(&window.navigator(), "credentials")?;
    let promise = function(&credentials, method)?.call1(&credentials, &wish);
    let promise = promise.map_err(|_| TOO_OLD)?.dyn_into::<Promise>().map_err(|_| TOO_OLD)?;
    let answer = JsFuture::from(promise).await.map_err(|why| {
        let name = get(&why, "name").ok().and_then(|name| name.as_string());
        if name.as_deref() == Some("InvalidStateError") { KNOWN } else { DECLINED }
    })?;
    let answer = function(&answer, "toJSON")?.call0(&answer).map_err(|_| TOO_OLD)?;
    JSON::stringify(&answer).map(String::from).map_err(|_| TOO_OLD)
}
