//! The whole check of an import in the real Chromium, against what others need only to parse; and a
//! million rows.

use super::Figure;
use crate::{
    Outcome,
    command::{command, read},
    npm, place,
    site::{self, Mode},
    test::end2end::chromium,
};

/// The script measures, and prints a figure a line.
pub fn bench() -> Outcome<Vec<Figure>> {
    npm::install()?;
    let mut node = command("node");
    node.arg("bench/import.mjs").arg(site::build(Mode::Release)?);
    node.current_dir(place::end2end()).env("MUSTER_CHROMIUM", chromium()?);
    read(&mut node)?.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}
