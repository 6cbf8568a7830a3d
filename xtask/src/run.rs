//! `cargo xtask run`: builds what has changed, then becomes `muster serve`.

use std::process::Command;

use crate::{
    Outcome, build, place,
    site::{self, Mode},
};

pub fn run(arguments: &[String]) -> Outcome {
    build()?;
    serve(arguments)
}

/// Both sides of the debug build.
pub fn build() -> Outcome {
    site::publish(Mode::Debug)?;
    build::developed()
}

pub fn muster(arguments: &[String]) -> Outcome<Command> {
    let mut muster = Command::new(place::muster("debug")?);
    muster.arg("serve").args(arguments).current_dir(place::root());
    Ok(muster)
}

/// Replaces this process, so that signals reach the server and Ctrl-C ends it gracefully.
#[cfg(unix)]
fn serve(arguments: &[String]) -> Outcome {
    use std::os::unix::process::CommandExt;
    Err(muster(arguments)?.exec().into())
}

#[cfg(not(unix))]
fn serve(arguments: &[String]) -> Outcome {
    crate::command::show(&mut muster(arguments)?)
}
