//! Disks that are full, fail or are write-protected, a schema of a newer version, and the end: what the
//! server says meanwhile, and that it works again by itself.

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use super::support::{Answer, Browser, Place, Server, text};

/// Technicians who are tried: what the disk still takes ends long before.
const TRIES: u32 = 300;

fn create(browser: &Browser<'_>, number: u32) -> Answer {
    let email = format!("t{number}@northwind.example");
    browser.send_form(
        "/api/fn/technician_create",
        &[
            ("group", "1001"),
            ("form[name]", "Grace"),
            ("form[nickname]", "Grace"),
            ("form[email]", &email),
            ("form[singleSignOnId]", ""),
            ("form[description]", &"x".repeat(1_000)),
            ("form[enabled]", "true"),
        ],
    )
}

fn readiness(server: &Server) -> (u16, String) {
    let answer = server.get("/readyz");
    (answer.status, answer.text())
}

/// What `/readyz` says is at most half a second old; a newer schema counts after some seconds.
fn until_ready(server: &Server, expected: (u16, &str)) {
    let mut said = readiness(server);
    for _ in 0..300 {
        if said.0 == expected.0 && said.1.starts_with(expected.1) {
            return;
        }
        sleep(Duration::from_millis(100));
        said = readiness(server);
    }
    panic!("{said:?}");
}

/// The disk takes nothing any more; then it is mended.
fn it_works_again_by_itself(server: &Server, reason: &str, says: &str, mend: impl FnOnce()) {
    let browser = server.sign_in();
    let refused = (1..TRIES).map(|number| create(&browser, number)).find(|it| it.status != 200);
    let refused = refused.expect("a disk that is full");
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(
        (&refused.json()["code"], &refused.json()["reason"]),
        (&"unavailable".into(), &reason.into())
    );
    assert!(refused.header("retry-after").is_some());
    until_ready(server, (503, says));
    for number in 0..3 {
        assert_eq!(create(&browser, TRIES + number).status, 503);
    }
    let path = "/organization/groups/1001";
    assert_eq!(browser.visit(path).status, 200, "what is there can be read");
    assert_eq!(server.get("/healthz").status, 200, "it is alive");

    mend();
    let made = create(&browser, TRIES);
    assert_eq!(made.status, 200, "{}", made.text());
    until_ready(server, (200, "ok"));
    server.sign_in();
}

/// A file system of its own in memory, gone when dropped.
struct Disk(PathBuf);

impl Disk {
    /// `None`: this user may not mount one.
    fn mount(path: PathBuf) -> Option<Self> {
        fs::create_dir(&path).unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"])
            .arg(&path)
            .output();
        if mount.is_ok_and(|output| output.status.success()) {
            return Some(Self(path));
        }
        eprintln!("SKIPPED: only root may mount a disk; nothing was tested.");
        None
    }

    fn fill(&self) -> PathBuf {
        let path = self.0.join("ballast");
        let mut file = File::create(&path).unwrap();
        for size in [64 * 1024, 1] {
            while file.write(&vec![0; size]).is_ok_and(|written| written > 0) {}
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_ends_no_server() {
    let place = Place::new();
    let Some(disk) = Disk::mount(place.path("disk")) else { return };
    let database = ["--database", "sqlite:disk/muster.db"];
    place.set_up_with(&database);
    place.ok(&[&["group", "add", "Support"], &database[..]].concat());
    let server = place.serve_with(&database);
    let ballast = disk.fill();
    let mend = || {
        let output = place.run(&[&["group", "add", "Sales"], &database[..]].concat());
        let said = text(&output.stderr);
        assert!(!output.status.success());
        let sentence = "muster: The disk of the database is full. Nothing was changed; try again once \
                        there is room.";
        assert!(said.contains(sentence) && !said.contains("Something went wrong"), "{said}");
        fs::remove_file(ballast).unwrap();
    };
    it_works_again_by_itself(&server, "disk_full", "The disk of the database is full", mend);
    drop(server);
}

#[test]
fn a_disk_that_fails_ends_no_server() {
    let place = Place::set_up();
    place.ok(&["group", "add", "Support"]);
    let mut command = Command::new("sh");
    // Files may not grow beyond one or two MiB, by the shell's block.
    let limited = "trap '' XFSZ; ulimit -S -f 2048; exec \"$@\"";
    let muster = place.muster(&["serve", "--listen", "127.0.0.1:0"]);
    command.args(["-c", limited, "sh"]).arg(muster.get_program()).args(muster.get_args());
    let server = Server::start(place.here(command), std::process::Stdio::null());
    let id = server.id().to_string();
    let mend = || {
        let lifted = Command::new("prlimit").args(["--pid", &id, "--fsize=unlimited"]).status();
        assert!(lifted.unwrap().success());
    };
    let says = "The disk of the database can’t be read or written";
    it_works_again_by_itself(&server, "disk_fails", says, mend);
}

/// Root writes even what it may not, unless that right is taken from it.
fn without_rights(place: &Place, arguments: &[&str]) -> Command {
    let muster = place.muster(arguments);
    if !rustix::process::geteuid().is_root() {
        return muster;
    }
    let mut command = Command::new("setpriv");
    command.args(["--bounding-set=-dac_override", "--inh-caps=-dac_override"]);
    command.arg(muster.get_program()).args(muster.get_args());
    place.here(command)
}

#[test]
fn a_file_that_may_not_be_written_is_not_served() {
    let place = Place::set_up();
    fs::set_permissions(place.path("muster.db"), Permissions::from_mode(0o400)).unwrap();
    let check = |arguments: &[&str], sentence: &str| {
        let output = without_rights(&place, arguments).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(sentence) && !said.contains("Something went wrong"), "{said}");
    };
    check(&["serve", "--listen", "127.0.0.1:0"], "muster: The database is read-only: it is");
    check(&["group", "add", "Support"], "muster: The database is read-only. Nothing was changed;");
}

fn run_sql(file: &Path, sql: &str) -> bool {
    Command::new("sqlite3").arg(file).arg(sql).status().is_ok_and(|status| status.success())
}

#[test]
fn a_newer_schema_is_said_and_served_on() {
    let place = Place::set_up();
    let server = place.serve_logging_to("log");
    until_ready(&server, (200, "ok"));
    let file = place.path("muster.db");
    if !run_sql(&file, "INSERT INTO muster_schema (version) VALUES (4711)") {
        eprintln!("SKIPPED: there is no sqlite3; nothing was tested.");
        return;
    }
    let newer = "The database was brought forward by a newer Muster: its version is 4711";
    until_ready(&server, (503, newer));
    server.sign_in();
    assert!(run_sql(&file, "DELETE FROM muster_schema WHERE version = 4711"));
    until_ready(&server, (200, "ok"));
    let log = text(&fs::read(place.path("log")).unwrap());
    assert_eq!(log.matches("It goes on serving").count(), 1, "{log}");
}

#[test]
fn told_to_stop_it_is_unready_before_it_takes_no_more_connections() {
    let place = Place::set_up();
    let mut server = place.serve_with(&["--stop-delay", "600"]);
    until_ready(&server, (200, "ok"));
    server.terminate();
    until_ready(&server, (503, "stopping"));
    assert_eq!(server.get("/healthz").status, 200);
    server.sign_in();
    server.terminate();
    assert!(server.wait().success(), "a second signal ends at once");
}
