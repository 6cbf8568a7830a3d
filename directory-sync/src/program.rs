//! From the command line to a command, and from its end to the exit code.

use std::process::ExitCode;
use std::{env, io};

use clap::Parser;
use tracing::level_filters::LevelFilter;

use crate::arguments::{Arguments, Command, Setup};
use crate::configuration::Files;
use crate::failure::{Exit, Failure, Result};
use crate::{browser, commands};
use crate::{log, say, service, system};

#[must_use]
pub fn main() -> ExitCode {
    if env::args_os().len() <= 1 && system::this().is_double_clicked() {
        return double_clicked();
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // The parser's exit code 2 means "held" here.
            let _unread = error.print();
            return if error.use_stderr() { Exit::Failed.into() } else { Exit::Done.into() };
        }
    };
    ended(run(arguments)).into()
}

/// Opens set-up after a double click. Waits before it ends, because the window closes then.
fn double_clicked() -> ExitCode {
    let setup = Setup { browser: true, ..Setup::default() };
    let command = Command::Setup(Box::new(setup));
    let exit = ended(run(Arguments { config: None, command }));
    if exit != Exit::Done {
        say::aside("Press Enter to close this window.");
        let _read = io::stdin().read_line(&mut String::new());
    }
    exit.into()
}

fn ended(result: Result<Exit>) -> Exit {
    result.unwrap_or_else(|failure| {
        say::aside(format_args!("muster-sync: {failure} [{}]", failure.code()));
        Exit::Failed
    })
}

fn run(arguments: Arguments) -> Result<Exit> {
    let path = arguments.config.unwrap_or_else(|| system::this().default_configuration());
    let files = Files::new(path);
    // The service starts its own log.
    if !matches!(arguments.command, Command::Run { once: false }) {
        log::start(LevelFilter::WARN);
    }
    match arguments.command {
        Command::Setup(setup) if setup.browser => in_runtime(browser::run(files, *setup)),
        Command::Setup(setup) => in_runtime(commands::setup::run(files, *setup)),
        Command::Check => in_runtime(commands::check::run(files)),
        Command::Preview => in_runtime(commands::preview::run(files)),
        Command::Run { once: true } => in_runtime(commands::once::run(files)),
        Command::Run { once: false } => service::run(files),
        Command::Status { json } => commands::status::run(&files, json),
        Command::Install => commands::install::install(&files),
        Command::Uninstall => commands::install::uninstall(),
        Command::RotateToken => in_runtime(commands::rotate::run(files)),
    }
}

/// Runs `work` in a new async runtime.
pub fn in_runtime(work: impl Future<Output = Result<Exit>>) -> Result<Exit> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Usage { why: format!("No threads can be started: {error}.") })?
        .block_on(work)
}
