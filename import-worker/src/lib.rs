//! The browser's second thread: it holds the file, checks it and sends it, so that the page always
//! answers. What it is asked and what it tells is `roster::worker`; nothing here decides about a row.

mod changing;
mod comparing;
mod digest;
mod failed;
mod http;
mod overview;
mod plan;
mod post;
mod reading;
mod rows;
mod sending;
mod state;
mod timer;

use std::cell::RefCell;
use std::rc::Rc;

use roster::worker::{Report, Request};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent};

use state::State;

/// The worker's state; never borrowed across an `await`.
type Shared = Rc<RefCell<State>>;

/// Begins to listen. Called once, by the worker's script.
#[wasm_bindgen]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        post::report(&Report::Broken);
    }));
    let shared = Shared::default();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let data = js_sys::Array::from(&event.data());
        let text = data.get(0).as_string().unwrap_or_default();
        match serde_json::from_str::<Request>(&text) {
            Ok(request) => hear(&shared, request, data.get(1).dyn_into::<File>().ok()),
            Err(_) => post::report(&Report::Broken),
        }
    });
    scope().set_onmessage(Some(heard.as_ref().unchecked_ref()));
    // The worker listens for as long as it lives.
    heard.forget();
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Does what the page asks. While a file is being read, what else is asked waits; sending waits for
/// the file's digest, too.
fn hear(shared: &Shared, request: Request, file: Option<File>) {
    let mut state = shared.borrow_mut();
    let early =
        matches!(request, Request::Send { .. }) && state.loaded.is_some() && state.digest.is_none();
    if state.reading || early {
        state.waiting.push_back((request, file));
        return;
    }
    match request {
        Request::Open { rules, wanted } => {
            let Some(file) = file else { return };
            *state = State { file: Some(file), org: Some(rules), ..State::default() };
            read(shared, &mut state, wanted);
        }
        Request::Again(wanted) => {
            drop(state);
            if !reading::check_again(shared, &wanted) {
                read(shared, &mut shared.borrow_mut(), wanted);
            }
        }
        Request::Rows { view, from, count } => {
            let window =
                state.loaded.as_mut().map(|loaded| rows::window(loaded, &view, from, count));
            let (rows, total) = window.unwrap_or_default();
            post::report(&Report::Rows { view, rows, total });
        }
        Request::Cell { row, column } => {
            let Some(loaded) = &state.loaded else { return };
            post::report(&rows::cell(loaded, row, column));
        }
        Request::Next { view, from, forward } => {
            let Some(loaded) = &mut state.loaded else { return };
            post::report(&Report::Next(changing::next(loaded, &view, from, forward)));
        }
        Request::Find { view, row, column } => {
            let Some(loaded) = &mut state.loaded else { return };
            let place = changing::place(loaded, &view, row);
            post::report(&Report::Next(place.map(|place| (place, column))));
        }
        request @ (Request::Edit { .. }
        | Request::LeaveOut { .. }
        | Request::Mend(_)
        | Request::Undo
        | Request::Redo) => {
            drop(state);
            changing::change(shared, &request);
        }
        Request::Compare => {
            drop(state);
            comparing::begin(shared);
        }
        Request::Send { id, all_or_nothing } => {
            drop(state);
            spawn_local(sending::send(shared.clone(), id, all_or_nothing));
        }
        Request::Stop => {
            drop(state);
            sending::stop(shared);
        }
        Request::FailedRows => failed::post(&state),
    }
}

fn read(shared: &Shared, state: &mut State, wanted: roster::worker::Wanted) {
    state.reading = true;
    let shared = shared.clone();
    spawn_local(async move {
        reading::read(&shared, wanted).await;
        shared.borrow_mut().reading = false;
        answer_waiting(&shared);
    });
}

/// Does what was asked while something else had to be done first.
fn answer_waiting(shared: &Shared) {
    let waiting = std::mem::take(&mut shared.borrow_mut().waiting);
    for (request, file) in waiting {
        hear(shared, request, file);
    }
}
