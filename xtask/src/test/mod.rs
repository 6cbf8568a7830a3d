//! `cargo xtask test`: every check and test as a list of steps. A step that fails doesn't keep the others
//! from running; the table at the end says how each one went and how long it took.

mod attack;
mod dependencies;
pub mod directory;
pub mod end2end;
mod lint;
mod production;
mod rooms;
mod rust;
mod size;

use std::{env, ffi::OsString, time::Duration};

use clap::ValueEnum;

use crate::{
    Outcome, build,
    postgres::Cluster,
    say,
    site::{self, Mode},
};

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Suite {
    /// Formatting and clippy, for both sides; others' crates
    Lint,
    /// Who may depend on whom, and where SQL lives
    Rooms,
    /// The tests of the crates, on both databases
    Rust,
    /// Directory synchronization, against a real domain controller
    Directory,
    /// The program for Windows against it, under Wine; only where it is asked for
    Windows,
    /// The tools that attackers begin with, against a filled server; only where it is asked for
    Attack,
    /// Failover, several servers, few connections, full disks; only where it is asked for
    Production,
    /// What the browser loads at first
    Size,
    /// The program as it is shipped, in a real browser
    Release,
    /// The tests in a real browser
    End2end,
}

/// What the steps share.
pub struct Context<'a> {
    /// For the runner of the suite, from the command line.
    arguments: &'a [String],
    cluster: Option<Cluster>,
}

impl Context<'_> {
    /// The URL of a `PostgreSQL` that the tests may fill: the one that is given, or one of our own.
    fn postgres(&mut self) -> Outcome<OsString> {
        if let Some(given) = env::var_os("MUSTER_TEST_POSTGRES") {
            return Ok(given);
        }
        let cluster = match self.cluster.take() {
            Some(cluster) => cluster,
            None => Cluster::start()?,
        };
        Ok(self.cluster.insert(cluster).url.clone().into())
    }
}

type Step = (Suite, &'static str, fn(&mut Context) -> Outcome);

/// What is quick to fail comes first.
const STEPS: [Step; 17] = [
    (Suite::Lint, "formatting", |_| lint::formatting()),
    (Suite::Rooms, "rooms", |_| rooms::check()),
    (Suite::Lint, "clippy", |_| lint::host()),
    (Suite::Lint, "clippy for the browser", |_| lint::browser()),
    (Suite::Lint, "crates of others", |_| dependencies::check()),
    (Suite::Rust, "tests of the crates", rust::tests),
    (Suite::Rust, "examples in the documentation", |_| rust::examples()),
    (Suite::Rust, "tests of the tool chain", |_| rust::tool_chain()),
    (Suite::Directory, "tests in a real directory", directory::tests),
    (Suite::Windows, "program for Windows", directory::windows),
    (Suite::Attack, "attack on a filled server", attack::tests),
    (Suite::Production, "production", production::tests),
    (Suite::Size, "size of the first load", |_| size::check()),
    (Suite::Release, "program as it is shipped", |_| build::shipped()),
    (Suite::Release, "tests of it in the browser", end2end::shipped),
    (Suite::End2end, "debug site", |_| site::publish(Mode::Debug)),
    (Suite::End2end, "tests in the browser", end2end::tests),
];

struct Done {
    name: &'static str,
    took: Duration,
    failure: Option<String>,
}

pub fn test(suites: &[Suite], arguments: &[String]) -> Outcome {
    let apart = [Suite::Windows, Suite::Attack, Suite::Production];
    let chosen = |suite| suites.contains(&suite) || (suites.is_empty() && !apart.contains(&suite));
    let mut context = Context { arguments, cluster: None };
    let mut done = Vec::new();
    for (_, name, step) in STEPS.into_iter().filter(|(suite, ..)| chosen(*suite)) {
        say::progress(&format!("\n{name}"));
        let (outcome, took) = say::timed(|| step(&mut context));
        let failure = outcome.err().map(|error| error.to_string());
        if let Some(failure) = &failure {
            say::progress(&format!("error: {failure}"));
        }
        done.push(Done { name, took, failure });
    }
    drop(context);
    report(&done)
}

fn report(done: &[Done]) -> Outcome {
    let mut slowest: Vec<&Done> = done.iter().collect();
    slowest.sort_by_key(|step| std::cmp::Reverse(step.took));
    slowest.truncate(5);

    say::result("");
    for step in done {
        let mark = if step.failure.is_none() { "passed" } else { "FAILED" };
        say::result(&format!("  {mark}  {:>8}  {}", say::seconds(step.took), step.name));
    }
    let total: Duration = done.iter().map(|step| step.took).sum();
    say::result(&format!("          {:>8}  in all; slowest first:", say::seconds(total)));
    for step in slowest {
        say::result(&format!("          {:>8}  {}", say::seconds(step.took), step.name));
    }
    for step in done {
        if let Some(failure) = step.failure.as_deref().and_then(|failure| failure.lines().next()) {
            say::result(&format!("\n{} failed: {failure}", step.name));
        }
    }
    let failed = done.iter().filter(|step| step.failure.is_some()).count();
    say::result(&format!("\n{} passed, {failed} failed", done.len() - failed));
    if failed == 0 { Ok(()) } else { Err("not everything passed".into()) }
}
