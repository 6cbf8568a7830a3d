//! The log: standard error, which the service manager keeps. Secrets never get here: they are
//! `Secret`.

use std::io::{self, IsTerminal};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

/// Who runs a command sees its result; the service tells what it does.
pub fn start(level: LevelFilter) {
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::ERROR))
        .with_target("directory_sync", level);
    let written = fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_target(false)
        .with_filter(targets);
    // Started twice, the first one stays.
    let _started = tracing_subscriber::registry().with(written).try_init();
}
