//! Where hashes are computed: threads that keep to a core of their own, at low priority. Nothing
//! about passwords.
//!
//! A thread that only computes is moved by the scheduler from core to core, and whoever wakes behind
//! it waits for the next tick, some milliseconds. Kept on one core and behind everybody else there, it
//! is in nobody's way, and the other threads are moved instead.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How far they stand back, as `nice` counts. While others keep all cores busy, a seventieth of one is
/// left to them: a sign-in then takes two seconds, not a minute.
#[cfg(target_os = "linux")]
const NICE: i32 = 19;

pub type Job = Box<dyn FnOnce() + Send>;

/// The threads, as many as were ever needed at once.
#[derive(Clone)]
pub struct Threads(Arc<Mutex<Idle>>);

struct Idle {
    threads: Vec<Sender<Job>>,
    /// Those on which there is no thread yet, the last to be taken first.
    cores: Vec<usize>,
}

/// One of them, until it is dropped.
pub struct Thread {
    jobs: Sender<Job>,
    home: Threads,
}

impl Threads {
    /// On the last of the cores that this process may use; where those run out, on any.
    pub fn on_last_cores() -> Self {
        Self(Arc::new(Mutex::new(Idle { threads: Vec::new(), cores: of_process() })))
    }

    /// One that has nothing to do, or a new one.
    pub fn take(&self) -> io::Result<Thread> {
        let mut idle = self.idle();
        let jobs = match idle.threads.pop() {
            Some(jobs) => jobs,
            None => start(idle.cores.pop())?,
        };
        Ok(Thread { jobs, home: self.clone() })
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Thread {
    pub fn jobs(&self) -> Sender<Job> {
        self.jobs.clone()
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.home.idle().threads.push(self.jobs.clone());
    }
}

fn start(core: Option<usize>) -> io::Result<Sender<Job>> {
    let (jobs, todo) = channel::<Job>();
    std::thread::Builder::new().name("hashing".to_owned()).spawn(move || {
        stand_back(core);
        for job in todo {
            // Whoever waits for it learns that there is no result; the next one finds the thread.
            let _ = catch_unwind(AssertUnwindSafe(job));
        }
    })?;
    Ok(jobs)
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

/// Has the calling thread stay on this core, behind all others. Where the system refuses, it computes
/// as others do.
#[cfg(target_os = "linux")]
fn stand_back(core: Option<usize>) {
    use rustix::process::setpriority_process;
    use rustix::thread::{CpuSet, sched_setaffinity};

    // On Linux, no process is the calling thread.
    if let Err(cause) = setpriority_process(None, NICE) {
        tracing::debug!(%cause, "hashing keeps its priority");
    }
    if let Some(core) = core {
        let mut set = CpuSet::new();
        set.set(core);
        if let Err(cause) = sched_setaffinity(None, &set) {
            tracing::debug!(%cause, "hashing keeps no core");
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn stand_back(_core: Option<usize>) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T: Send + 'static>(thread: &Thread, work: impl FnOnce() -> T + Send + 'static) -> T {
        let (done, result) = channel();
        thread.jobs().send(Box::new(move || done.send(work()).unwrap())).unwrap();
        result.recv().unwrap()
    }

    #[test]
    fn a_thread_is_taken_again_after_a_panic_too() {
        let threads = Threads::on_last_cores();
        let id = || std::thread::current().id();
        let thread = threads.take().unwrap();
        let first = run(&thread, id);
        assert_ne!(run(&threads.take().unwrap(), id), first);
        threads.idle().threads.clear();
        thread.jobs().send(Box::new(|| panic!("as a hash never does"))).unwrap();
        drop(thread);
        assert_eq!(run(&threads.take().unwrap(), id), first);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn it_stands_back_alone() {
        use rustix::process::getpriority_process;

        let state = || (getpriority_process(None).unwrap(), of_process());
        let before = state();
        let last = *before.1.last().unwrap();
        let thread = Threads::on_last_cores().take().unwrap();
        assert_eq!(run(&thread, state), (NICE, vec![last]));
        assert_eq!(state(), before);
    }
}
