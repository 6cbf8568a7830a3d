//! Samba as a domain controller, in a network of its own: the ports are always free there, and all
//! that was started ends with the test.

mod certificate;
mod change;
mod kerberos;
mod provision;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use directory_sync::ldap::{Account, Connection, Controller};
use directory_sync::tls;
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings};
use roster::secret::Secret;
use rustls::ClientConfig;
use tempfile::TempDir;

pub use change::{NEVER, Person, disabled};
pub use kerberos::Ticket;
pub use provision::{BASE, DOMAIN, HOST};

pub const PASSWORD: &str = "Passw0rd!reader";
const ADMINISTRATOR: &str = "Administrator@corp.example.com";

/// Says to the test's second self that it has a network of its own.
const INSIDE: &str = "MUSTER_TEST_INSIDE";

/// Runs the test `name` in a network and with processes of its own; nothing where no Samba is asked for.
pub fn test<F: Future<Output = ()>>(name: &str, body: impl FnOnce(Samba) -> F) {
    if variable("MUSTER_TEST_SAMBA").is_none() {
        return;
    }
    if variable(INSIDE).is_none() {
        let own = std::env::current_exe().unwrap();
        let status = Command::new("unshare")
            .args(["--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--"])
            .args(["sh", "-c", "ip link set lo up && exec \"$0\" \"$@\""])
            .arg(own)
            .args([name, "--exact", "--nocapture"])
            .env(INSIDE, "1")
            .status()
            .unwrap();
        assert!(status.success(), "{name} failed in its own network");
        return;
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        body(Samba::start().await).await;
    });
}

pub fn variable(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test is told what there is by its environment"
    )]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

pub struct Samba {
    folder: TempDir,
    server: Child,
    /// As its administrator.
    pub admin: Ldap,
}

impl Samba {
    async fn start() -> Self {
        let folder = provision::copy();
        let path = folder.path();
        certificate::make(path);
        fs::write(path.join("smb.conf"), provision::configuration(path)).unwrap();
        let (server, admin) = serve(path).await;
        let mut samba = Self { folder, server, admin };
        samba.prepare().await;
        samba
    }

    /// Not even told that it is to stop.
    pub fn kill(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    pub async fn serve_again(&mut self) {
        (self.server, self.admin) = serve(self.folder.path()).await;
    }

    /// Some organizational units, and the account that reads.
    async fn prepare(&mut self) {
        for unit in ["People", "Elsewhere", "Groups"] {
            self.add(&format!("OU={unit},{BASE}"), &[("objectClass", &["organizationalUnit"])])
                .await;
        }
        let reader = Person { password: PASSWORD, ..Person::named("reader") };
        self.person(&format!("CN=reader,CN=Users,{BASE}"), reader).await;
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn ca(&self) -> PathBuf {
        self.path().join("ca.pem")
    }

    pub fn tls(&self) -> Arc<ClientConfig> {
        tls::to_controllers(Some(&self.ca())).unwrap()
    }

    pub fn reader() -> Account {
        Account::Named { user: format!("reader@{DOMAIN}"), password: Secret::new(PASSWORD) }
    }

    /// As the service comes to it.
    pub async fn connection(&self) -> Connection {
        let (controller, reader) = (controller("localhost"), Self::reader());
        let mut connection = Connection::open(&controller, &reader, self.tls()).await.unwrap();
        connection.sign_in(&reader).await.unwrap();
        connection
    }
}

impl Drop for Samba {
    fn drop(&mut self) {
        // The namespace ends with it either way.
        let _ended = self.server.kill().and_then(|()| self.server.wait());
    }
}

pub fn controller(text: &str) -> Controller {
    Controller::parse(text, false).unwrap()
}

/// The server, and its administrator.
async fn serve(path: &Path) -> (Child, Ldap) {
    let log = fs::File::create(path.join("output")).unwrap();
    let server = Command::new("samba")
        .args(["--foreground", "--model=single", "--debug-stdout", "--configfile"])
        .arg(path.join("smb.conf"))
        .stdin(Stdio::null())
        .stderr(log.try_clone().unwrap())
        .stdout(log)
        .spawn()
        .unwrap();
    let tls = tls::to_controllers(Some(&path.join("ca.pem"))).unwrap();
    (server, administrator(tls, path).await)
}

/// Waits until it answers.
async fn administrator(tls: Arc<ClientConfig>, path: &Path) -> Ldap {
    for _ in 0..300 {
        let settings = LdapConnSettings::new().set_config(Arc::clone(&tls));
        if let Ok((connection, mut ldap)) =
            LdapConnAsync::with_settings(settings, "ldaps://localhost").await
        {
            tokio::spawn(connection.drive());
            let bound = ldap.simple_bind(ADMINISTRATOR, provision::PASSWORD).await;
            if bound.is_ok_and(|answer| answer.rc == 0) {
                return ldap;
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let said = fs::read_to_string(path.join("output")).unwrap_or_default();
    panic!("Samba doesn't answer:\n{said}");
}
