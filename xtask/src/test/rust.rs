//! The tests of the crates that run on this machine. Those of `store` and `operations` use `SQLite` and, by
//! `MUSTER_TEST_POSTGRES`, `PostgreSQL`, where each makes a database of its own.

use super::Context;
use crate::{
    Outcome,
    command::{cargo, show},
    machine, place,
};

const CRATES: [&str; 7] =
    ["--workspace", "--exclude", "frontend", "--exclude", "import-worker", "--exclude", "xtask"];

pub fn tests(context: &mut Context) -> Outcome {
    // The server is compiled for its tests as for those in the browser.
    std::fs::create_dir_all(place::site())?;
    let nextest = machine::find("cargo-nextest").is_some();
    let runner: &[&str] = if nextest { &["nextest", "run"] } else { &["test", "--all-targets"] };
    let mut tests = cargo(runner);
    tests.args(CRATES).env("MUSTER_TEST_POSTGRES", context.postgres()?);
    if !nextest {
        tests.arg("--");
    }
    show(tests.args(context.arguments))
}

pub fn examples() -> Outcome {
    show(cargo(&["test", "--doc"]).args(CRATES))
}

/// Apart from the others: built together with them, xtask would have cargo build half of them twice.
pub fn tool_chain() -> Outcome {
    show(&mut cargo(&["test", "-p", "xtask"]))
}
