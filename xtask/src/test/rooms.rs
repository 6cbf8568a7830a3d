//! The rooms of the design hold: arrows between crates point one way, and SQL lives in `store` alone.
//! Also: no lint is silenced by `allow`; files that have grown too long are named, which is no failure.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    Outcome,
    command::{cargo, read},
    place, say,
};

/// Whom each room may know.
const ARROWS: [(&str, &[&str]); 9] = [
    ("roster", &[]),
    ("store", &["roster"]),
    ("operations", &["roster", "store"]),
    ("app", &["operations", "roster"]),
    ("frontend", &["app", "roster"]),
    ("import-worker", &["roster"]),
    ("server", &["app", "operations", "roster"]),
    ("directory-sync", &["roster"]),
    ("xtask", &[]),
];

/// What only a statement to a database looks like.
const SQL: [&str; 6] =
    ["sqlx::", "INSERT INTO ", "DELETE FROM ", "CREATE TABLE ", "SELECT * FROM", "SELECT COUNT("];

const LONG: usize = 400;

pub fn check() -> Outcome {
    let mut faults = arrows()?;
    let mut long = Vec::new();
    for (room, _) in ARROWS {
        for file in sources(&place::root().join(room).join("src"))? {
            let text = fs::read_to_string(&file)?;
            let name = file.strip_prefix(place::root())?.display().to_string();
            faults.extend(
                text_faults(room, &text).into_iter().map(|fault| format!("{name}: {fault}")),
            );
            let lines = text.lines().count();
            if lines > LONG {
                long.push(format!("{name} ({lines} lines)"));
            }
        }
    }
    if !long.is_empty() {
        say::result(&format!("  longer than {LONG} lines: {}", long.join(", ")));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

fn arrows() -> Outcome<Vec<String>> {
    let metadata = read(&mut cargo(&["metadata", "--format-version=1", "--no-deps"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let mut faults = Vec::new();
    for package in metadata["packages"].as_array().ok_or("cargo metadata without packages")? {
        let room = text(&package["name"]);
        let Some((_, may)) = ARROWS.iter().find(|(known, _)| *known == room) else {
            faults.push(format!("{room} is no room of the design"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let name = text(&dependency["name"]);
            let shipped = text(&dependency["kind"]) != "dev";
            let is_room = ARROWS.iter().any(|(known, _)| *known == name);
            if shipped && is_room && !may.contains(&name) {
                faults.push(format!("{room} must not depend on {name}"));
            }
            if room == "app" && name == "operations" && dependency["optional"] != true {
                faults.push(String::from("app depends on operations in the browser too"));
            }
            if name == "sqlx" && room != "store" {
                faults.push(format!("{room} must not depend on sqlx: SQL lives in store"));
            }
        }
    }
    Ok(faults)
}

fn text_faults(room: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        // xtask names what it looks for.
        if room != "store" && room != "xtask" && SQL.iter().any(|word| text.contains(word)) {
            faults.push(format!("line {line}: SQL lives in store alone"));
        }
        let attribute = text.trim_start();
        if attribute.starts_with("#[allow(") || attribute.starts_with("#![allow(") {
            faults.push(format!("line {line}: say #[expect] with a reason, not allow"));
        }
    }
    faults
}

/// The Rust files below a folder; a room that isn't built yet has none.
pub fn sources(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_outside_the_store_and_silenced_lints_are_faults() {
        for (room, line, faults) in [
            ("operations", "sqlx::query(text)", 1),
            ("store", "sqlx::query(text)", 0),
            ("roster", "    #[allow(unused)]", 1),
            ("server", "#[allow_missing = true]", 0),
            ("app", "#[expect(unused, reason = \"later\")]", 0),
        ] {
            assert_eq!(text_faults(room, line).len(), faults, "{room}: {line}");
        }
    }
}
