//! The commands apart from the import: what they print and how they end.

use super::support::{EMAIL, PASSWORD, Place, json_lines, text};

#[test]
fn setup_makes_the_holder_once() {
    let place = Place::new();
    let arguments = ["setup", "--name", "Ada", "--email", EMAIL, "--password-stdin"];
    let output = place.run_with(&arguments, format!("{PASSWORD}\n").as_bytes());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let server = place.serve();
    server.sign_in();
    let output = place.run_with(&arguments, PASSWORD.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "muster: Muster is set up already. Sign in instead.\n");
}

#[test]
fn setup_refuses_what_the_web_would_refuse() {
    let place = Place::new();
    let arguments = ["setup", "--name", "Ada", "--email", "ada", "--password-stdin"];
    let output = place.run_with(&arguments, b"weak");
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("shorter than 8 characters"), "{said}");
    assert!(!said.contains("weak"), "never the password: {said}");
    assert_eq!(place.run_with(&arguments, b"").status.code(), Some(2));
}

#[test]
fn groups_are_made_by_path_and_listed() {
    let place = Place::set_up();
    let id = place.ok(&["group", "add", "Support/Tier 1"]);
    let again = place.ok(&["group", "add", "/technicians/support/ tier 1/"]);
    assert_eq!(id, again, "what is there is found, whatever its case");
    let made = json_lines(place.ok(&["group", "add", "Support/Tier 2", "--json"]).as_bytes());
    assert_eq!(made[0]["path"], "Support/Tier 2");

    let listed = json_lines(place.ok(&["group", "list", "--json"]).as_bytes());
    let paths: Vec<_> = listed.iter().map(|line| line["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["Technicians", "Support", "Support/Tier 1", "Support/Tier 2"]);
    assert_eq!(listed[2]["id"].to_string(), id.trim());
    let table = place.ok(&["group", "list"]);
    assert!(table.starts_with("ID"), "{table}");
    assert_eq!(table.lines().count(), 5);

    let output = place.run(&["group", "add", "a//b"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "muster: A Technician Group needs a name.\n");
}

#[test]
fn a_backup_opens_and_overwrites_nothing() {
    let place = Place::set_up();
    place.ok(&["group", "add", "Support"]);
    let _server = place.serve();
    place.ok(&["backup", "copy.db"]);
    let listed = place.ok(&["group", "list", "--json", "--database", "sqlite:copy.db"]);
    assert!(listed.contains("\"Support\""), "{listed}");
    let output = place.run(&["backup", "copy.db"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("copy.db"), "{}", text(&output.stderr));
}

#[test]
fn the_audit_trail_is_verified() {
    let place = Place::set_up();
    let said = place.ok(&["audit", "verify"]);
    assert!(said.starts_with("The audit trail is whole: 1 entries hold."), "{said}");
    let line = json_lines(place.ok(&["audit", "verify", "--json"]).as_bytes()).remove(0);
    assert_eq!((&line["whole"], &line["last"]), (&true.into(), &1.into()));
    let output = place.run(&["audit", "verify", "--database", "sqlite:/nowhere/muster.db"]);
    assert_eq!(output.status.code(), Some(2));
}
