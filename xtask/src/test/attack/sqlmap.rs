//! Every server function and every address with something to fill in, under statements of SQL (sqlmap), with
//! the session of who may do most. What it takes for injectable is a finding.

use std::{fmt::Write as _, fs, path::Path, time::Duration};

use super::{
    Finding,
    bodies::Bodies,
    target::Target,
    tools::{Tools, bounded},
};
use crate::{Outcome, bench::native::Kind, say};

/// What would end the session that attacks, or make the attack one on a locked account.
const LEFT_OUT: [&str; 10] = [
    "change_password",
    "session_end",
    "sessions_end",
    "set_up",
    "sign_out",
    "technician_session_end",
    "technician_sessions_end",
    "two_step_begin",
    "two_step_codes",
    "two_step_end",
];

/// Identifiers in addresses, and the filters of lists.
const PLACES: [(&str, &str); 3] = [("{id}", "2*"), ("{number}", "0*"), ("{system}", "linux*")];
const QUERIES: [&str; 3] = [
    "/organization?find=Tess*",
    "/api/audit.csv?who=Tess*&action=a*",
    "/settings/directory/runs?page=1*",
];

/// The note of a place that differed by chance: sqlmap asked again with statements that are always and never
/// true, and both were answered alike.
const TAKEN_BACK: &str = "false positive or unexploitable";

pub fn attack(_: &Tools, target: &Target) -> Outcome<Vec<Finding>> {
    let requests = target.folder.join("requests");
    fs::write(&requests, list(target)?)?;
    let results = target.folder.join("sqlmap.csv");
    let database = match target.kind {
        Kind::Sqlite => "SQLite",
        Kind::Postgres => "PostgreSQL",
    };
    let limit = Duration::from_mins(5);
    bounded(Path::new("sqlmap"), limit, &target.folder.join("sqlmap"), |tool| {
        tool.arg("-l").arg(&requests).arg("--results-file").arg(&results);
        tool.arg("--output-dir").arg(target.folder.join("sqlmap-output"));
        // A standard input that is no terminal would be taken for the list.
        tool.args([
            "--batch",
            "--ignore-stdin",
            "--flush-session",
            "--skip-waf",
            "--drop-set-cookie",
        ]);
        tool.args(["--dbms", database, "--technique=BEU", "--level=1", "--risk=1"]);
        tool.args(["--timeout=10", "--retries=0", "--ignore-code=*", "--threads=4"]);
    })?;
    let mut found = Vec::new();
    let results = fs::read_to_string(&results).unwrap_or_default();
    let counts = |line: &&str| !line.trim().is_empty() && !line.contains(TAKEN_BACK);
    for line in results.lines().skip(1).filter(counts) {
        let mut columns = line.split(',');
        let (url, place) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        let what = format!(
            "{} {place} {}",
            url.replace(&target.origin, ""),
            columns.next().unwrap_or_default()
        );
        if !columns.next().unwrap_or_default().is_empty() {
            found.push(Finding { tool: "sqlmap", what });
        }
    }
    Ok(found)
}

/// As a proxy would have written them down.
fn list(target: &Target) -> Outcome<String> {
    let bodies = Bodies::read()?;
    let host = target.origin.trim_start_matches("http://");
    let mut list = String::new();
    let mut written = 0;
    let mut add = |method: &str, path: &str, body: Option<(&str, String)>| -> Outcome {
        let line = "======================================================";
        write!(list, "{line}\n10:00:00 AM  {}\n{line}\n", target.origin)?;
        write!(list, "{method} {path} HTTP/1.1\nHost: {host}\nCookie: {}\n", target.cookie)?;
        if let Some((kind, body)) = body {
            write!(list, "Content-Type: {kind}\nContent-Length: {}\n\n{body}\n", body.len())?;
        } else {
            list.push('\n');
        }
        writeln!(list, "{line}\n")?;
        written += 1;
        Ok(())
    };
    for path in QUERIES {
        add("GET", path, None)?;
    }
    for path in Target::addresses("GET")?.iter().filter(|path| path.contains('{')) {
        let path =
            PLACES.iter().fold(path.clone(), |path, (name, value)| path.replace(name, value));
        add("GET", &path, None)?;
    }
    for path in Target::addresses("POST")? {
        let Some(name) = path.strip_prefix("/api/fn/") else { continue };
        if !LEFT_OUT.contains(&name) {
            add("POST", &path, bodies.of(name))?;
        }
    }
    say::result(&format!("  sqlmap: {written} requests to vary"));
    Ok(list)
}
