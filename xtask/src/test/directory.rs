//! What is kept in step, in a real Active Directory: Samba's, with `muster` and `muster-sync` beside it; and that a
//! directory of another kind, OpenLDAP, is refused. The tests find `MUSTER_TEST_SAMBA`, `MUSTER_TEST_SLAPD` and,
//! in `MUSTER_TEST_MUSTER`, the program. Each makes a network of its own, so they run as root.

use std::path::Path;
use std::process::Command;

use super::Context;
use crate::{
    Outcome, build,
    command::{cargo, show},
    machine, place,
};

const SAMBA: &str = "/usr/sbin/samba";
const SLAPD: &str = "/usr/sbin/slapd";
const KINIT: &str = "/usr/bin/kinit";
/// Where Debian has it.
const WINE: [&str; 2] = ["/usr/lib/wine/wine64", "/usr/bin/wine64"];
const PACKAGES: [&str; 12] = [
    "samba",
    "samba-ad-dc",
    "samba-ad-provision",
    "samba-dsdb-modules",
    "samba-vfs-modules",
    "winbind",
    "krb5-config",
    "ldb-tools",
    "ldap-utils",
    "iproute2",
    "procps",
    "util-linux",
];

pub fn tests(context: &mut Context) -> Outcome {
    controller()?;
    if !Path::new(SLAPD).exists() {
        machine::install(&["slapd"], "Testing against OpenLDAP")?;
    }
    build::developed()?;
    show(suite(&["directory", "openldap"])?.env("MUSTER_TEST_SLAPD", "1").args(context.arguments))
}

/// Samba and what it needs are there.
pub fn controller() -> Outcome {
    if !machine::is_root() {
        return Err(
            "A domain controller for the tests needs root: it has a network of its own.".into()
        );
    }
    let there = Path::new(SAMBA).exists() && machine::find("ldbmodify").is_some();
    if !there || ["ldapsearch", "pkill"].iter().any(|it| machine::find(it).is_none()) {
        machine::install(&PACKAGES, "Testing against a domain controller")?;
    }
    Ok(())
}

/// The program for Windows, as far as Wine is one.
pub fn windows(context: &mut Context) -> Outcome {
    controller()?;
    if !WINE.iter().any(|it| Path::new(it).exists()) || !Path::new(KINIT).exists() {
        machine::install(&["wine64", "krb5-user"], "Testing the program for Windows")?;
    }
    build::developed()?;
    let program = build::windows("debug")?;
    show(
        suite(&["directory"])?
            .env("MUSTER_TEST_WINE", program)
            .arg("windows::")
            .args(context.arguments),
    )
}

fn suite(binaries: &[&str]) -> Outcome<Command> {
    let mut tests = cargo(&["test", "-p", "directory-sync"]);
    for binary in binaries {
        tests.args(["--test", binary]);
    }
    tests
        .arg("--")
        .env("MUSTER_TEST_SAMBA", "1")
        .env("MUSTER_TEST_MUSTER", place::muster("debug")?);
    Ok(tests)
}
