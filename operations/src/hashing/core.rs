//! Where a hash is computed: a core of its own, at low priority. Nothing about passwords.
//!
//! A thread that only computes is moved by the scheduler from core to core, and whoever wakes behind
//! it waits for the next tick, some milliseconds. Kept on one core and behind everybody else there, it
//! is in nobody's way, and the other threads are moved instead.

use std::sync::{Arc, Mutex, PoisonError};

/// How far it stands back, as `nice` counts. While others keep all cores busy, a thirtieth of one is
/// left to it: a sign-in then takes a second, not a minute.
#[cfg(target_os = "linux")]
const NICE: i32 = 15;

/// The cores that are free for hashing.
#[derive(Clone)]
pub struct Cores(Arc<Mutex<Vec<usize>>>);

/// One of them, until it is dropped.
pub struct Core {
    /// `None` where there are fewer than places: then it is any.
    number: Option<usize>,
    home: Cores,
}

impl Cores {
    /// So many, the last of those that this process may use.
    pub fn last(many: usize) -> Self {
        let mut cores = of_process();
        let others = cores.len().saturating_sub(many);
        cores.drain(..others);
        Self(Arc::new(Mutex::new(cores)))
    }

    pub fn take(&self) -> Core {
        let number = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Core { number, home: self.clone() }
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.home.0.lock().unwrap_or_else(PoisonError::into_inner).push(number);
        }
    }
}

#[cfg(target_os = "linux")]
fn of_process() -> Vec<usize> {
    use rustix::thread::{CpuSet, sched_getaffinity};

    let Ok(set) = sched_getaffinity(None) else { return Vec::new() };
    (0..CpuSet::MAX_CPU).filter(|core| set.is_set(*core)).collect()
}

#[cfg(not(target_os = "linux"))]
fn of_process() -> Vec<usize> {
    Vec::new()
}

impl Core {
    /// Has the calling thread stay on this core, behind all others. Where the system refuses, it
    /// computes as others do.
    #[cfg(target_os = "linux")]
    pub fn stand_back(&self) {
        use rustix::process::setpriority_process;
        use rustix::thread::{CpuSet, sched_setaffinity};

        // On Linux, nobody is the calling thread.
        if let Err(cause) = setpriority_process(None, NICE) {
            tracing::debug!(%cause, "hashing keeps its priority");
        }
        if let Some(number) = self.number {
            let mut set = CpuSet::new();
            set.set(number);
            if let Err(cause) = sched_setaffinity(None, &set) {
                tracing::debug!(%cause, "hashing keeps no core");
            }
        }
    }

    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::unused_self, reason = "only Linux is asked for a core")]
    pub fn stand_back(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_has_a_core_of_its_own_until_it_is_given_back() {
        let cores = Cores::last(1);
        let first = cores.take();
        assert!(cores.take().number.is_none());
        let number = first.number;
        drop(first);
        assert_eq!(cores.take().number, number);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn who_stands_back_does_so_alone() {
        use rustix::process::getpriority_process;

        let state = || (getpriority_process(None).unwrap(), of_process());
        let before = state();
        let core = Cores::last(1).take();
        let number = core.number.unwrap();
        let thread = std::thread::spawn(move || {
            core.stand_back();
            state()
        });
        assert_eq!(thread.join().unwrap(), (NICE, vec![number]));
        assert_eq!(state(), before);
    }
}
