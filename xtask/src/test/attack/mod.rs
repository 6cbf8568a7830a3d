//! `muster`, filled and served on this machine alone, under the tools that attackers begin with. What they
//! find is held against `xtask/attack/known.toml`, where each finding that is none stands with its reason.

mod bodies;
mod ffuf;
mod known;
mod slow;
mod sqlmap;
mod target;
mod tools;
mod wapiti;

use std::{env, fs, path::Path, time::Duration};

use self::{known::Known, target::Target, tools::Tools};
use super::Context;
use crate::{
    Outcome,
    bench::native::{self, Kind},
    build,
    postgres::Cluster,
    say,
};

/// What a tool says is wrong.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub tool: &'static str,
    /// In one line, without what differs from run to run.
    pub what: String,
}

/// A tool's name, and how it attacks.
type Attack = (&'static str, fn(&Tools, &Target) -> Outcome<Vec<Finding>>);

/// What is the same on every database.
const OF_SERVER: [Attack; 2] = [("slowhttptest", slow::attack), ("ffuf", ffuf::attack)];
/// The one that may leave locked accounts behind comes last.
const OF_DATABASE: [Attack; 2] = [("wapiti", wapiti::attack), ("sqlmap", sqlmap::attack)];

pub fn tests(_: &mut Context) -> Outcome {
    let tools = Tools::install()?;
    build::developed()?;
    let known = Known::read()?;
    let cluster = Cluster::start()?;
    let folder = env::temp_dir().join(format!("muster-attack-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let mut faults = Vec::new();
    for kind in Kind::ALL {
        say::result(&format!("  on {}", kind.name()));
        let folder = folder.join(kind.name());
        fs::create_dir_all(&folder)?;
        let url = native::database(&folder, &cluster, kind, "attacked")?;
        faults.extend(of_database(&tools, &known, kind, &url, &folder)?);
    }
    if faults.is_empty() {
        fs::remove_dir_all(&folder)?;
        return Ok(());
    }
    say::result(&format!("  what was said lies in {}", folder.display()));
    Err(faults.join("\n").into())
}

/// The tools, one after the other; what is wrong.
fn of_database(
    tools: &Tools,
    known: &Known,
    kind: Kind,
    url: &str,
    folder: &Path,
) -> Outcome<Vec<String>> {
    let target = Target::serve(kind, url, folder)?;
    let mut faults = Vec::new();
    let of_server = OF_SERVER.iter().filter(|_| kind == Kind::Sqlite);
    for (name, attack) in of_server.chain(&OF_DATABASE) {
        let (found, took) = say::timed(|| attack(tools, &target));
        let mut found = found.map_err(|error| format!("{name}: {error}"))?;
        found.sort();
        found.dedup();
        let (none, new): (Vec<_>, Vec<_>) = found.into_iter().partition(|it| known.is_none(it));
        say::result(&format!(
            "  {name}: {} findings, {} of them known to be none, in {}",
            none.len() + new.len(),
            none.len(),
            say::seconds(took)
        ));
        let place = |finding: &Finding| format!("{}, {name}: {}", kind.name(), finding.what);
        faults.extend(new.iter().map(place));
        if !target.answers(Duration::from_mins(1)) {
            faults.push(format!("{}: the server doesn't answer after {name}", kind.name()));
            break;
        }
        if !target.is_signed_in() {
            faults.push(format!("{}: the session ended during {name}", kind.name()));
            break;
        }
    }
    faults
        .extend(target.failures()?.into_iter().map(|line| format!("{}, log: {line}", kind.name())));
    Ok(faults)
}
