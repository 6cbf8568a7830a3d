//! SQLite on disks that are full or may not be written, and an import that is killed.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::thread::sleep;
use std::time::Duration;

use super::stage::{
    Import, Muster, Node, Runner, Tmpfs, Watch, ask, eventually, program, read, readiness, report,
};

const ANOTHER_USER: u32 = 65_534;

#[test]
fn a_full_disk_ends_nothing_for_good() {
    if program().is_none() {
        return;
    }
    let disk = Tmpfs::mount(256);
    let muster = Muster::set_up(&format!("sqlite:{}/muster.db", disk.path().display()));
    let server = muster.serve();
    let session = muster.session(server.address);
    let import = Import::new(1, 5_000);
    let (writer, chunks) = (session.writers("full", 1), import.send(&session));
    sleep(Duration::from_secs(1));
    disk.fill();
    for load in [&writer, &chunks] {
        eventually("a write that is refused", Duration::from_secs(30), || {
            load.so_far().0.iter().any(|sample| !sample.is_good())
        });
    }
    let ready = || readiness(server.address).0;
    eventually("no readiness", Duration::from_secs(15), || ready() == 503);
    assert!(ask(server.address, "/healthz").is_good());
    let page = session.page("/organization");
    assert!(page.is_good(), "pages on a full disk: {page:?}");

    disk.make_room();
    let room = Watch::start();
    for load in [&writer, &chunks] {
        eventually("a write with room again", Duration::from_secs(30), || {
            load.so_far().recovered(room).is_some()
        });
    }
    report(&format!("with room again, writes are good after {:.1?}", room.took()));
    eventually("readiness", Duration::from_secs(15), || ready() == 200);
    chunks.wait(Duration::from_mins(3));
    let _signed_in_again = muster.session(server.address);
    writer.halt();
    let there = muster.exported();
    import.assert_whole(&there);
    for (what, load) in [("creating", &writer), ("import", &chunks)] {
        let answers = load.so_far();
        report(&format!("{what}: {}", answers.counted()));
        answers.assert_honest(what);
    }
    writer.so_far().assert_kept(&there);
    muster.ok(&["audit", "verify"]);
}

#[test]
fn a_full_disk_of_postgresql_is_an_outage_and_no_fault() {
    if program().is_none() {
        return;
    }
    let disk = Tmpfs::mount(160);
    let mut node = Node::alone_in(disk.path());
    let muster = Muster::set_up(&node.url());
    let server = muster.serve();
    let writers = muster.session(server.address).writers("full", 4);
    sleep(Duration::from_secs(1));
    disk.fill();
    eventually("a write that is refused", Duration::from_mins(1), || {
        writers.so_far().0.iter().any(|sample| !sample.is_good())
    });
    sleep(Duration::from_secs(2));
    disk.make_room();
    node.start_again();
    let room = Watch::start();
    eventually("a write with room again", Duration::from_secs(30), || {
        writers.so_far().recovered(room).is_some()
    });
    report(&format!("with room again, writes are good after {:.1?}", room.took()));
    let answers = writers.stop();
    report(&format!("creating: {}", answers.counted()));
    answers.assert_kept(&node.emails());
    answers.assert_honest("creating");
}

#[test]
fn a_file_that_may_not_be_written_is_told_at_start_and_can_be_read() {
    if program().is_none() {
        return;
    }
    let disk = Tmpfs::mount(64);
    let file = disk.path().join("muster.db");
    let muster = Muster::set_up(&format!("sqlite:{}", file.display()));
    muster.import_file(10);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    chown(&file, Some(ANOTHER_USER), None).unwrap();

    let reader = Runner::without_overrides();
    let serve = muster.command_as(&reader, &["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    let said = String::from_utf8(serve.stderr).unwrap();
    assert_eq!(serve.status.code(), Some(1), "{said}");
    let refusal = said.lines().find(|line| line.starts_with("muster: ")).unwrap_or_default();
    report(&format!("serving a read-only file: {refusal}"));
    assert!(refusal.contains("read-only"), "{said}");
    let export = read(&mut muster.command_as(&reader, &["export"]));
    assert_eq!(export.lines().count(), 11);
    read(&mut muster.command_as(&reader, &["audit", "verify"]));
}

#[test]
fn an_import_that_is_killed_ten_times_is_whole() {
    if program().is_none() {
        return;
    }
    let disk = Tmpfs::mount(256);
    let file = disk.path().join("muster.db");
    let muster = Muster::set_up(&format!("sqlite:{}", file.display()));
    let rows = muster.write_rows(50_000);
    let arguments = ["import", rows.to_str().unwrap(), "--group", "Support"];
    let ask = |statement: &str| {
        read(Runner::default().tool("sqlite3").arg(&file).arg(statement)).trim().to_owned()
    };
    let mut counts = Vec::new();
    for round in 0..10 {
        let import = muster.start(&arguments);
        sleep(Duration::from_millis(150 + 40 * round));
        import.kill();
        assert_eq!(ask("PRAGMA integrity_check; PRAGMA foreign_key_check"), "ok");
        counts.push(muster.exported().len());
    }
    report(&format!("technicians after each kill: {counts:?}"));
    muster.ok(&arguments);
    let there = muster.exported();
    assert_eq!(there.len(), 50_000);
    assert_eq!(there.iter().collect::<std::collections::BTreeSet<_>>().len(), 50_000);
    assert_eq!(
        ask("SELECT count(*) FROM imports"),
        "1",
        "the same command goes on with the same import"
    );
    muster.ok(&["audit", "verify"]);
}
