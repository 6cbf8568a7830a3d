//! The log: standard error, or a file if the service manager doesn't keep that. Secrets can't be logged:
//! their type is `Secret`.

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

/// A log file larger than this is renamed when the service starts.
const LARGE: u64 = 8 * 1024 * 1024;

/// Starts the log of a command.
pub fn start(level: LevelFilter) {
    begin(level, io::stderr().is_terminal(), io::stderr);
}

/// Starts the log of the service. If the file can't be opened, the service runs without a log.
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
    // A second start changes nothing.
    let _started = tracing_subscriber::registry().with(written).try_init();
}
