//! `cargo xtask build`: the programs as they are shipped, the assets inside.

use std::fs;

use crate::{
    Outcome,
    command::{cargo, show},
    place, say,
    site::{self, Mode},
};

pub fn build() -> Outcome {
    site::publish(Mode::Release)?;
    programs()?;
    say::result(&place::muster("release")?.display().to_string());
    Ok(())
}

/// The programs with the assets that were published last.
pub fn programs() -> Outcome {
    let mut build = cargo(&["build", "--release", "-p", "server"]);
    if place::root().join("directory-sync").is_dir() {
        build.args(["-p", "directory-sync"]);
    }
    // The server's source names this variable (`assets.rs`), so that other assets make it anew:
    // of files that are only embedded cargo sees no change.
    build.env("MUSTER_SITE", fs::read_to_string(place::site().join("assets.json"))?);
    say::loud("compiling the programs", || show(&mut build))
}
