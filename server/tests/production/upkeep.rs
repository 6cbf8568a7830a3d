//! What operators do: dump and restore, read on a standby, upgrade one server after the other.

use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::stage::{Muster, Node, Pair, ask, eventually, program, read, readiness, report};

#[test]
fn a_dump_is_restored_into_an_empty_database() {
    if program().is_none() {
        return;
    }
    let node = Node::alone();
    let muster = Muster::set_up(&node.url());
    muster.import_file(1_000);
    let folder = TempDir::with_prefix("muster-production-").unwrap();
    read(Command::new("chown").arg("postgres").arg(folder.path()));
    let file = folder.path().join("muster.dump");
    read(node.client("pg_dump", "muster").args(["-d", "muster", "-Fc", "-f"]).arg(&file));
    node.create_database("restored");
    read(node.client("pg_restore", "muster").args(["-d", "restored"]).arg(&file));

    let restored = muster.over(&node.url_of("restored"));
    assert_eq!(restored.exported(), muster.exported());
    restored.ok(&["audit", "verify"]);
    let server = restored.serve();
    let created = restored.session(server.address).create("new@x.example");
    assert!(created.is_good(), "{created:?}");
    assert_eq!(restored.exported().len(), muster.exported().len() + 1);
}

#[test]
fn a_standby_is_read_by_export_and_audit_verify() {
    if program().is_none() {
        return;
    }
    let pair = Pair::here();
    let muster = Muster::set_up(&pair.primary.url());
    muster.import_file(500);
    let primary = muster.exported();
    eventually("the standby follows", Duration::from_secs(30), || {
        pair.standby.emails().len() == 500
    });
    let reader = muster.over(&pair.standby.url());
    assert_eq!(reader.exported(), primary);
    reader.ok(&["audit", "verify"]);
    let serve = reader.command(&["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    let said = String::from_utf8(serve.stderr).unwrap();
    assert_eq!(serve.status.code(), Some(1), "{said}");
    assert!(said.contains("standby"), "{said}");
}

#[test]
fn a_server_notices_a_newer_schema_and_goes_on() {
    if program().is_none() {
        return;
    }
    let node = Node::alone();
    let muster = Muster::set_up(&node.url());
    let server = muster.serve();
    let session = muster.session(server.address);
    assert_eq!(readiness(server.address).0, 200);
    node.sql("INSERT INTO muster_schema SELECT max(version) + 1 FROM muster_schema");
    let noticed = eventually("readiness ends", Duration::from_secs(30), || {
        readiness(server.address).0 == 503
    });
    let obstacle = readiness(server.address).1;
    report(&format!("a newer schema is noticed after {noticed:.1?}: {obstacle}"));
    assert!(ask(server.address, "/healthz").is_good());
    let page = session.page("/organization");
    assert!(page.is_good(), "pages go on: {page:?}");
    assert!(server.log().contains("newer"), "{}", server.log());
}
