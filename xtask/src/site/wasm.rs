//! Compiles the two crates that run in the browser, in one go of cargo.

use std::path::PathBuf;

use super::Mode;
use crate::{
    Outcome,
    command::{cargo, show},
    place, say,
};

const TARGET: &str = "wasm32-unknown-unknown";

fn profile(mode: Mode) -> &'static str {
    match mode {
        Mode::Debug => "wasm-dev",
        Mode::Release => "wasm-release",
    }
}

pub fn compile(mode: Mode) -> Outcome {
    let build = [
        "build",
        "-p",
        "frontend",
        "-p",
        "import-worker",
        "--target",
        TARGET,
        "--profile",
        profile(mode),
    ];
    say::loud("compiling the browser's part", || show(&mut cargo(&build)))
}

/// What cargo made of a crate.
pub fn module(name: &str, mode: Mode) -> Outcome<PathBuf> {
    let file = name.replace('-', "_") + ".wasm";
    Ok(place::target()?.join(TARGET).join(profile(mode)).join(file))
}
