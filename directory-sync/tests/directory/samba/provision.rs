//! The domain: made once, copied for every test.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

pub const DOMAIN: &str = "corp.example.com";
pub const BASE: &str = "DC=corp,DC=example,DC=com";
pub const HOST: &str = "dc1.corp.example.com";
pub const PASSWORD: &str = "Passw0rd!admin";

/// A copy of the domain, with its access lists and extended attributes.
pub fn copy() -> TempDir {
    let made = provisioned();
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let status = Command::new("cp").arg("-a").arg(made.join(".")).arg(folder.path()).status();
    assert!(status.unwrap().success(), "the domain can't be copied");
    for own in ["run", "ncalrpc"] {
        fs::create_dir_all(folder.path().join(own)).unwrap();
    }
    folder
}

/// Several tests may come at once: the first one makes it, the others wait.
fn provisioned() -> PathBuf {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let made = cache.join("samba-domain");
    let lock = File::create(cache.join("samba-domain.lock")).unwrap();
    lock.lock().unwrap();
    if !made.is_dir() {
        let being_made = cache.join("samba-domain.new");
        let _leftover = fs::remove_dir_all(&being_made);
        fs::create_dir_all(&being_made).unwrap();
        let said = Command::new("samba-tool")
            .args(["domain", "provision", "--server-role=dc", "--dns-backend=NONE"])
            .args(["--realm=CORP.EXAMPLE.COM", "--domain=CORP", "--host-name=dc1"])
            .args(["--host-ip=127.0.0.1", "--option=interfaces=lo"])
            .arg("--option=bind interfaces only=yes")
            .arg(format!("--adminpass={PASSWORD}"))
            .arg("--targetdir")
            .arg(&being_made)
            .output()
            .expect("samba-tool is there (Debian: samba, samba-ad-provision)");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        fs::rename(being_made, &made).unwrap();
    }
    made
}

pub fn configuration(folder: &Path) -> String {
    let at = folder.display();
    format!(
        "[global]
netbios name = DC1
realm = CORP.EXAMPLE.COM
workgroup = CORP
server role = active directory domain controller
server services = ldap, cldap, kdc
interfaces = lo
bind interfaces only = yes
lock directory = {at}
state directory = {at}/state
cache directory = {at}/cache
private dir = {at}/private
pid directory = {at}/run
ncalrpc dir = {at}/ncalrpc
log file = {at}/log
ldap server require strong auth = allow_sasl_over_tls
tls certfile = {at}/certificate.pem
tls keyfile = {at}/key.pem
tls cafile = {at}/ca.pem
"
    )
}
