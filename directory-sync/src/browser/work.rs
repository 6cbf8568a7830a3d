//! Work that may take longer than the request that started it.

use std::pin::Pin;

use tokio::sync::watch;

use super::faults::Fault;
use super::state::State;
use super::steps::Place;

/// Applies the work's result to the state, and returns the step to show.
pub type Then = Box<dyn FnOnce(&mut State) -> Place + Send>;

type Running = Pin<Box<dyn Future<Output = Then> + Send>>;

/// Becomes true when the work is cancelled.
pub type Stop = watch::Receiver<bool>;

pub struct Task {
    /// The progress page's sentence.
    pub what: &'static str,
    pub can_cancel: bool,
    pub run: Box<dyn FnOnce(Stop) -> Running + Send>,
}

impl Task {
    /// Work that is dropped when it is cancelled.
    pub fn new(what: &'static str, work: impl Future<Output = Then> + Send + 'static) -> Self {
        let run = move |mut stop: Stop| -> Running {
            Box::pin(async move {
                tokio::select! {
                    then = work => then,
                    () = stopped(&mut stop) => stay(),
                }
            })
        };
        Self { what, can_cancel: true, run: Box::new(run) }
    }

    /// Work that ends by itself when it is cancelled, because it must notify the server first.
    pub fn that_stops<F: Future<Output = Then> + Send + 'static>(
        what: &'static str,
        work: impl FnOnce(Stop) -> F + Send + 'static,
    ) -> Self {
        Self { what, can_cancel: true, run: Box::new(|stop| -> Running { Box::pin(work(stop)) }) }
    }

    /// Work that can't be cancelled.
    pub fn to_its_end(
        what: &'static str,
        work: impl Future<Output = Then> + Send + 'static,
    ) -> Self {
        Self { what, can_cancel: false, run: Box::new(|_stop| -> Running { Box::pin(work) }) }
    }
}

pub async fn stopped(stop: &mut Stop) {
    let cancelled = stop.wait_for(|stop| *stop).await.is_ok();
    if !cancelled {
        std::future::pending::<()>().await;
    }
}

/// Stays at the current step.
pub fn stay() -> Then {
    Box::new(|state| state.at)
}

/// Goes to the step with the wrong answer, else to `place`.
pub fn failed(fault: impl Into<Fault>, place: Place) -> Then {
    let mut fault = fault.into();
    let place = match fault.field {
        Some(field) if !place.fields().contains(&field) && place.asks() => field.place(),
        Some(field) if !place.fields().contains(&field) => {
            fault.field = None;
            place
        }
        _ => place,
    };
    Box::new(move |state| {
        state.faults = vec![fault];
        place
    })
}

/// Running work.
pub struct Work {
    pub what: &'static str,
    pub can_cancel: bool,
    pub stop: watch::Sender<bool>,
    pub over: watch::Receiver<bool>,
}

impl Work {
    pub fn is_over(&self) -> bool {
        *self.over.borrow() || self.over.has_changed().is_err()
    }
}
