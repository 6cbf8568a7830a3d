//! The tools that come from npm, by the lock file in `end2end/`: `wasm-opt`, Playwright and what checks pages.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    Outcome,
    command::{command, read},
    machine, place, say,
};

/// Whether Node and npm are on this machine.
pub fn is_there() -> bool {
    machine::find("node").is_some() && machine::find("npm").is_some()
}

/// Installs the packages unless those of this very lock file are there.
pub fn install() -> Outcome {
    let lock = fs::read(place::end2end().join("package-lock.json"))?;
    let installed = place::end2end().join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    if !is_there() {
        return Err(
            "Node.js (20.19 or newer) and npm are missing. With Debian: apt-get install nodejs npm"
                .into(),
        );
    }
    say::quiet("installing the npm packages", || {
        let mut npm = command("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(place::end2end());
        // Debian's Chromium is used; a browser of Playwright's own can't be had everywhere.
        npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        read(&mut npm)
    })?;
    Ok(fs::write(installed, lock)?)
}

/// A program of the installed packages, to be run in `end2end/`.
pub fn tool(name: &str) -> Command {
    let mut tool = command(bin().join(name));
    tool.current_dir(place::end2end());
    tool
}

fn bin() -> PathBuf {
    place::end2end().join("node_modules/.bin")
}
