//! Telling the page.

use js_sys::Array;
use roster::worker::{Report, Step};
use web_sys::Blob;

use crate::scope;

/// Progress is told at most so often, in milliseconds.
const PACE: f64 = 50.0;

pub fn report(report: &Report) {
    post(report, None);
}

pub fn report_with(report: &Report, blob: &Blob) {
    post(report, Some(blob));
}

fn post(report: &Report, blob: Option<&Blob>) {
    let Ok(text) = serde_json::to_string(report) else { return };
    let message = Array::of1(&text.into());
    if let Some(blob) = blob {
        message.push(blob);
    }
    // Text and blobs can always be cloned, which is all that could fail.
    let _ = scope().post_message(&message);
}

/// Milliseconds since the worker began.
pub fn now() -> f64 {
    scope().performance().map_or(0.0, |clock| clock.now())
}

/// Tells how far a step has come, in the middle of synchronous work.
pub fn progress(step: Step) -> impl FnMut(f32) {
    let mut told = now();
    move |part| {
        let now = now();
        if now - told >= PACE {
            told = now;
            report(&Report::Progress { step, part });
        }
    }
}
