//! How far, how fast, how long still.

use roster::history::Counts;
use roster::worker::Sending;

/// An estimate needs so many milliseconds behind it.
const ENOUGH: f64 = 1_000.0;

pub struct Progress {
    rows: u32,
    done: u32,
    /// How many rows were done when sending began, or went on.
    before: u32,
    since: f64,
    retrying: bool,
    /// All is sent; the end is asked for.
    concluding: bool,
}

impl Progress {
    pub fn new(rows: usize) -> Self {
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        Self { rows, done: 0, before: 0, since: 0.0, retrying: false, concluding: false }
    }

    pub fn resume(&mut self, done: u32, now: f64) {
        *self =
            Self { done, before: done, since: now, retrying: false, concluding: false, ..*self };
    }

    pub fn add(&mut self, rows: u32) {
        self.done = self.done.saturating_add(rows).min(self.rows);
        self.retrying = false;
    }

    pub fn retrying(&mut self, retrying: bool) {
        self.retrying = retrying;
    }

    pub fn conclude(&mut self) {
        self.concluding = true;
    }

    pub fn told(&self, counts: Counts, now: f64) -> Sending {
        let passed = now - self.since;
        let rows_per_second = f64::from(self.done - self.before) / passed.max(1.0) * 1_000.0;
        let known = passed >= ENOUGH && rows_per_second > 0.0;
        let left = f64::from(self.rows - self.done) / rows_per_second;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rounded up from a positive number; saturates"
        )]
        let seconds_left = known.then(|| left.ceil() as u32);
        Sending {
            rows: self.rows,
            done: self.done,
            counts,
            rows_per_second,
            seconds_left,
            retrying: self.retrying,
            concluding: self.concluding,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_estimated_from_what_was_sent_here() {
        let mut progress = Progress::new(1_000);
        progress.resume(500, 10_000.0);
        assert_eq!(progress.told(Counts::default(), 10_500.0).seconds_left, None);
        progress.add(100);
        let told = progress.told(Counts::default(), 12_000.0);
        assert_eq!((told.done, told.seconds_left), (600, Some(8)));
        assert!((told.rows_per_second - 50.0).abs() < 1e-9);
    }
}
