//! What the Organization page asks for, of 100,000 technicians in 10,000 groups, held against its
//! limit and against the same with 1,000 technicians. Server time, on both databases.

use std::{collections::BTreeMap, env, fs, path::Path};

use super::{
    Figure,
    native::{self, Kind},
};
use crate::{
    Outcome,
    command::{command, read},
    postgres::{self, Cluster},
    say,
};

const SHAPES: [&str; 4] = ["flat", "square", "deep", "one"];
const PEOPLE: [&str; 2] = ["1000", "100000"];
/// Milliseconds: of the 99th percentile; the bulk move has its own.
const LIMIT: f64 = 50.0;
const LIMIT_OF_MOVES: f64 = 1000.0;
/// From the smaller to the larger organization, and from rest to fifty sign-ins at once.
const GROWTH: f64 = 3.0;
const BESIDE: &str = "open-beside-sign-ins";

/// The median and the 99th percentile, by what was asked.
type Times = BTreeMap<String, (f64, f64)>;

pub fn bench() -> Outcome<Vec<Figure>> {
    native::build(&["operations"], &["organization"])?;
    let folder = env::temp_dir().join(format!("muster-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let figures = figures(&folder);
    fs::remove_dir_all(&folder)?;
    figures
}

fn figures(folder: &Path) -> Outcome<Vec<Figure>> {
    let cluster = Cluster::start()?;
    let mut figures = Vec::new();
    for kind in Kind::ALL {
        for shape in SHAPES {
            let [small, large] = PEOPLE.map(|people| {
                say::progress(&format!("  {}, {shape}, {people} technicians", kind.name()));
                times(folder, &cluster, kind, shape, people)
            });
            let (small, large) = (small?, large?);
            for (what, &(median, slowest)) in &large {
                let name = format!("organization-{}-{shape}-{what}", kind.name());
                let before = small.get(what).map_or(0.0, |it| it.0);
                let against = match what.as_str() {
                    BESIDE => (large.get("open").map_or(0.0, |it| it.1), "the same at rest"),
                    "move" => (LIMIT_OF_MOVES, "its limit"),
                    _ => (LIMIT, "its limit"),
                };
                figures.push(figure(format!("{name}-p99"), slowest, against));
                if what != BESIDE && what != "move" {
                    let against = (before, "the same with 1,000 technicians");
                    figures.push(figure(format!("{name}-median"), median, against));
                }
            }
        }
    }
    for figure in &figures {
        let limit = if figure.against.starts_with("the same") { GROWTH } else { 1.0 };
        if figure.ratio > limit {
            say::progress(&format!("{} is to be {limit} at most", figure.name));
        }
    }
    Ok(figures)
}

fn times(
    folder: &Path,
    cluster: &Cluster,
    kind: Kind,
    shape: &str,
    people: &str,
) -> Outcome<Times> {
    let url = native::database(folder, cluster, kind, &format!("{shape}_{people}"))?;
    native::run("organization", &["fill", &url, shape, people])?;
    if kind == Kind::Postgres {
        // What autovacuum does within the minute.
        postgres::sql(&url, "VACUUM ANALYZE")?;
    }
    // What the kernel does within the minute: it writes what was filled.
    read(&mut command("sync"))?;
    let printed = native::run("organization", &["measure", &url, shape, people])?;
    let mut times = Times::new();
    for line in printed.lines() {
        let mut words = line.split(' ');
        let name = words.next().unwrap_or_default().to_owned();
        let mut number = || words.next().unwrap_or_default().parse::<f64>();
        times.insert(name, (number()?, number()?));
    }
    Ok(times)
}

fn figure(name: String, value: f64, (than, what): (f64, &str)) -> Figure {
    let against = format!("{what}, {than} ms");
    Figure { name, value, unit: "ms".to_owned(), against, ratio: value / than }
}
