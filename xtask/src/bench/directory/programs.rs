//! `muster` and `muster-sync` as they are shipped: beside Samba's controller, and beside the tests' own
//! directory where Samba can't hold so many people. The tests of `directory-sync` that are called
//! `figures` do it.

use serde::Deserialize;

use super::Figure;
use crate::{
    Outcome, build,
    command::{cargo, read},
    place, say,
    test::directory,
};

/// What is measured, its unit, and the most that it may be.
const LIMITS: [(&str, &str, f64); 5] = [
    ("first-run-10000", "s", 15.0),
    // In groups twenty deep.
    ("first-run-deep-10000", "s", 15.0),
    ("first-run-100000", "s", 180.0),
    ("memory-100000", "MB", 300.0),
    ("signed-out", "s", 5.0),
];

/// Times of `ldapsearch`, which reads the same.
const READING: f64 = 1.5;

/// What the tests print.
#[derive(Deserialize)]
struct Line {
    name: String,
    value: f64,
    ldapsearch: Option<f64>,
}

pub fn figures() -> Outcome<Vec<Figure>> {
    directory::controller()?;
    build::shipped()?;
    let mut lines = lines("played")?;
    lines.extend(self::lines("directory")?);
    Ok(lines.iter().filter_map(figure).collect())
}

fn lines(suite: &str) -> Outcome<Vec<Line>> {
    let muster = place::muster("release")?;
    let mut tests = cargo(&["test", "--release", "-p", "directory-sync", "--test", suite]);
    tests
        .args(["--", "figures::", "--nocapture", "--test-threads=1"])
        .env("MUSTER_TEST_FIGURES", &muster)
        .env("MUSTER_TEST_MUSTER", &muster)
        .env("MUSTER_TEST_SAMBA", "1");
    let said = say::loud(&format!("measuring, {suite}"), || read(&mut tests))?;
    // The first one stands behind the test's name.
    let lines = said.lines().filter_map(|line| line.find('{').map(|at| &line[at..]));
    Ok(lines.map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn figure(line: &Line) -> Option<Figure> {
    let name = format!("directory-{}", line.name);
    if let Some(other) = line.ldapsearch {
        return Some(Figure {
            name,
            value: line.value,
            unit: "s".to_owned(),
            against: format!("{READING} times what ldapsearch takes for the same, {other} s"),
            ratio: line.value / (READING * other),
        });
    }
    let (_, unit, limit) = LIMITS.into_iter().find(|(known, ..)| *known == line.name)?;
    Some(Figure {
        name,
        value: line.value,
        unit: unit.to_owned(),
        against: format!("the limit of {limit} {unit}"),
        ratio: line.value / limit,
    })
}
