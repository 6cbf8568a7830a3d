//! Why the program stops, and the exit code that says so. The sentence is for the person at the
//! terminal: what is wrong, and what would be right.

use std::io;
use std::process::ExitCode;

use roster::fault::Fault;

use crate::say;

/// Under this the log has what a command was refused for.
pub const COMMAND_LINE: &str = "command line";

pub type Result<T> = std::result::Result<T, Failure>;

#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// Called or configured wrongly, or given a file that can't be read: exit code 2.
    Usage(String),
    /// It was tried and did not succeed: exit code 1.
    Failed(String),
    /// Whoever read the output has stopped reading.
    Unread,
}

impl Failure {
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self::Usage(sentence.into())
    }

    pub fn failed(sentence: impl Into<String>) -> Self {
        Self::Failed(sentence.into())
    }

    /// Says it, and gives the exit code.
    pub fn report(self) -> ExitCode {
        match self {
            Self::Usage(sentence) => {
                say::aside(format_args!("muster: {sentence}"));
                ExitCode::from(2)
            }
            Self::Failed(sentence) => {
                say::aside(format_args!("muster: {sentence}"));
                ExitCode::FAILURE
            }
            Self::Unread => ExitCode::SUCCESS,
        }
    }
}

/// Only what is written to standard output ends up here; other errors of input and output have a
/// sentence of their own.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unread,
            _ => Self::Failed(format!("The output can't be written: {error}.")),
        }
    }
}

impl From<operations::Error> for Failure {
    fn from(error: operations::Error) -> Self {
        error.into_fault(COMMAND_LINE).into()
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Internal { .. } => {
                Self::failed("Something went wrong; the line above has the cause.")
            }
            fault => Self::Failed(fault.to_string()),
        }
    }
}
