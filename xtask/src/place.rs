//! Where things are in the work tree and in cargo's target folder.

use std::{env, path::PathBuf};

use crate::Outcome;

/// The workspace's folder. Cargo says it when it runs xtask; a target folder can serve several clones.
pub fn root() -> PathBuf {
    let xtask =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let mut root = PathBuf::from(xtask);
    root.pop();
    root
}

/// Cargo's target folder, however it was chosen: xtask itself lies in `<target>/debug/`, its tests in
/// `<target>/debug/deps/`.
pub fn target() -> Outcome<PathBuf> {
    let xtask = env::current_exe()?;
    let mut above = xtask.ancestors().skip(1).skip_while(|folder| folder.ends_with("deps"));
    let target = above.nth(1).ok_or("xtask doesn't lie in a target folder")?;
    Ok(target.to_owned())
}

/// What is known of others' crates, one folder for each.
pub fn advisories() -> PathBuf {
    root().join("advisories")
}

/// The assets that `muster` serves: read from here by a debug build, embedded by a release build.
/// Always in the work tree, because the server's source names it by a relative path.
pub fn site() -> PathBuf {
    root().join("target/site")
}

pub fn style() -> PathBuf {
    root().join("style")
}

pub fn end2end() -> PathBuf {
    root().join("end2end")
}

/// The `muster` program of a cargo profile (`debug` or `release`).
pub fn muster(profile: &str) -> Outcome<PathBuf> {
    Ok(target()?.join(profile).join("muster").with_extension(env::consts::EXE_EXTENSION))
}
