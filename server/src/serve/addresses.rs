//! Every address that there is and the use cases behind it, in one table that people can read:
//! `addresses.txt`. Who may use a use case stands in the table of `operations`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use leptos_axum::generate_route_list;

/// Files that hold addresses or what they call.
struct Source {
    path: PathBuf,
    text: String,
}

fn sources(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push(Source { path, text });
        }
    }
}

fn read(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    found
}

/// `groups::see` for each call of a use case: its first argument is the use cases' world.
fn use_cases(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let calls = text.match_indices('(').filter(|(at, _)| {
        let arguments = text[at + 1..].trim_start();
        ["&operations,", "operations,", "&ask.operations,"]
            .iter()
            .any(|it| arguments.starts_with(it))
    });
    for (at, _) in calls {
        let name =
            text[..at].rsplit(|it: char| !it.is_alphanumeric() && it != '_' && it != ':').next();
        let mut steps = name.unwrap_or_default().rsplit("::");
        if let (Some(function), Some(module)) = (steps.next(), steps.next()) {
            found.insert([module, function].join("::"));
        }
    }
    found
}

/// The body of the function that begins here.
fn body(text: &str) -> &str {
    text.split_once("\n}\n").map_or(text, |(body, _)| body)
}

fn function<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let at = text.find(&["async fn ", name, "("].concat())?;
    Some(body(&text[at..]))
}

/// What a function of `app` calls; a helper beside it is looked into.
fn behind(source: &Source, text: &str) -> BTreeSet<String> {
    let mut found = use_cases(text);
    for helper in text.split("super::").skip(1) {
        let Some((file, rest)) = helper.split_once("::") else { continue };
        let beside = source.path.with_file_name(file).with_extension("rs");
        if rest.contains('(')
            && let Ok(text) = fs::read_to_string(beside)
        {
            found.remove(&[file, rest.split('(').next().unwrap_or_default()].join("::"));
            found.extend(use_cases(&text).into_iter().filter(|it| it.contains("s::")));
        }
    }
    found
}

fn functions() -> Vec<(String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for source in read("../app/src") {
        for function in source.text.split("#[server(prefix").skip(1) {
            let endpoint = function.split_once("endpoint = \"").and_then(|it| it.1.split_once('"'));
            let (name, _) = endpoint.expect("a server function names its endpoint");
            let rest = &function[function.find("pub async fn ").unwrap()..];
            found.push((["/api/fn/", name].concat(), behind(&source, body(rest))));
        }
    }
    found
}

fn routes() -> Vec<(String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for source in read("src/routes") {
        for route in source.text.split(".route(\"").skip(1) {
            let (path, rest) = route.split_once("\", ").unwrap();
            let (method, handler) = rest.split_once('(').unwrap();
            let handler = handler.split(')').next().unwrap();
            let handler = function(&source.text, handler).unwrap_or_default();
            // What several handlers have in common takes their `ask`.
            let common =
                handler.split_once("(ask, ").and_then(|(before, _)| before.rsplit(' ').next());
            let common = common.and_then(|name| function(&source.text, name)).unwrap_or_default();
            let label = [&method.to_uppercase(), " ", path].concat();
            found.push((label, &use_cases(handler) | &use_cases(common)));
        }
    }
    found
}

fn line(address: &str, calls: &BTreeSet<String>) -> String {
    let calls: Vec<&str> = calls.iter().map(String::as_str).collect();
    let calls = if calls.is_empty() { "no use case".to_owned() } else { calls.join(", ") };
    format!("{address:<50} {calls}\n")
}

/// `UPDATE_EXPECT=1` writes the table anew, for somebody to read.
#[test]
fn every_address_stands_in_the_table_with_the_use_cases_behind_it() {
    let functions = functions();
    let known: BTreeSet<&str> = server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let read: BTreeSet<&str> = functions.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(read, known, "server functions as they are read and as they are registered");
    let pages = generate_route_list(app::App);
    let mut lines: Vec<String> =
        pages.iter().map(|page| format!("GET {:<46} a page\n", page.path())).collect();
    lines.extend(functions.iter().map(|(path, calls)| line(&["POST ", path].concat(), calls)));
    lines.extend(routes().iter().map(|(path, calls)| line(path, calls)));
    lines.sort();
    expect_file!["addresses.txt"].assert_eq(&lines.concat());
}
