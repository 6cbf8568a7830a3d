//! `cargo xtask bench`: each benchmark is a function in a file of its own here and a line in `BENCHES`.

mod directory;
pub mod first_load;
mod import_browser;
mod import_native;
mod import_page;
pub mod native;
mod organization;

use serde::{Deserialize, Serialize};

use crate::{Outcome, say};

/// What was measured, and what it is held against: a limit, or the same work done by another.
#[derive(Serialize, Deserialize)]
pub struct Figure {
    pub name: String,
    pub value: f64,
    pub unit: String,
    /// What `ratio` compares with, in words.
    pub against: String,
    /// The value over that it is held against.
    pub ratio: f64,
}

type Bench = fn() -> Outcome<Vec<Figure>>;

const BENCHES: &[(&str, Bench)] = &[
    ("directory", directory::bench),
    ("first-load", first_load::bench),
    ("import-browser", import_browser::bench),
    ("import-native", import_native::bench),
    ("import-page", import_page::bench),
    ("organization", organization::bench),
];

pub fn bench(name: &str) -> Outcome {
    let chosen: Vec<Bench> = BENCHES
        .iter()
        .filter(|(known, _)| known.starts_with(name))
        .map(|(_, bench)| *bench)
        .collect();
    if chosen.is_empty() {
        let known = BENCHES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        return Err(format!("no benchmark is called {name}; there are: {known}").into());
    }
    for bench in chosen {
        for figure in bench()? {
            say::result(&serde_json::to_string(&figure)?);
        }
    }
    Ok(())
}
