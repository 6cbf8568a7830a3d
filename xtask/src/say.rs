//! What the tool chain says: results on standard output, progress on standard error.
//! The only place that writes to the terminal and the only one that looks at a clock.

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use crate::Outcome;

/// A line of the result.
pub fn result(line: &str) {
    // A closed pipe is the reader's choice, not a fault.
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// A line about how things go.
pub fn progress(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// A step that is silent while it works: one line, completed when it is done.
pub fn quiet<T>(what: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    let _ = write!(io::stderr().lock(), "  {what} … ");
    let (done, took) = timed(work);
    progress(&if done.is_ok() { seconds(took) } else { String::from("failed") });
    done
}

/// A step whose programs write to the terminal themselves: a line before, and one after.
pub fn loud<T>(what: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    progress(&format!("  {what} …"));
    let (done, took) = timed(work);
    let end = if done.is_ok() { seconds(took) } else { String::from("failed") };
    progress(&format!("  {what} … {end}"));
    done
}

pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = now();
    let done = work();
    (done, start.elapsed())
}

pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[expect(clippy::disallowed_methods, reason = "the tool chain measures its own steps")]
fn now() -> Instant {
    Instant::now()
}
