//! Tools that come from `PyPI`, each in an environment of its own in cargo's target folder.

use std::path::PathBuf;

use crate::{
    Outcome,
    command::{command, read, succeeds},
    machine, place, say,
};

/// The program of a package in this very version (`name==version`), installed if it isn't there.
pub fn program(package: &str, name: &str) -> Outcome<PathBuf> {
    let environment = place::target()?.join("pypi").join(package.replace("==", "-"));
    let program = environment.join("bin").join(name);
    // Written last: half an environment is none.
    if program.is_file() {
        return Ok(program);
    }
    say::quiet(&format!("installing {package}"), || {
        let make = || succeeds(command("python3").args(["-m", "venv"]).arg(&environment));
        if !make() {
            machine::install(&["python3-venv"], name)?;
            if !make() {
                return Err("python3 -m venv failed".into());
            }
        }
        read(command(environment.join("bin/pip")).args(["install", "--quiet", package]))
    })?;
    Ok(program)
}
