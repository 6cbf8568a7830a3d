//! The worker as the page holds it: one in this tab. Requests go out as JSON text, a file lies
//! beside; reports come back the same way. Nothing here waits, and nothing reads the file.

mod files;

use std::cell::RefCell;

use leptos::ev::Event;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::web_sys::Element;
use roster::id::ImportId;
use roster::worker::{Report, Request, Step, View, Wanted};
use web_sys::{Blob, File, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::reports::hear;
use super::{ChosenFile, Kept, Stage, Work};

pub use files::{choose, choose_early, drop, has_files, paste, press};

/// A file's reading begins.
const READING: Work = Work { step: Step::Reading, part: 0.0 };

type Listeners = (Closure<dyn FnMut(MessageEvent)>, Closure<dyn FnMut(Event)>);

#[derive(Default)]
struct Link {
    worker: Option<Worker>,
    /// The worker calls these for as long as it lives.
    #[expect(dead_code, reason = "held, not read")]
    listeners: Option<Listeners>,
    /// Chosen before the organization's rules were known.
    waiting: Option<File>,
    /// One window of rows is asked for at a time; the newest wish waits.
    rows_asked: bool,
    rows_wished: Option<Request>,
    /// The window that was asked for last.
    window: Option<Request>,
}

thread_local! {
    static KEPT: Kept = Kept::default();
    static LINK: RefCell<Link> = RefCell::default();
}

pub(super) fn kept() -> Kept {
    KEPT.with(Clone::clone)
}

/// Starts the worker, so that it is there when a file comes.
pub fn start() {
    if LINK.with_borrow(|link| link.worker.is_none()) {
        warn_before_unload();
        launch();
    }
}

fn warn_before_unload() {
    let handle = window_event_listener(leptos::ev::beforeunload, |event| {
        if kept().stage.with_untracked(Stage::is_under_way) {
            event.prevent_default();
        }
    });
    // It belongs to the tab, not to the page that happens to be shown.
    std::mem::forget(handle);
}

fn launch() {
    let Some(worker) = worker() else {
        kept().stage.set(Stage::Broken);
        return;
    };
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        let data = js_sys::Array::from(&event.data());
        let text = data.get(0).as_string().unwrap_or_default();
        match serde_json::from_str::<Report>(&text) {
            Ok(report) => hear(&kept(), report, data.get(1).dyn_into::<Blob>().ok()),
            Err(error) => {
                leptos::logging::error!("the worker said what nobody understands: {error}");
            }
        }
    });
    let failed = Closure::<dyn FnMut(Event)>::new(|_| kept().stage.set(Stage::Broken));
    worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
    LINK.with_borrow_mut(|link| {
        *link = Link { worker: Some(worker), listeners: Some((heard, failed)), ..Link::default() };
    });
}

fn worker() -> Option<Worker> {
    let address = document().body()?.get_attribute("data-worker-js")?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(&address, &options).ok()
}

fn ask(request: &Request) {
    ask_with(request, None);
}

fn ask_with(request: &Request, file: Option<&File>) {
    let Ok(text) = serde_json::to_string(request) else { return };
    let message = js_sys::Array::of1(&text.into());
    if let Some(file) = file {
        message.push(file);
    }
    let posted = LINK.with_borrow(|link| link.worker.as_ref().map(|it| it.post_message(&message)));
    if !matches!(posted, Some(Ok(()))) {
        kept().stage.set(Stage::Broken);
    }
}

/// Another file takes the place of the one that was there, unless that one is being imported.
fn open(file: File) {
    let kept = kept();
    if kept.stage.with_untracked(Stage::is_under_way) {
        return;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a file's size is a count"
    )]
    let bytes = file.size() as u64;
    if kept.stage.with_untracked(|stage| matches!(stage, Stage::Working(_) | Stage::Broken)) {
        abandon();
    }
    kept.file.set(Some(ChosenFile { name: file.name(), bytes }));
    kept.overview.set(None);
    kept.shown.set(super::Shown::default());
    kept.digest.set(None);
    kept.ended.set(None);
    kept.note.set(None);
    kept.changed.set(None);
    kept.causes.set(Vec::new());
    kept.dry_run.set(None);
    kept.wanted.update(|wanted| {
        *wanted = Wanted { group: wanted.group, existing: wanted.existing, ..Wanted::default() };
    });
    kept.stage.set(Stage::Working(READING));
    LINK.with_borrow_mut(|link| link.waiting = Some(file));
    open_waiting();
}

