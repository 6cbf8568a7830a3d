//! Formatting, and clippy over both sides of the workspace.

use crate::{
    Outcome,
    command::{cargo, show},
    machine,
};

pub fn formatting() -> Outcome {
    show(&mut cargo(&["fmt", "--all", "--check"]))
        .map_err(|error| format!("{error}; `cargo fmt` puts it right").into())
}

pub fn host() -> Outcome {
    clippy(&[
        "--workspace",
        "--exclude",
        "frontend",
        "--exclude",
        "import-worker",
        "--all-targets",
        "--features",
        "app/ssr",
    ])
}

pub fn browser() -> Outcome {
    machine::wasm_target()?;
    clippy(&["-p", "frontend", "-p", "import-worker", "--target", "wasm32-unknown-unknown"])
}

fn clippy(what: &[&str]) -> Outcome {
    show(cargo(&["clippy"]).args(what).args(["--", "-D", "warnings"]))
}
