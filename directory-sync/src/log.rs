//! The log: standard error, which the service manager keeps, or a file where it doesn't. Secrets
//! never get here: they are `Secret`.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// A file that has grown beyond it is laid aside when the service starts.
const LARGE: u64 = 8 * 1024 * 1024;

/// Who runs a command sees its result; the service tells what it does.
pub fn start(level: LevelFilter) {
    begin(level, io::stderr().is_terminal(), io::stderr);
}

/// Of the service. Without a file there is no log, and a service all the same.
pub fn start_in(path: &Path) {
    if fs::metadata(path).is_ok_and(|file| file.len() > LARGE) {
        let _kept = fs::rename(path, path.with_added_extension("old"));
    }
    if let Ok(file) = OpenOptions::new().create(true).append(true).open(path) {
        begin(LevelFilter::INFO, false, Mutex::new(file));
    }
}

fn begin(
    level: LevelFilter,
    colored: bool,
    writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static,
) {
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::ERROR))
        .with_target("directory_sync", level);
    let written =
        fmt::layer().with_writer(writer).with_ansi(colored).with_target(false).with_filter(targets);
    // Started twice, the first one stays.
    let _started = tracing_subscriber::registry().with(written).try_init();
}
