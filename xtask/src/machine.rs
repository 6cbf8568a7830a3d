//! What the machine has, and what is installed on it where that is allowed: the wasm target, Debian packages.

use std::{env, path::PathBuf};

use crate::{
    Outcome,
    command::{command, read, show, succeeds},
    say,
};

const WASM: &str = "wasm32-unknown-unknown";

/// The program's full path, if it is on PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Whether xtask runs as root: then it may install packages, and has to step down for `PostgreSQL`.
pub fn is_root() -> bool {
    read(command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The standard library for the browser.
pub fn wasm_target() -> Outcome {
    target(WASM)
}

/// The standard library for another kind of machine.
pub fn target(name: &str) -> Outcome {
    let library = read(command("rustc").args(["--print", "target-libdir", "--target", name]))?;
    if PathBuf::from(library.trim()).is_dir() {
        return Ok(());
    }
    let add = || show(command("rustup").args(["target", "add", name]));
    say::loud(&format!("adding Rust's library for {name}"), add).map_err(|error| {
        format!(
            "Rust's standard library for {name} is missing and could not be added: {error}\n\
             With rustup: rustup target add {name}. With Debian's Rust: its package libstd-rust-dev \
             for that target."
        )
        .into()
    })
}

/// Installs Debian packages, as root; otherwise says who misses them and how to get them.
pub fn install(packages: &[&str], what_for: &str) -> Outcome {
    let list = packages.join(" ");
    let by_hand = format!(
        "{what_for} needs: {list}. Install with: apt-get install --no-install-recommends {list}"
    );
    if !is_root() || find("apt-get").is_none() {
        return Err(by_hand.into());
    }
    let apt = || {
        let mut apt = command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    say::quiet(&format!("installing {list}"), || {
        // An old list may still do: whether it does, the install says.
        succeeds(apt().args(["update", "-q"]));
        read(apt().args(["install", "-q", "-y", "--no-install-recommends"]).args(packages))
    })
    .map(drop)
    .map_err(|error| format!("{by_hand}\n{error}").into())
}
