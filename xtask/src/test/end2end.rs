//! The tests in a real browser: TypeScript checked, then Playwright over the debug build. They find in the
//! environment: `MUSTER_PROGRAM`, `MUSTER_CHROMIUM` and `MUSTER_TEST_POSTGRES`.

use std::{path::PathBuf, process::Command};

use super::Context;
use crate::{
    Outcome,
    command::{cargo, show},
    machine, npm, place, say,
};

/// Names are Chinese and Japanese too, and the screenshots show them.
const FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

pub fn tests(context: &mut Context) -> Outcome {
    if !place::end2end().join("playwright.config.ts").is_file() {
        return Err("end2end/playwright.config.ts is missing".into());
    }
    let chromium = chromium()?;
    npm::install()?;
    say::loud("compiling the server", || show(&mut cargo(&["build", "-p", "server"])))?;
    if place::end2end().join("tsconfig.json").is_file() {
        say::loud("checking the types of the tests", || show(npm::tool("tsc").arg("--noEmit")))?;
    }
    let mut playwright: Command = npm::tool("playwright");
    playwright.arg("test").args(context.arguments);
    playwright.env("MUSTER_PROGRAM", place::muster("debug")?).env("MUSTER_CHROMIUM", chromium);
    playwright.env("MUSTER_TEST_POSTGRES", context.postgres()?);
    show(&mut playwright)
}

fn chromium() -> Outcome<PathBuf> {
    let find =
        || ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(machine::find);
    if find().is_none() || (machine::is_root() && !PathBuf::from(FONT).exists()) {
        machine::install(&["chromium", "fonts-noto-cjk"], "Testing in a browser")?;
    }
    find().ok_or_else(|| "chromium is installed, but not on PATH".into())
}
