//! The tests in a real browser: TypeScript checked, then Playwright. They find in the environment:
//! `MUSTER_PROGRAM`, `MUSTER_CHROMIUM`, `MUSTER_TEST_POSTGRES` and, if the program is the one that is
//! shipped, `MUSTER_TEST_SHIPPED`; `MUSTER_BENCH`, if they only measure.

use std::{path::PathBuf, process::Command};

use super::Context;
use crate::{
    Outcome, build,
    command::{read, show},
    machine, npm, place, say,
};

/// Names are Chinese and Japanese too, and the screenshots show them.
const FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

/// All of them, over the debug build.
pub fn tests(context: &mut Context) -> Outcome {
    prepare()?;
    build::developed()?;
    let mut playwright = playwright("debug")?;
    playwright.args(context.arguments).env("MUSTER_TEST_POSTGRES", context.postgres()?);
    show(&mut playwright)
}

/// A few of them, over the program as it is shipped.
pub fn shipped(_: &mut Context) -> Outcome {
    prepare()?;
    show(playwright("release")?.env("MUSTER_TEST_SHIPPED", "1"))
}

/// What is measured on pages of the program as it is shipped: what Playwright printed.
pub fn measured() -> Outcome<String> {
    prepare()?;
    read(playwright("release")?.env("MUSTER_BENCH", "1"))
}

fn prepare() -> Outcome {
    if !place::end2end().join("playwright.config.ts").is_file() {
        return Err("end2end/playwright.config.ts is missing".into());
    }
    npm::install()?;
    if place::end2end().join("tsconfig.json").is_file() {
        say::loud("checking the types of the tests", || show(npm::tool("tsc").arg("--noEmit")))?;
    }
    Ok(())
}

fn playwright(profile: &str) -> Outcome<Command> {
    let mut playwright = npm::tool("playwright");
    playwright.arg("test").env("MUSTER_CHROMIUM", chromium()?);
    playwright.env("MUSTER_PROGRAM", place::muster(profile)?);
    Ok(playwright)
}

pub fn chromium() -> Outcome<PathBuf> {
    let find =
        || ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(machine::find);
    if find().is_none() || (machine::is_root() && !PathBuf::from(FONT).exists()) {
        machine::install(&["chromium", "fonts-noto-cjk"], "Testing in a browser")?;
    }
    find().ok_or_else(|| "chromium is installed, but not on PATH".into())
}
