//! Requests to this server. While there is no answer, one that can be repeated is sent again: a reading
//! one as it is, a writing one with its key, under which it is done once.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use futures::channel::oneshot;
use leptos::prelude::{document, set_timeout, window};
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{Element, Headers, RequestInit, Response};
use roster::fault::Fault;
use roster::repeat::HEADER;
use wasm_bindgen_futures::JsFuture;

use super::got::Got;
use crate::ask::{Again, Answer};
use crate::error::AppError;
use crate::repeat;

/// How long to wait before each of the further tries, where the server doesn't ask for longer.
const DELAYS: [u64; 4] = [1, 2, 3, 4];
/// The longest of the server's own wishes that is waited for.
const LONGEST: u64 = 5;
const WAITING: &str = "The server doesn’t answer. Trying again…";

/// Sends a text to this address, with its content type, and brings the text that is answered, or the
/// fault. Once `left`, it is not sent again.
pub async fn post(
    (address, content_type): (&str, &str),
    body: &str,
    again: Again,
    left: impl Fn() -> bool,
) -> Answer {
    let keyed = again == Again::Write && repeat::answer(address).is_some();
    let key = if keyed { key(address, body) } else { None };
    let repeatable = key.is_some() || again == Again::Read;
    let mut delays = DELAYS.into_iter();
    let mut shown = None;
    let answer = loop {
        let got = send(address, content_type, body, key.as_deref()).await;
        let (got, wished) = got.unwrap_or((Got { status: 0, text: String::new() }, None));
        let answer = got.read(again, key.is_some());
        let passing = matches!(&answer, Err(AppError(fault)) if got.is_passing(fault));
        if !passing {
            break answer;
        }
        if let Some(delay) = delays.next().filter(|_| repeatable && !left()) {
            shown.get_or_insert_with(Waiting::show);
            sleep(delay.max(wished.unwrap_or(0).min(LONGEST))).await;
        } else {
            keep(address, body, key);
            break answer;
        }
    };
    if matches!(answer, Err(AppError(Fault::Done { secret: false }))) {
        DONE.set(true);
        // Without what opened the dialog.
        super::load(&window().location().pathname().unwrap_or_default());
    }
    answer
}

/// With it how many seconds the server wishes to be left alone.
async fn send(
    address: &str,
    content_type: &str,
    body: &str,
    key: Option<&str>,
) -> Result<(Got, Option<u64>), JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", content_type)?;
    headers.set("accept", "application/json")?;
    if let Some(key) = key {
        headers.set(HEADER, key)?;
    }
    let wish = RequestInit::new();
    wish.set_method("POST");
    wish.set_headers(&headers);
    wish.set_body(&body.into());
    let answer = window().fetch_with_str_and_init(address, &wish);
    let answer: Response = JsFuture::from(answer).await?.dyn_into()?;
    let retry_after = answer.headers().get("retry-after")?.and_then(|text| text.parse().ok());
    let text = JsFuture::from(answer.text()?).await?.as_string().unwrap_or_default();
    Ok((Got { status: answer.status(), text }, retry_after))
}

/// A request whose answer never came, and its key: sent by hand again, it is the same.
struct Unanswered {
    address: String,
    body: String,
    key: String,
}

thread_local! {
    static UNANSWERED: RefCell<Option<Unanswered>> = const { RefCell::new(None) };
    /// What was sent is done, and the page that shows it is on its way.
    static DONE: Cell<bool> = const { Cell::new(false) };
    /// So many requests wait.
    static WAITERS: Cell<u32> = const { Cell::new(0) };
}

pub fn is_done() -> bool {
    DONE.get()
}

fn keep(address: &str, body: &str, key: Option<String>) {
    let Some(key) = key else { return };
    let (address, body) = (address.to_owned(), body.to_owned());
    UNANSWERED.set(Some(Unanswered { address, body, key }));
}

/// The key of this request; a new one, unless the same was sent last and not answered.
fn key(address: &str, body: &str) -> Option<String> {
    let is_same = |last: &Unanswered| last.address == address && last.body == body;
    UNANSWERED.take().filter(is_same).map(|last| last.key).or_else(|| {
        let mut random = [0; 16];
        window().crypto().ok()?.get_random_values_with_u8_array(&mut random).ok()?;
        Some(uuid::Builder::from_random_bytes(random).into_uuid().to_string())
    })
}

async fn sleep(seconds: u64) {
    let (sender, receiver) = oneshot::channel();
    let wake = move || {
        let _ = sender.send(());
    };
    set_timeout(wake, Duration::from_secs(seconds));
    // A timer that can't be set doesn't wait.
    let _ = receiver.await;
}

/// Says on the page that requests wait, as long as any does.
struct Waiting(Option<Element>);

impl Waiting {
    fn show() -> Self {
        let others = WAITERS.replace(WAITERS.get() + 1);
        Self(if others == 0 { note() } else { None })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITERS.set(WAITERS.get().saturating_sub(1));
        if let Some(note) = &self.0 {
            note.remove();
        }
    }
}

fn note() -> Option<Element> {
    let note = document().create_element("p").ok()?;
    note.set_class_name("fault");
    note.set_attribute("role", "status").ok()?;
    note.set_text_content(Some(WAITING));
    document().body()?.prepend_with_node_1(&note).ok()?;
    Some(note)
}
