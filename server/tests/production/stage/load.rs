//! What people do meanwhile, from threads of their own, and what they were answered.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use super::Watch;

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What was asked for: an email, a path.
    pub name: String,
    /// `None`: the connection ended without a whole answer.
    pub status: Option<u16>,
    pub code: String,
    pub retry_after: bool,
    pub began: Instant,
    pub took: Duration,
}

impl Sample {
    pub fn is_good(&self) -> bool {
        self.status == Some(200)
    }

    /// It says when to come again, and, where no person reads it, why.
    pub fn is_honest_outage(&self) -> bool {
        let is_page = self.name.starts_with('/') && !self.name.starts_with("/api/");
        let says_why = ["unavailable", "outcome_unknown"].contains(&self.code.as_str());
        self.status == Some(503) && self.retry_after && (is_page || says_why)
    }
}

/// Runs until it is stopped, at the latest when it is dropped.
pub struct Load {
    stop: Arc<AtomicBool>,
    samples: Arc<Mutex<Vec<Sample>>>,
    workers: Vec<JoinHandle<()>>,
}

impl Load {
    /// Each worker is asked for one sample after the other, until it gives none.
    pub fn of<W>(workers: impl IntoIterator<Item = W>) -> Self
    where
        W: FnMut() -> Option<Sample> + Send + 'static,
    {
        let mut load = Self { stop: Arc::default(), samples: Arc::default(), workers: Vec::new() };
        for mut next in workers {
            let (stop, samples) = (load.stop.clone(), load.samples.clone());
            load.workers.push(thread::spawn(move || {
                while !stop.load(Ordering::Relaxed)
                    && let Some(sample) = next()
                {
                    let failed = !sample.is_good();
                    samples.lock().unwrap().push(sample);
                    if failed {
                        sleep(Duration::from_millis(100));
                    }
                }
            }));
        }
        load
    }

    /// The answers so far.
    pub fn so_far(&self) -> Answers {
        Answers(self.samples.lock().unwrap().clone())
    }

    pub fn stop(self) -> Answers {
        self.halt();
        self.so_far()
    }

    /// No new requests; the present ones are waited for.
    pub fn halt(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.wait(Duration::from_mins(3));
    }

    /// Until all workers have done what they had to do.
    pub fn wait(&self, limit: Duration) {
        let watch = Watch::start();
        while !self.workers.iter().all(JoinHandle::is_finished) {
            let answers = self.so_far();
            let last = answers.0.last();
            assert!(watch.took() < limit, "not done: {}; {last:?}", answers.counted());
            sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        // The threads end after their present request, which has a limit.
        self.stop.store(true, Ordering::Relaxed);
    }
}

pub struct Answers(pub Vec<Sample>);

impl Answers {
    pub fn good(&self) -> impl Iterator<Item = &Sample> {
        self.0.iter().filter(|sample| sample.is_good())
    }

    pub fn slowest(&self) -> Duration {
        self.0.iter().map(|sample| sample.took).max().unwrap_or_default()
    }

    /// How many of each kind: `6461 × 200, 12 × 503 unavailable`.
    pub fn counted(&self) -> String {
        let mut kinds = BTreeMap::<String, usize>::new();
        for sample in &self.0 {
            let status = sample.status.map_or("no answer".to_owned(), |status| status.to_string());
            let after = if sample.status == Some(503) && !sample.retry_after {
                " without Retry-After"
            } else {
                ""
            };
            let kind = format!("{status} {}", sample.code).trim_end().to_owned() + after;
            *kinds.entry(kind).or_default() += 1;
        }
        let kinds: Vec<String> =
            kinds.iter().map(|(kind, count)| format!("{count} × {kind}")).collect();
        kinds.join(", ")
    }

    /// From then until the end of the first good answer to a request.
    pub fn recovered(&self, since: Watch) -> Option<Duration> {
        let ends = self.good().map(|sample| sample.began + sample.took);
        ends.filter_map(|end| end.checked_duration_since(since.began())).min()
    }

    pub fn assert_all_good(&self, what: &str) {
        let bad: Vec<&Sample> = self.0.iter().filter(|sample| !sample.is_good()).take(3).collect();
        assert!(bad.is_empty() && !self.0.is_empty(), "{what}: {}; {bad:?}", self.counted());
    }

    /// Nothing but success and outages that say what they are.
    pub fn assert_honest(&self, what: &str) {
        let is_wrong = |sample: &&Sample| !sample.is_good() && !sample.is_honest_outage();
        let wrong: Vec<&Sample> = self.0.iter().filter(is_wrong).take(3).collect();
        assert!(wrong.is_empty() && !self.0.is_empty(), "{what}: {}; {wrong:?}", self.counted());
    }

    /// What was acknowledged is there, once.
    pub fn assert_kept(&self, there: &[String]) {
        let mut sorted: Vec<&str> = there.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        let doubled: Vec<&&str> =
            sorted.windows(2).filter(|two| two[0] == two[1]).map(|two| &two[0]).collect();
        assert!(doubled.is_empty(), "twice: {doubled:?}");
        let lost: Vec<&str> = self
            .good()
            .map(|sample| sample.name.as_str())
            .filter(|name| sorted.binary_search(name).is_err())
            .collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    }
}
