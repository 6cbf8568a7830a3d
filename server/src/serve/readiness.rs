//! Whether this server can do its work. It is looked at when somebody asks and now and then, one look
//! at a time; all that ask meanwhile get its result. What changed is said in the log, once.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use operations::{Operations, Probe};
use roster::fault::Outage;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// Who asks is answered within two seconds, whatever the database does.
const ANSWER: Duration = Duration::from_millis(1_800);
/// A look that takes longer is one at a database that does not answer.
const LOOK: Duration = Duration::from_millis(1_500);
/// Several proxies ask, each of them twice a second.
const SHARED: Duration = Duration::from_millis(500);
/// The server that brought the schema forward takes over before the older ones end.
const TAKING_OVER: Duration = Duration::from_secs(10);

pub struct Readiness {
    operations: Operations,
    stopping: AtomicBool,
    seen: Mutex<Seen>,
}

/// What the looks so far have found.
#[derive(Default)]
struct Seen {
    last: Option<Instant>,
    /// `None`: it is ready.
    obstacle: Option<Obstacle>,
    /// Since when the schema is newer than this program.
    newer_since: Option<Instant>,
}

/// Why the server is not ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    Stopping,
    Outage(Outage),
    /// The log has the cause.
    Failed,
    Newer {
        found: i64,
        known: i64,
    },
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopping => f.write_str("stopping"),
            Self::Outage(reason) => f.write_str(reason.statement()),
            Self::Failed => f.write_str("The database failed: the log has the cause"),
            Self::Newer { found, known } => write!(
                f,
                "The database was brought forward by a newer Muster: its version is {found}, this \
                 program knows up to {known}"
            ),
        }
    }
}

impl Readiness {
    pub fn new(operations: Operations) -> Self {
        Self { operations, stopping: AtomicBool::new(false), seen: Mutex::default() }
    }

    /// From now on the server is not ready.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// `None`: it is ready. Takes less than two seconds.
    pub async fn obstacle(&self) -> Option<Obstacle> {
        if self.stopping.load(Ordering::Relaxed) {
            return Some(Obstacle::Stopping);
        }
        timeout(ANSWER, self.shared_look()).await.unwrap_or(Some(Obstacle::Outage(Outage::Silent)))
    }

    async fn shared_look(&self) -> Option<Obstacle> {
        let mut seen = self.seen.lock().await;
        if seen.last.is_none_or(|last| last.elapsed() >= SHARED) {
            let before = seen.obstacle;
            let found = timeout(LOOK, self.operations.probe()).await;
            let (found, cause) = match found {
                Ok(Ok(probe)) => (Ok(probe), String::new()),
                Ok(Err(error)) => (Err(of_error(&error)), error.to_string()),
                Err(_) => (Err(Obstacle::Outage(Outage::Silent)), "it took too long".to_owned()),
            };
            seen.note(found, Instant::now());
            if seen.obstacle != before {
                say(seen.obstacle, &cause);
            }
        }
        seen.obstacle
    }
}

fn of_error(error: &operations::Error) -> Obstacle {
    error.outage().map_or(Obstacle::Failed, Obstacle::Outage)
}

fn say(obstacle: Option<Obstacle>, cause: &str) {
    if let Some(obstacle) = obstacle {
        tracing::warn!(cause, "not ready: {obstacle}");
    } else {
        tracing::info!("ready again");
    }
}

impl Seen {
    fn note(&mut self, found: Result<Probe, Obstacle>, now: Instant) {
        self.last = Some(now);
        self.obstacle = match found {
            // It says nothing about whether a write would succeed.
            Err(Obstacle::Outage(Outage::Busy)) => self.obstacle,
            Err(obstacle) => Some(obstacle),
            Ok(probe) if !probe.written && self.fails_to_write() => self.obstacle,
            Ok(probe) => self.newer(&probe, now),
        };
    }

    /// What only a successful write can disprove.
    fn fails_to_write(&self) -> bool {
        let passing = [Outage::Silent, Outage::Starting, Outage::Busy];
        match self.obstacle {
            Some(Obstacle::Outage(reason)) => !passing.contains(&reason),
            Some(Obstacle::Failed) => true,
            Some(Obstacle::Stopping | Obstacle::Newer { .. }) | None => false,
        }
    }

    fn newer(&mut self, probe: &Probe, now: Instant) -> Option<Obstacle> {
        let (found, known) = (probe.schema, probe.known_schema);
        if found <= known {
            self.newer_since = None;
            return None;
        }
        let obstacle = Obstacle::Newer { found, known };
        let since = *self.newer_since.get_or_insert_with(|| {
            tracing::warn!("{obstacle}. It goes on serving; start the newer version");
            now
        });
        (now.duration_since(since) >= TAKING_OVER).then_some(obstacle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISK_FULL: Obstacle = Obstacle::Outage(Outage::DiskFull);
    const SILENT: Obstacle = Obstacle::Outage(Outage::Silent);

    fn probe(written: bool, schema: i64) -> Probe {
        Probe { written, schema, known_schema: 22 }
    }

    #[test]
    fn a_writer_at_work_changes_nothing_about_a_failing_write() {
        let mut seen = Seen::default();
        let mut check = |found, expected: Option<Obstacle>| {
            seen.note(found, Instant::now());
            assert_eq!(seen.obstacle, expected);
        };
        check(Ok(probe(false, 22)), None);
        check(Err(Obstacle::Outage(Outage::Busy)), None);
        check(Err(DISK_FULL), Some(DISK_FULL));
        check(Ok(probe(false, 22)), Some(DISK_FULL));
        check(Err(Obstacle::Outage(Outage::Busy)), Some(DISK_FULL));
        check(Ok(probe(true, 22)), None);
        check(Err(SILENT), Some(SILENT));
        check(Ok(probe(false, 22)), None);
    }

    #[test]
    fn a_newer_schema_counts_once_another_server_took_over() {
        let mut seen = Seen::default();
        let start = Instant::now();
        let mut check = |seconds, schema, expected: Option<Obstacle>| {
            seen.note(Ok(probe(true, schema)), start + Duration::from_secs(seconds));
            assert_eq!(seen.obstacle, expected, "{seconds} s");
        };
        check(0, 23, None);
        check(9, 23, None);
        check(10, 23, Some(Obstacle::Newer { found: 23, known: 22 }));
        check(11, 22, None);
        check(12, 23, None);
    }
}
