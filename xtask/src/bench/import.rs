//! The whole check of an import in the real Chromium, against what others need only to parse.

use serde::Deserialize;

use super::Figure;
use crate::{
    Outcome,
    command::{command, read},
    npm, place,
    site::{self, Mode},
    test::chromium,
};

#[derive(Deserialize)]
struct Line {
    name: String,
    value: f64,
    unit: String,
    against: String,
    ratio: f64,
}

pub fn bench() -> Outcome<Vec<Figure>> {
    npm::install()?;
    let site = site::build(Mode::Release)?;
    let mut node = command("node");
    node.arg("bench/import.mjs").arg(site).current_dir(place::end2end());
    node.env("MUSTER_CHROMIUM", chromium()?);
    let printed = read(&mut node)?;
    let figure = |line: &str| {
        let Line { name, value, unit, against, ratio } = serde_json::from_str(line)?;
        Ok(Figure { name, value, unit, against, ratio })
    };
    printed.lines().map(figure).collect()
}