/// Has the worker read the file that was chosen before the rules came.
pub fn open_waiting() {
    let kept = kept();
    let Some(rules) = kept.rules.get_untracked() else { return };
    if let Some(file) = LINK.with_borrow_mut(|link| link.waiting.take()) {
        let wanted = kept.wanted.get_untracked();
        ask_with(&Request::Open { rules, wanted }, Some(&file));
    }
}

/// Reads and checks the same file again.
pub fn again(wanted: Wanted) {
    let kept = kept();
    // A file that still waits is read with what is wanted then.
    if LINK.with_borrow(|link| link.waiting.is_none()) {
        kept.stage.set(Stage::Working(READING));
        ask(&Request::Again(wanted));
    }
}

/// Asks for a window of rows.
pub fn rows(view: View, from: u32, count: u32) {
    let request = Request::Rows { view, from, count };
    let now = LINK.with_borrow_mut(|link| {
        link.window = Some(request.clone());
        let now = !link.rows_asked;
        link.rows_asked = true;
        link.rows_wished = (!now).then(|| request.clone());
        now
    });
    if now {
        ask(&request);
    }
}

/// The rows that were asked for are there: the newest wish is next.
pub(super) fn rows_came() {
    let next = LINK.with_borrow_mut(|link| {
        let next = link.rows_wished.take();
        link.rows_asked = next.is_some();
        next
    });
    if let Some(request) = next {
        ask(&request);
    }
}

/// Asks for the rows that are shown once more: they may have changed.
pub fn refresh_rows() {
    if let Some(Request::Rows { view, from, count }) = LINK.with_borrow(|link| link.window.clone())
    {
        rows(view, from, count);
    }
}

/// Asks for a change or for an answer about one cell.
pub fn tell(request: &Request) {
    ask(request);
}

/// Begins the import with this id, or goes on with it.
pub fn send(id: ImportId, all_or_nothing: bool) {
    kept().stage.set(Stage::Sending);
    ask(&Request::Send { id, all_or_nothing });
}

/// Sends nothing after the chunks that are under way.
pub fn stop() {
    ask(&Request::Stop);
}

pub fn failed_rows() {
    ask(&Request::FailedRows);
}

/// Ends the worker in the middle of its work and starts another: nothing is quicker.
pub fn abandon() {
    if let Some(worker) = LINK.with_borrow_mut(|link| link.worker.take()) {
        worker.terminate();
    }
    let kept = kept();
    kept.file.set(None);
    kept.overview.set(None);
    kept.stage.set(Stage::Empty);
    launch();
}

/// Where an element is in the window: left, top and width in pixels.
#[must_use]
pub fn place_of(element: &Element) -> (f64, f64, f64) {
    let rect = element.get_bounding_client_rect();
    (rect.left(), rect.top(), rect.width())
}

/// Focuses an element without scrolling to it.
pub fn focus_quietly(element: &Element) {
    let options = js_sys::Object::new();
    let focus = js_sys::Reflect::get(element, &"focus".into());
    let set = js_sys::Reflect::set(&options, &"preventScroll".into(), &true.into());
    if let (Ok(focus), Ok(_)) = (focus.and_then(JsCast::dyn_into::<js_sys::Function>), set) {
        // An element that can't be focused leaves the focus where it is.
        let _ = focus.call1(element, &options);
    }
}

/// The id of a new import: a UUID v7, so that imports sort by time.
#[must_use]
pub fn new_import() -> Option<ImportId> {
    let mut random = [0; 10];
    window().crypto().ok()?.get_random_values_with_u8_array(&mut random).ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "milliseconds since 1970"
    )]
    let now = js_sys::Date::now() as u64;
    Some(ImportId(uuid::Builder::from_unix_timestamp_millis(now, &random).into_uuid()))
}
