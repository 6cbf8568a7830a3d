//! The program of the release before. It is built once and kept in cargo's target folder, by its commit.

use std::{fs, path::PathBuf, process::Stdio};

use crate::{
    Outcome,
    command::{cargo, command, read, show},
    place, say,
};

/// Its tag or commit. Written anew with each release, as `BEFORE` in `store/tests/contract/release_before.rs`.
const RELEASE: &str = "14f73da";

pub fn program() -> Outcome<PathBuf> {
    let folder = place::target()?.join("release-before");
    let commit = read(command("git").args(["rev-parse", &format!("{RELEASE}^{{commit}}")]))
        .map_err(|error| {
            format!("the source of the release before is not in this clone: {error}")
        })?;
    let kept = folder.join(commit.trim());
    if kept.is_file() {
        return Ok(kept);
    }
    let source = folder.join("source");
    if source.exists() {
        fs::remove_dir_all(&source)?;
    }
    fs::create_dir_all(&source)?;
    extract(commit.trim(), &source)?;
    // The assets are not what is tried here.
    fs::create_dir_all(source.join("target/site"))?;
    let mut build = cargo(&["build", "-p", "server"]);
    build.current_dir(&source).env("CARGO_TARGET_DIR", folder.join("target"));
    say::loud("compiling the release before", || show(&mut build))?;
    fs::copy(folder.join("target/debug/muster"), &kept)?;
    fs::remove_dir_all(&source)?;
    Ok(kept)
}

fn extract(commit: &str, to: &PathBuf) -> Outcome {
    let mut archive = command("git").args(["archive", commit]).stdout(Stdio::piped()).spawn()?;
    let packed = archive.stdout.take().ok_or("git archive writes nothing")?;
    show(command("tar").arg("-x").current_dir(to).stdin(packed))?;
    if archive.wait()?.success() { Ok(()) } else { Err("`git archive` failed".into()) }
}
