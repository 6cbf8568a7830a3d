//! What a directory of many people costs the server: the first run, from its first batch to all of it
//! written, and a run in which nothing has changed. Server time, on both databases.

use std::{env, fs, path::Path};

use serde::Deserialize;

use super::Figure;
use crate::bench::native::{self, Kind};
use crate::{Outcome, postgres::Cluster, say};

/// People, and the seconds that their first run and one without a change may take.
const LIMITS: [(&str, f64, Option<f64>); 2] = [("10000", 15.0, None), ("100000", 180.0, Some(2.0))];

/// What the example prints: its parts of a run by name.
#[derive(Deserialize)]
struct Part {
    name: String,
    seconds: f64,
}

pub fn figures() -> Outcome<Vec<Figure>> {
    native::build(&["operations"], &["directory"])?;
    let folder = env::temp_dir().join(format!("muster-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let figures = measure(&folder);
    fs::remove_dir_all(&folder)?;
    figures
}

fn measure(folder: &Path) -> Outcome<Vec<Figure>> {
    let cluster = Cluster::start()?;
    let mut figures = Vec::new();
    for kind in Kind::ALL {
        for (people, first, unchanged) in LIMITS {
            say::progress(&format!("  {}, {people} people", kind.name()));
            let url = native::database(folder, &cluster, kind, &format!("directory_{people}"))?;
            let parts = native::run("directory", &[&url, people])?;
            let parts =
                parts.lines().map(serde_json::from_str).collect::<Result<Vec<Part>, _>>()?;
            let seconds = |run: &str| -> f64 {
                let of_run = parts.iter().filter(|part| part.name.starts_with(run));
                of_run.map(|part| part.seconds).sum()
            };
            let figure = |what: &str, value: f64, limit: f64| Figure {
                name: format!("directory-server-{}-{what}-{people}", kind.name()),
                value,
                unit: "s".to_owned(),
                against: format!("the limit of {limit} s"),
                ratio: value / limit,
            };
            figures.push(figure("first-run", seconds("first run"), first));
            if let Some(limit) = unchanged {
                figures.push(figure("unchanged", seconds("nothing changed"), limit));
            }
        }
    }
    Ok(figures)
}
