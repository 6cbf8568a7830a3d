//! What is kept in step, in a real Active Directory: Samba's, with `muster` and `muster-sync` beside it. The
//! tests find `MUSTER_TEST_SAMBA` and, in `MUSTER_TEST_MUSTER`, the program. Each makes a network of its
//! own, so they run as root.

use std::path::Path;

use super::Context;
use crate::{
    Outcome, build,
    command::{cargo, show},
    machine, place,
};

const SAMBA: &str = "/usr/sbin/samba";
const PACKAGES: [&str; 11] = [
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
    "util-linux",
];

pub fn tests(context: &mut Context) -> Outcome {
    if !machine::is_root() {
        return Err(
            "A domain controller for the tests needs root: it has a network of its own.".into()
        );
    }
    let there = Path::new(SAMBA).exists() && machine::find("ldbmodify").is_some();
    if !there || machine::find("ldapsearch").is_none() {
        machine::install(&PACKAGES, "Testing against a domain controller")?;
    }
    build::developed()?;
    let mut tests = cargo(&["test", "-p", "directory-sync", "--test", "directory", "--"]);
    tests.env("MUSTER_TEST_SAMBA", "1").env("MUSTER_TEST_MUSTER", place::muster("debug")?);
    show(tests.args(context.arguments))
}
