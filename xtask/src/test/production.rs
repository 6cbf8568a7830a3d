//! `muster` where machines, networks and disks fail: PostgreSQL with a standby, HAProxy and PgBouncer around the
//! real program. The tests find the program in `MUSTER_TEST_PRODUCTION`; they make network namespaces and
//! mounts, so they run as root, one at a time.

use super::Context;
use crate::{
    Outcome, build,
    command::{cargo, show},
    machine, place,
};

/// The packages, each with a program of it.
const PACKAGES: [(&str, &str); 8] = [
    ("haproxy", "haproxy"),
    ("pgbouncer", "pgbouncer"),
    ("postgresql", "pg_lsclusters"),
    ("sqlite3", "sqlite3"),
    ("iproute2", "ip"),
    ("mount", "mount"),
    ("procps", "ps"),
    ("util-linux", "setpriv"),
];

pub fn tests(context: &mut Context) -> Outcome {
    if !machine::is_root() {
        return Err(
            "The tests of production need root: they make networks and disks of their own.".into(),
        );
    }
    let is_missing = |program: &str| machine::find(program).is_none();
    if PACKAGES.iter().any(|(_, program)| is_missing(program)) {
        machine::install(&PACKAGES.map(|(package, _)| package), "Testing production")?;
    }
    build::developed()?;
    let mut tests = cargo(&["test", "-p", "server", "--test", "production", "--"]);
    tests.args(["--test-threads=1", "--nocapture"]);
    tests.env("MUSTER_TEST_PRODUCTION", place::muster("debug")?);
    show(tests.args(context.arguments))
}
