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
    let said = place.ok(&["backup", "copy.db"]);
    assert!(said.contains("together with the key file muster.key"), "{said}");
    let opened = ["group", "list", "--json", "--database", "sqlite:copy.db"];
    let output = place.run(&opened);
    assert_eq!(output.status.code(), Some(1), "without its key file it is of no use");
    assert!(text(&output.stderr).contains("copy.key is not there"), "{}", text(&output.stderr));
    let listed = place.ok(&[&opened[..], &["--key-file", "muster.key"]].concat());
    assert!(listed.contains("\"Support\""), "{listed}");
    let output = place.run(&["backup", "copy.db"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("copy.db"), "{}", text(&output.stderr));
}

#[test]
fn the_audit_trail_is_verified() {
    let place = Place::set_up();
    let said = place.ok(&["audit", "verify"]);
    assert!(said.starts_with("The audit trail is whole: 2 entries hold."), "{said}");
    let line = json_lines(place.ok(&["audit", "verify", "--json"]).as_bytes()).remove(0);
    assert_eq!((&line["whole"], &line["last"]), (&true.into(), &2.into()));
    let noted = format!("2:{}", line["hash"].as_str().unwrap());
    place.ok(&["group", "add", "Support"]);
    let said = place.ok(&["audit", "verify", "--since", &noted]);
    assert!(said.starts_with("The audit trail is whole: 3 entries hold."), "{said}");
    let other = place.run(&["audit", "verify", "--since", &noted.replacen('2', "1", 1)]);
    assert_eq!(other.status.code(), Some(1));
    assert!(
        text(&other.stdout).contains("not the entry that was noted"),
        "{}",
        text(&other.stdout)
    );
    assert_eq!(place.run(&["audit", "verify", "--since", "2"]).status.code(), Some(2));
    // Begun anew, as who removes everything would have it.
    for file in ["muster.db", "muster.db-wal", "muster.db-shm"] {
        let _not_there = std::fs::remove_file(place.path(file));
    }
    let missing = place.run(&["audit", "verify"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("There is no database muster.db"));
    assert!(!place.path("muster.db").exists(), "none is made");
    place.ok(&["group", "add", "Support"]);
    let said = place.ok(&["audit", "verify"]);
    assert!(said.starts_with("The audit trail is whole: 2 entries hold."), "{said}");
    let output = place.run(&["audit", "verify", "--since", &noted]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    let output = place.run(&["audit", "verify", "--database", "sqlite:/nowhere/muster.db"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn what_the_program_makes_is_its_users_alone() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::set_up();
    let _server = place.serve();
    place.ok(&["backup", "copy.db"]);
    for file in ["muster.db", "muster.db-wal", "muster.db-shm", "muster.key", "copy.db"] {
        let mode = std::fs::metadata(place.path(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_lost_key_file_is_replaced_when_it_is_confirmed() {
    let place = Place::set_up();
    place.ok(&["group", "add", "Support"]);
    let replace = ["key", "replace", "--lost"];
    assert_eq!(place.run(&["key", "replace"]).status.code(), Some(2));
    let there = place.run(&replace);
    assert!(text(&there.stderr).contains("nothing is lost"), "{}", text(&there.stderr));
    std::fs::remove_file(place.path("muster.key")).unwrap();
    let listed = place.run(&["group", "list"]);
    assert!(text(&listed.stderr).contains("muster key replace --lost"), "{}", text(&listed.stderr));
    let kept = place.run_with(&replace, b"yes\n");
    assert_eq!(kept.status.code(), Some(1));
    assert!(text(&kept.stderr).contains("Nothing was changed"), "{}", text(&kept.stderr));
    assert!(!place.path("muster.key").exists());
    let done = place.run_with(&replace, b"LOST\n");
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(text(&done.stdout).contains("its key 2 is in use"), "{}", text(&done.stdout));
    assert!(place.ok(&["group", "list"]).contains("Support"));

    let verify = place.run(&["audit", "verify"]);
    assert_eq!(verify.status.code(), Some(1));
    assert!(text(&verify.stdout).contains("was lost and replaced"), "{}", text(&verify.stdout));
    let said = place.ok(&["audit", "verify", "--begins-after", "3"]);
    assert!(said.starts_with("The audit trail holds from entry 4, which"), "{said}");
    assert!(said.contains("to entry 4. The 3 entries before it can’t be verified"), "{said}");
    let json = place.ok(&["audit", "verify", "--begins-after", "3", "--json"]);
    assert_eq!(json_lines(json.as_bytes())[0]["key_replaced"], true);
}

#[test]
fn keys_are_made_changed_and_needed() {
    let place = Place::set_up();
    let said = place.ok(&["key", "rotate"]);
    assert!(said.contains("Key 2 of muster.key is in use"), "{said}");
    place.ok(&["key", "new", "other.key"]);
    assert_eq!(place.run(&["key", "new", "other.key"]).status.code(), Some(1));
    let output = place.run(&["group", "list", "--key-file", "other.key"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("other.key is not the one of this database"), "{said}");
    let postgres = ["group", "list", "--database", "postgres://u@127.0.0.1:1/d"];
    let said = text(&place.run(&postgres).stderr);
    assert!(said.contains("`muster key new FILE` makes one"), "{said}");
    let file = place.write("muster.toml", "key-file = \"muster.key\"");
    place.ok(&["group", "list", "--config", file.to_str().unwrap()]);
}
