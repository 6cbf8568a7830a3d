//! The tool chain of Muster. `main` reads the command and hands it to its module; nothing is built here.

mod bench;
mod build;
mod command;
mod machine;
mod npm;
mod place;
mod postgres;
mod pypi;
mod run;
mod say;
mod sbom;
mod site;
mod test;
mod watch;

use std::{error::Error, process::ExitCode};

use clap::{Parser, Subcommand};

/// What a step of the tool chain returns; an error is a sentence for the person at the terminal.
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Builds, runs and tests Muster. Each command sets up what it needs."
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds what has changed and serves on <http://127.0.0.1:3000>
    Run {
        /// Arguments for `muster serve`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Builds the release: one program with the assets inside, and the list of what it is made of
    Build,
    /// Like `run`, and builds and restarts whenever a file changes
    Watch {
        /// Arguments for `muster serve`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Runs every check and test, or the suites that are named
    Test {
        suites: Vec<test::Suite>,
        /// Arguments for the test runner of a single suite (`rust` or `end2end`)
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Runs the benchmarks, one JSON line each
    Bench {
        /// The ones whose name begins like this
        name: Option<String>,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Run { arguments } => run::run(&arguments),
        Task::Build => build::build(),
        Task::Watch { arguments } => watch::watch(&arguments),
        Task::Test { suites, arguments } => test::test(&suites, &arguments),
        Task::Bench { name } => bench::bench(name.as_deref().unwrap_or_default()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::progress(&format!("\nerror: {error}"));
            ExitCode::FAILURE
        }
    }
}
