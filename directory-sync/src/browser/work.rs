//! Work that may take its time, away from the request that asked for it.

use std::pin::Pin;

use tokio::sync::watch;

use super::faults::Fault;
use super::state::State;
use super::steps::Place;

/// What becomes of the page once the work is done, and where it is then.
pub type Then = Box<dyn FnOnce(&mut State) -> Place + Send>;

type Running = Pin<Box<dyn Future<Output = Then> + Send>>;

/// Becomes true when somebody cancels.
pub type Stop = watch::Receiver<bool>;

pub struct Task {
    /// What is said meanwhile.
    pub what: &'static str,
    pub can_cancel: bool,
    pub run: Box<dyn FnOnce(Stop) -> Running + Send>,
}

impl Task {
    /// Let go when it is cancelled.
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

    /// It ends by itself when it is cancelled, and has something to say to others before.
    pub fn that_stops<F: Future<Output = Then> + Send + 'static>(
        what: &'static str,
        work: impl FnOnce(Stop) -> F + Send + 'static,
    ) -> Self {
        Self { what, can_cancel: true, run: Box::new(|stop| -> Running { Box::pin(work(stop)) }) }
    }

    /// Half done would be worse.
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

/// Where it is.
pub fn stay() -> Then {
    Box::new(|state| state.at)
}

/// To the answer that is wrong, else to `place`.
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

/// Work that goes on.
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
