//! The log: standard error, for people or as JSON. Secrets never get here: they are `Secret`.

use std::io::{self, IsTerminal};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

use crate::configuration::{Form, Log};

/// Muster's own rooms; of the others only what went wrong is logged.
const ROOMS: [&str; 4] = ["muster", "operations", "store", "app"];

pub fn start(log: Log) {
    let others = log.level.min(LevelFilter::WARN);
    let targets = ROOMS.iter().fold(Targets::new().with_default(others), |targets, room| {
        targets.with_target(*room, log.level)
    });
    let targets = targets.with_target(operations::STATEMENTS_LOG, log.statements);
    let written: Box<dyn Layer<Registry> + Send + Sync> = match log.form {
        Form::Human => Box::new(
            fmt::layer()
                .with_writer(io::stderr)
                .with_ansi(io::stderr().is_terminal())
                .with_target(false),
        ),
        Form::Json => Box::new(
            fmt::layer().json().with_span_list(false).with_writer(io::stderr).flatten_event(true),
        ),
    };
    tracing_subscriber::registry().with(written.with_filter(targets)).init();
}
