//! The `muster` program: the server and the command line, both by the same operations.

mod arguments;
mod assets;
mod commands;
mod configuration;
mod failure;
mod log;
mod program;
mod routes;
mod say;
mod serve;

use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use mimalloc::MiMalloc;

use arguments::{Arguments, Command, Key};
use configuration::{Configuration, Log};
use failure::{Failure, Result};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // Whatever file is made from here on is its owner's alone.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let matches = Arguments::command().get_matches();
    let result = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => run(arguments, &matches),
        Err(error) => error.exit(),
    };
    result.unwrap_or_else(Failure::report)
}

fn run(arguments: Arguments, matches: &ArgMatches) -> Result<ExitCode> {
    let common = &arguments.common;
    let own_matches = matches.subcommand().map_or(matches, |(_, matches)| matches);
    if !matches!(arguments.command, Command::Serve(_)) {
        log::start(Log::COMMAND);
    }
    let database = || configuration::database(common, own_matches);
    match arguments.command {
        Command::Serve(serve) => {
            let configuration = Configuration::read(common, &serve, own_matches)?;
            log::start(configuration.log);
            in_runtime(serve::serve(configuration))
        }
        Command::Check(check) => commands::check::run(&check),
        Command::Directory { verb } => in_runtime(commands::directory::run(database()?, verb)),
        Command::Setup(setup) => in_runtime(commands::setup::run(database()?, setup)),
        Command::Holder { verb } => in_runtime(commands::holder::run(database()?, verb)),
        Command::Import(import) => {
            let database = database()?;
            in_runtime(commands::import::run(database, import))
        }
        Command::Export(export) => in_runtime(commands::export::run(database()?, export)),
        Command::Group { verb } => in_runtime(commands::group::run(database()?, verb)),
        Command::Audit { verb } => in_runtime(commands::audit::run(database()?, verb)),
        Command::Key { verb: Key::New { file } } => commands::key::make(&file),
        Command::Key { verb: Key::Rotate } => in_runtime(commands::key::rotate(database()?)),
        Command::Key { verb: Key::Replace { yes, .. } } => {
            in_runtime(commands::key::replace(database()?, yes))
        }
        Command::Restore(wish) => in_runtime(commands::restore::run(database()?, wish)),
        Command::Verify(wish) => in_runtime(commands::verify::run(database()?, wish)),
        Command::Move(wish) => {
            let moving = configuration::moving(common, &wish, own_matches)?;
            in_runtime(commands::move_database::run(moving))
        }
        Command::Backup { to } => in_runtime(commands::backup::run(database()?, to)),
    }
}

fn in_runtime(work: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("No threads can be started: {error}.")))?
        .block_on(work)
}
