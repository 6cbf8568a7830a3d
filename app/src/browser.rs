//! What only a browser can do. On the server each of these does nothing, so that components need
//! no conditions of their own.

pub mod passkeys;

use leptos::web_sys::{HtmlFormElement, MouseEvent};

/// Leaves for another page by loading it, so that all that was known of the person is forgotten.
pub fn load(address: &str) {
    #[cfg(feature = "hydrate")]
    if leptos::prelude::window().location().set_href(address).is_err() {
        leptos::logging::error!("the address {address} can't be loaded");
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = address;
}

/// Loads this page again.
pub fn reload() {
    #[cfg(feature = "hydrate")]
    if leptos::prelude::window().location().reload().is_err() {
        leptos::logging::error!("the page can't be loaded again");
    }
}

/// Says something above the page that the server wrote, with a link that loads it again; without Leptos,
/// which may not be there.
pub fn warn(text: &str) {
    #[cfg(feature = "hydrate")]
    {
        let document = leptos::prelude::document();
        let shown = || {
            let note = document.create_element("p")?;
            note.set_class_name("fault");
            note.set_attribute("role", "alert")?;
            let again = document.create_element("a")?;
            let here = leptos::prelude::window().location();
            // With its fragment it would be a place in this page.
            again.set_attribute("href", &[here.pathname()?, here.search()?].concat())?;
            again.set_attribute("rel", "external")?;
            again.set_text_content(Some("Load again"));
            note.append_with_str_1(&[text, " "].concat())?;
            note.append_child(&again)?;
            document.body().map(|body| body.prepend_with_node_1(&note)).transpose()
        };
        if shown().is_err() {
            leptos::logging::error!("{text}");
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = text;
}

/// Moves the focus to the element with this id, if there is one.
pub fn focus(id: &str) {
    #[cfg(feature = "hydrate")]
    {
        use leptos::wasm_bindgen::JsCast;
        let element = leptos::prelude::document().get_element_by_id(id);
        if let Some(element) = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            // An element that can't be focused leaves the focus where it is.
            let _ = element.focus();
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// The id of the element that has the focus.
#[must_use]
pub fn focused() -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        let element = leptos::prelude::document().active_element()?;
        Some(element.id()).filter(|id| !id.is_empty())
    }
    #[cfg(not(feature = "hydrate"))]
    None
}

/// Where the lower left corner of the element with this id is in the window.
#[must_use]
pub fn lower_left(id: &str) -> Option<(f64, f64)> {
    #[cfg(feature = "hydrate")]
    {
        let corner = leptos::prelude::document().get_element_by_id(id)?.get_bounding_client_rect();
        Some((corner.left(), corner.bottom()))
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        None
    }
}

/// Says what may be done with what is dragged.
pub fn drag_as(event: &leptos::ev::DragEvent, effect: &str) {
    #[cfg(feature = "hydrate")]
    if let Some(data) = event.data_transfer() {
        data.set_effect_allowed(effect);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (event, effect);
}

/// Says what is done with it if it falls here; `none` shows the mark that it can't.
pub fn drop_as(event: &leptos::ev::DragEvent, effect: &str) {
    #[cfg(feature = "hydrate")]
    if let Some(data) = event.data_transfer() {
        data.set_drop_effect(effect);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (event, effect);
}

/// Puts the element with this id at this point of the window, or as near as it can be seen whole.
pub fn put_at(id: &str, x: f64, y: f64) {
    #[cfg(feature = "hydrate")]
    {
        use leptos::wasm_bindgen::JsCast;

        let element = leptos::prelude::document().get_element_by_id(id);
        let Some(element) = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok())
        else {
            return;
        };
        let window = leptos::prelude::window();
        let extent = |size: Result<wasm_bindgen::JsValue, _>| size.ok().and_then(|it| it.as_f64());
        let room = element.get_bounding_client_rect();
        for (side, at, whole, own) in [
            ("left", x, extent(window.inner_width()), room.width()),
            ("top", y, extent(window.inner_height()), room.height()),
        ] {
            let most = whole.map_or(at, |whole| whole - own - 8.0);
            let at = [at.min(most).max(8.0).to_string().as_str(), "px"].concat();
            // By script it is allowed; a style attribute is not.
            let _ = element.style().set_property(side, &at);
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (id, x, y);
}

/// Scrolls the element with this id into view, no further than needed.
pub fn reveal(id: &str) {
    #[cfg(feature = "hydrate")]
    if let Some(element) = leptos::prelude::document().get_element_by_id(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// Milliseconds since 1970, by the browser's clock; on the server the beginning of time.
#[must_use]
pub fn now() -> i64 {
    #[cfg(feature = "hydrate")]
    {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds, far below 2⁵³")]
        let now = js_sys::Date::now() as i64;
        now
    }
    #[cfg(not(feature = "hydrate"))]
    0
}

/// What was remembered in this browser under the key.
#[must_use]
pub fn recall(key: &str) -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        leptos::prelude::window().local_storage().ok()??.get_item(key).ok()?
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = key;
        None
    }
}

/// Remembers a text in this browser. Where it may not, nothing is remembered.
pub fn remember(key: &str, text: &str) {
    #[cfg(feature = "hydrate")]
    if let Ok(Some(storage)) = leptos::prelude::window().local_storage() {
        let _ = storage.set_item(key, text);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (key, text);
}

/// Asks a question that must be answered before anything else happens.
#[must_use]
pub fn confirm(question: &str) -> bool {
    #[cfg(feature = "hydrate")]
    {
        leptos::prelude::window().confirm_with_message(question).unwrap_or(true)
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = question;
        true
    }
}

/// Puts a text into the clipboard; `done` is told whether that went well.
pub fn copy(text: &str, done: impl FnOnce(bool) + 'static) {
    #[cfg(feature = "hydrate")]
    {
        // Without TLS, loopback apart, a browser has no clipboard to offer.
        let navigator = leptos::prelude::window().navigator();
        let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into());
        if clipboard.map_or(true, |clipboard| clipboard.is_undefined()) {
            return done(false);
        }
        let written = navigator.clipboard().write_text(text);
        leptos::task::spawn_local(async move {
            done(wasm_bindgen_futures::JsFuture::from(written).await.is_ok());
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (text, done);
}

/// The moment as the browser's language and time zone write it: "22 Nov 2026, 13:00".
#[must_use]
pub fn local_time(milliseconds: i64) -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        let options = js_sys::Object::new();
        for (key, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
            js_sys::Reflect::set(&options, &key.into(), &value.into()).ok()?;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "JavaScript counts time so; exact for 200,000 years"
        )]
        let date = js_sys::Date::new(&(milliseconds as f64).into());
        let locale =
            leptos::prelude::window().navigator().language().unwrap_or_else(|| "en".to_owned());
        date.to_locale_string(&locale, &options).as_string()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = milliseconds;
        None
    }
}

/// All that is typed in a form, as one text: two states of a form are compared by it.
#[must_use]
pub fn form_state(form: &HtmlFormElement) -> String {
    #[cfg(feature = "hydrate")]
    {
        web_sys::FormData::new_with_form(form)
            .and_then(|data| web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data))
            .map(|fields| String::from(fields.to_string()))
            .unwrap_or_default()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = form;
        String::new()
    }
}

/// What is typed in one field of a form; `None`: it has no such field, or a box that isn't checked.
#[must_use]
pub fn form_value(form: &HtmlFormElement, name: &str) -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        web_sys::FormData::new_with_form(form).ok()?.get(name).as_string()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (form, name);
        None
    }
}

/// Asks before every click on a link of this page, until the returned function is called: a click
/// that isn't granted leads nowhere.
pub fn before_links(granted: impl Fn() -> bool + 'static) -> impl FnOnce() + Send + Sync + 'static {
    #[cfg(feature = "hydrate")]
    {
        use leptos::prelude::{StoredValue, WithValue, window};
        use wasm_bindgen::{JsCast, closure::Closure};

        let ask = move |click: web_sys::Event| {
            let target =
                click.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let link = target.and_then(|element| element.closest("a[href]").ok().flatten());
            if link.is_some() && !granted() {
                click.prevent_default();
                click.stop_propagation();
            }
        };
        let ask = Closure::<dyn Fn(web_sys::Event)>::new(ask);
        // In the capture phase, so that it comes before the router.
        let _ = window().add_event_listener_with_callback_and_bool(
            "click",
            ask.as_ref().unchecked_ref(),
            true,
        );
        let ask = StoredValue::new_local(ask);
        move || {
            ask.try_with_value(|ask| {
                let ask = ask.as_ref().unchecked_ref();
                let _ = window().remove_event_listener_with_callback_and_bool("click", ask, true);
            });
        }
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = granted;
        || ()
    }
}

/// Clicks the element with this id, as a person would.
pub fn click(id: &str) {
    #[cfg(feature = "hydrate")]
    {
        use leptos::wasm_bindgen::JsCast;
        let element = leptos::prelude::document().get_element_by_id(id);
        if let Some(element) = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            element.click();
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// The click hit the element that hears of it, not one inside: the ground around a dialog.
#[must_use]
pub fn is_itself(click: &MouseEvent) -> bool {
    click.target().is_some() && click.target() == click.current_target()
}

/// The text in lower case, by the browser's own tables: ours would weigh more than all of the tree.
#[must_use]
pub fn lower_case(text: &str) -> String {
    #[cfg(feature = "hydrate")]
    {
        js_sys::JsString::from(text).to_lower_case().into()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        text.to_lowercase()
    }
}

/// Sends a text to this server and brings the text that it answers, or the fault.
#[cfg(not(feature = "ssr"))]
pub async fn post(address: &str, content_type: &str, body: String) -> crate::ask::Answer {
    #[cfg(feature = "hydrate")]
    {
        use leptos::server_fn::Bytes;
        use leptos::server_fn::error::FromServerFnError;

        use crate::error::{AppError, OUT_OF_REACH};

        let out_of_reach = || AppError(roster::fault::Fault::refused(OUT_OF_REACH));
        let sent = send(address, content_type, &body).await;
        let (status, text) = sent.map_err(|_| out_of_reach())?;
        if status < 400 {
            return Ok(text);
        }
        let error = AppError::de(Bytes::from(text));
        // The words of a proxy that has no server.
        if status >= 500 && error.0.is_updated() { Err(out_of_reach()) } else { Err(error) }
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (address, content_type);
        Ok(body)
    }
}

#[cfg(feature = "hydrate")]
async fn send(
    address: &str,
    content_type: &str,
    body: &str,
) -> Result<(u16, String), wasm_bindgen::JsValue> {
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::JsFuture;

    let headers = web_sys::Headers::new()?;
    headers.set("content-type", content_type)?;
    headers.set("accept", "application/json")?;
    let wish = web_sys::RequestInit::new();
    wish.set_method("POST");
    wish.set_headers(&headers);
    wish.set_body(&body.into());
    let answer = leptos::prelude::window().fetch_with_str_and_init(address, &wish);
    let answer: web_sys::Response = JsFuture::from(answer).await?.dyn_into()?;
    let text = JsFuture::from(answer.text()?).await?;
    Ok((answer.status(), text.as_string().unwrap_or_default()))
}
