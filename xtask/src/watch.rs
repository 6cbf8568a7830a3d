//! `cargo xtask watch`: looks at the sources three times a second; builds and restarts when one has changed.
//! A build that fails leaves the server as it is.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Child,
    thread::sleep,
    time::{Duration, SystemTime},
};

use crate::{
    Outcome,
    command::{command, succeeds},
    place, run, say,
};

const SOURCES: [&str; 10] = [
    "Cargo.toml",
    "app",
    "frontend",
    "import-worker",
    "operations",
    "roster",
    "server",
    "store",
    "style",
    "Cargo.lock",
];

pub fn watch(arguments: &[String]) -> Outcome {
    let mut server: Option<(Child, Option<SystemTime>)> = None;
    loop {
        let seen = sources();
        match run::build() {
            Ok(()) => {
                let built = modified(&place::muster("debug")?);
                // New styles and a new module need no new server: it reads the manifest anew each time.
                if server.as_ref().is_none_or(|(_, running)| *running != built) {
                    if let Some((running, _)) = server.take() {
                        stop(running)?;
                    }
                    server = Some((run::muster(arguments)?.spawn()?, built));
                }
            }
            Err(error) => say::progress(&format!("{error}\n  waiting for a change …")),
        }
        while sources() == seen {
            sleep(Duration::from_millis(300));
        }
    }
}

/// Gracefully, as the server would be stopped anywhere.
fn stop(mut server: Child) -> Outcome {
    if !succeeds(command("kill").arg(server.id().to_string())) {
        server.kill()?;
    }
    server.wait()?;
    Ok(())
}

/// All source files and when they were written.
fn sources() -> Vec<(PathBuf, Option<SystemTime>)> {
    let mut found = Vec::new();
    let mut todo: Vec<PathBuf> = SOURCES.iter().map(|source| place::root().join(source)).collect();
    while let Some(path) = todo.pop() {
        if let Ok(entries) = fs::read_dir(&path) {
            todo.extend(entries.flatten().map(|entry| entry.path()));
        } else {
            let time = modified(&path);
            found.push((path, time));
        }
    }
    found.sort();
    found
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).ok()?.modified().ok()
}
