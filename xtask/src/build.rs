//! `cargo xtask build`: the programs as they are shipped, the assets inside.

use std::{fs, path::PathBuf};

use crate::{
    Outcome,
    command::{cargo, show},
    machine, place, say, sbom,
    site::{self, Mode},
};

/// For the domain controllers that people have.
const WINDOWS: &str = "x86_64-pc-windows-gnu";

pub fn build() -> Outcome {
    shipped()?;
    let windows = windows("release").and_then(|made| {
        // From there it is downloaded.
        fs::copy(made, place::muster("release")?.with_file_name("muster-sync.exe"))?;
        Ok(())
    });
    if let Err(reason) = windows {
        say::progress(&format!("muster-sync for Windows is left out: {reason}"));
    }
    sbom::write()?;
    say::result(&place::muster("release")?.display().to_string());
    Ok(())
}

/// What runs on this machine.
pub fn shipped() -> Outcome {
    site::publish(Mode::Release)?;
    programs()
}

/// The service for Windows.
pub fn windows(profile: &str) -> Outcome<PathBuf> {
    machine::target(WINDOWS)?;
    if machine::find("x86_64-w64-mingw32-gcc").is_none() {
        machine::install(&["gcc-mingw-w64-x86-64"], "Building for Windows")?;
    }
    let mut build = cargo(&["build", "-p", "directory-sync", "--target", WINDOWS]);
    if profile == "release" {
        build.arg("--release");
    }
    say::loud("compiling muster-sync for Windows", || show(&mut build))?;
    Ok(place::target()?.join(WINDOWS).join(profile).join("muster-sync.exe"))
}

/// `muster` as it is developed: it finds the assets in a folder that is there when it is compiled.
pub fn developed() -> Outcome {
    fs::create_dir_all(place::site())?;
    say::loud("compiling the server", || show(&mut cargo(&["build", "-p", "server"])))
}

/// The programs with the assets that were published last.
pub fn programs() -> Outcome {
    let mut build = cargo(&["build", "--release", "-p", "server", "-p", "directory-sync"]);
    // The server's source names this variable (`assets.rs`), so that other assets make it anew:
    // of files that are only embedded cargo sees no change.
    build.env("MUSTER_SITE", fs::read_to_string(place::site().join("assets.json"))?);
    say::loud("compiling the programs", || show(&mut build))
}
