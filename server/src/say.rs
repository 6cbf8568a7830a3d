//! The only place that writes to the terminal. Results go to standard output; what somebody at the
//! terminal should know beside them (progress, what went wrong) to standard error.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use serde::Serialize;

use crate::failure::Failure;

/// One line of result, at once.
pub fn line(text: impl Display) -> Result<(), Failure> {
    writeln!(io::stdout().lock(), "{text}").map_err(Failure::from)
}

/// Bytes of a result as they are, at once.
pub fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(Failure::from)
}

/// One line beside the result. Nobody may be reading it: that is no reason to stop.
pub fn aside(text: impl Display) {
    let _unread = writeln!(io::stderr().lock(), "{text}");
}

/// Many lines of result: written when there are enough of them, and at the end by [`Self::finish`].
pub struct Results(BufWriter<StdoutLock<'static>>);

impl Results {
    pub fn new() -> Self {
        Self(BufWriter::new(io::stdout().lock()))
    }

    pub fn line(&mut self, text: impl Display) -> Result<(), Failure> {
        writeln!(self.0, "{text}").map_err(Failure::from)
    }

    pub fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.0, value).map_err(io::Error::from)?;
        self.line("")
    }

    pub fn finish(mut self) -> Result<(), Failure> {
        self.0.flush().map_err(Failure::from)
    }
}

/// A line that is written over and over while something long goes on; silent where standard error
/// is no terminal.
pub struct Progress {
    shown: bool,
    percent: u64,
}

impl Progress {
    pub fn new() -> Self {
        Self { shown: io::stderr().is_terminal(), percent: u64::MAX }
    }

    /// So many of all; `more` follows the percentage.
    pub fn at(&mut self, doing: &str, done: u64, all: u64, more: &str) {
        let percent = (done * 100).checked_div(all).unwrap_or(100);
        if self.shown && (percent != self.percent || !more.is_empty()) {
            self.percent = percent;
            let mut err = io::stderr().lock();
            let _unread =
                write!(err, "\r\x1b[K{doing} {percent} %{more}").and_then(|()| err.flush());
        }
    }

    /// A part from 0 to 1.
    pub fn part(&mut self, doing: &str, part: f32) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped; a percentage for the eye"
        )]
        let percent = (part.clamp(0.0, 1.0) * 100.0) as u64;
        self.at(doing, percent, 100, "");
    }

    /// Takes the line away.
    pub fn clear(&mut self) {
        if self.shown && self.percent != u64::MAX {
            self.percent = u64::MAX;
            let mut err = io::stderr().lock();
            let _unread = write!(err, "\r\x1b[K").and_then(|()| err.flush());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
