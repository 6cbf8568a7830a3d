//! `muster move`, `restore` and `verify`, and what reads a database that can't be written.

use super::support::{Place, json_lines, text};

const FILE: &str =
    "Name,Email,Technician Group ID\nZoë,zoe@x.example,1002\nBob,bob@x.example,1002\n";

fn filled() -> Place {
    let place = Place::set_up();
    place.ok(&["group", "add", "Europe/Tier 1"]);
    place.write("people.csv", FILE);
    place.run(&["import", "people.csv"]);
    place
}

#[test]
fn a_database_is_moved_and_used_with_the_same_key_file() {
    let place = filled();
    let moving = ["move", "--from", "sqlite:muster.db", "--to", "sqlite:new.db"];
    let said = place.ok(&moving);
    assert!(said.contains("accounts"), "{said}");
    assert!(said.contains("same key file: give --key-file muster.key"), "{said}");
    let new = ["--database", "sqlite:new.db", "--key-file", "muster.key"];
    let whole = place.ok(&[&["verify"], &new[..]].concat());
    assert!(whole.contains("The audit trail is whole"), "{whole}");
    let groups = |more: &[&str]| place.ok(&[&["group", "list", "--json"], more].concat());
    assert_eq!(groups(&[]), groups(&new));
    let people = |more: &[&str]| place.ok(&[&["export"], more].concat());
    assert_eq!(people(&[]), people(&new));
    let server = place.serve_with(&new);
    server.sign_in();
    drop(server);

    let again = place.run(&moving);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("The target is not empty"), "{}", text(&again.stderr));
    place.ok(&["key", "new", "other.key"]);
    let other = place.run(&[&moving[..4], &["sqlite:x.db", "--key-file", "other.key"]].concat());
    assert_eq!(other.status.code(), Some(1));
    assert!(text(&other.stderr).contains("other.key is not the one"), "{}", text(&other.stderr));
    assert!(!place.path("x.db").exists(), "nothing is made for a wrong key");
    let missing = place.run(&["move", "--from", "sqlite:no.db", "--to", "sqlite:x.db"]);
    assert_eq!(missing.status.code(), Some(1));
}

#[test]
fn a_backup_is_restored_where_nothing_is_in_the_way() {
    let place = filled();
    place.ok(&["backup", "copy.db"]);
    place.ok(&["group", "add", "Later"]);
    let restore = ["restore", "copy.db"];
    let refused = place.run(&restore);
    assert_eq!(refused.status.code(), Some(1));
    let said = text(&refused.stderr);
    assert!(said.contains("muster.db is there already") && said.contains("--set-aside"), "{said}");

    let server = place.serve();
    server.sign_in();
    let used = place.run(&["restore", "copy.db", "--set-aside"]);
    assert_eq!(used.status.code(), Some(1), "{}", text(&used.stdout));
    assert!(text(&used.stderr).contains("A program uses muster.db"), "{}", text(&used.stderr));
    drop(server);

    let said = place.ok(&["restore", "copy.db", "--set-aside"]);
    assert!(said.contains("used with the key file muster.key"), "{said}");
    let aside = said.lines().find(|line| line.starts_with("What was there is now ")).unwrap();
    let aside = aside.trim_start_matches("What was there is now ").trim_end_matches('.');
    assert!(place.path(aside).exists(), "{aside}");
    assert!(!place.ok(&["group", "list"]).contains("Later"));
    place.ok(&["verify"]);
    let aside = format!("sqlite:{aside}");
    let kept = ["group", "list", "--database", &aside, "--key-file", "muster.key"];
    assert!(place.ok(&kept).contains("Later"));

    place.ok(&["key", "new", "other.key"]);
    let elsewhere = ["restore", "copy.db", "--database", "sqlite:else.db"];
    let wrong = place.run(&[&elsewhere[..], &["--key-file", "other.key"]].concat());
    assert!(text(&wrong.stderr).contains("other.key is not the one"), "{}", text(&wrong.stderr));
    assert!(!place.path("else.db").exists());
    place.ok(&[&elsewhere[..], &["--key-file", "muster.key"]].concat());
    place.write("no.db", "no database at all, only a text that is long enough to be looked at");
    let broken = place.run(&["restore", "no.db", "--set-aside"]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(text(&broken.stderr).contains("no.db is not a database"), "{}", text(&broken.stderr));
    place.ok(&["verify"]);
}

#[test]
fn verify_looks_at_a_backup_and_leaves_it_as_it_is() {
    let place = filled();
    place.ok(&["backup", "copy.db"]);
    let before = std::fs::read(place.path("copy.db")).unwrap();
    let copy = ["verify", "--json", "--database", "sqlite:copy.db", "--key-file", "muster.key"];
    let line = json_lines(place.ok(&copy).as_bytes()).remove(0);
    assert_eq!((&line["whole"], &line["audit"]["whole"]), (&true.into(), &true.into()));
    assert_eq!(std::fs::read(place.path("copy.db")).unwrap(), before);
    let mut names: Vec<_> = std::fs::read_dir(place.path("")).unwrap().collect();
    names.retain(|name| {
        name.as_ref().unwrap().file_name().to_string_lossy().starts_with("copy.db-")
    });
    assert!(names.is_empty(), "{names:?}");

    // A page in the middle is written over.
    let mut damaged = before.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 4096].fill(0x5a);
    place.write("copy.db", damaged);
    let found = place.run(&copy);
    assert_ne!(found.status.code(), Some(0), "{}", text(&found.stdout));
    let absent = place.run(&["verify", "--database", "sqlite:no.db"]);
    assert_eq!(absent.status.code(), Some(2));
}

#[test]
fn a_file_that_was_imported_already_is_no_failure() {
    let place = filled();
    let again = place.run(&["import", "people.csv"]);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stdout));
    let said = text(&again.stdout);
    assert!(said.contains("2 rows: 2 skipped."), "{said}");
    assert!(said.contains("This file was imported already, on 20"), "{said}");
    let json = json_lines(&place.run(&["import", "people.csv", "--json"]).stdout);
    assert!(json[2]["summary"]["imported_before"].is_string(), "{json:?}");
    // Another file with the same people was not.
    place.write("others.csv", [FILE, "\n"].concat());
    assert_eq!(place.run(&["import", "others.csv"]).status.code(), Some(1));
}
