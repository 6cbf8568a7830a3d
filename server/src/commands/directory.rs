//! `muster directory`: not there yet.

use std::process::ExitCode;

use crate::arguments::Directory;
use crate::failure::{Failure, Result};

pub fn run(verb: &Directory) -> Result<ExitCode> {
    let verb = match verb {
        Directory::Token { .. } => "token",
        Directory::Runs { .. } => "runs",
        Directory::Approve { .. } => "approve",
        Directory::Drop { .. } => "drop",
    };
    Err(Failure::Usage(format!(
        "Directory synchronization comes with a later version: “muster directory {verb}” does \
         nothing yet."
    )))
}
