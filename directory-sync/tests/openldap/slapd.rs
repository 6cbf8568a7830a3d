//! `slapd` with its files in a folder of the test's own.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::TempDir;

pub const DOMAIN: &str = "DC=corp,DC=example,DC=com";
pub const READER: &str = "CN=reader,DC=corp,DC=example,DC=com";
pub const SECRET: &str = "secret";
pub const GROUP: &str = "CN=Support,DC=corp,DC=example,DC=com";
pub const ANNA: &str = "CN=Anna,DC=corp,DC=example,DC=com";
/// A group without a member, and its GUID.
pub const EMPTY: (&str, &str) =
    ("CN=Empty,DC=corp,DC=example,DC=com", "34343434-3434-3434-3434-343434343434");
pub const PERSON_GUID: &str = "32323232-3232-3232-3232-323232323232";
pub const GROUP_GUID: &str = "33333333-3333-3333-3333-333333333333";

/// `S-1-5-21-1-2-3`, in base64.
const SID: &str = "AQQAAAAAAAUVAAAAAQAAAAIAAAADAAAA";

pub struct Slapd {
    folder: TempDir,
    port: u16,
    server: Child,
}

impl Slapd {
    /// `denied`: what the account that reads may not: an attribute, `a group` or `a person`.
    /// `claims`: it says of itself what a controller says. `None`: no slapd is asked for.
    pub async fn start(denied: &str, claims: bool) -> Option<Self> {
        let _asked_for = std::env::var_os("MUSTER_TEST_SLAPD")?;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        fs::write(path.join("certificate.pem"), cert.pem()).unwrap();
        fs::write(path.join("key.pem"), signing_key.serialize_pem()).unwrap();
        fs::create_dir(path.join("data")).unwrap();
        fs::write(path.join("root.ldif"), if claims { CLAIMS } else { "dn:\n" }).unwrap();
        fs::write(path.join("slapd.conf"), configuration(path, denied)).unwrap();
        fs::write(path.join("data.ldif"), data()).unwrap();
        let added = Command::new("slapadd")
            .arg("-f")
            .arg(path.join("slapd.conf"))
            .arg("-l")
            .arg(path.join("data.ldif"))
            .output()
            .expect("slapd is there (Debian: slapd)");
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let log = File::create(path.join("log")).unwrap();
        let server = Command::new("slapd")
            .args(["-d", "stats", "-h", &format!("ldaps://127.0.0.1:{port}"), "-f"])
            .arg(path.join("slapd.conf"))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let slapd = Self { folder, port, server };
        slapd.wait().await;
        Some(slapd)
    }

    async fn wait(&self) {
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(self.address()).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("slapd doesn't answer:\n{}", self.log());
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        let _ended = self.server.kill().and_then(|()| self.server.wait());
    }
}

const CLAIMS: &str = "dn:
defaultNamingContext: DC=corp,DC=example,DC=com
currentTime: 20261125120000.0Z
isSynchronized: TRUE
supportedCapabilities: 1.2.840.113556.1.4.800
";

fn configuration(path: &Path, denied: &str) -> String {
    let rule = match denied {
        "" => String::new(),
        "a group" => format!("access to dn.exact=\"{GROUP}\" by * none\n"),
        "a person" => format!("access to dn.exact=\"{ANNA}\" by * none\n"),
        attribute => format!("access to attrs={attribute} by * none\n"),
    };
    let at = path.display();
    format!(
        "include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/msuser.schema
attributetype ( 1.3.6.1.4.1.4203.666.1 NAME 'defaultNamingContext' EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )
attributetype ( 1.3.6.1.4.1.4203.667.1 NAME 'currentTime' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.3.6.1.4.1.4203.668.1 NAME 'isSynchronized' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.3.6.1.4.1.4203.669.1 NAME 'supportedCapabilities' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {at}/pid
TLSCertificateFile {at}/certificate.pem
TLSCertificateKeyFile {at}/key.pem
rootDSE {at}/root.ldif
database mdb
suffix \"{DOMAIN}\"
directory {at}/data
{rule}access to attrs=userPassword by anonymous auth by * none
access to * by users read
"
    )
}

fn data() -> String {
    // What the classes require, and no controller would show.
    let required = "instanceType: 4\nnTSecurityDescriptor: none\nobjectCategory: CN=none\n";
    let guid = |letter: &str| letter.repeat(16);
    format!(
        "dn: {DOMAIN}
objectClass: domain
objectClass: extensibleObject
dc: corp
objectGUID: {}
objectSid:: {SID}

dn: {READER}
objectClass: person
cn: reader
sn: reader
userPassword: {SECRET}

dn: {ANNA}
objectClass: user
objectClass: extensibleObject
cn: Anna
sn: Anna
displayName: Anna
mail: anna@corp.example.com
{required}objectGUID: {}
userAccountControl: 512
accountExpires: 116444736000000000
primaryGroupID: 513
memberOf: {GROUP}

dn: {GROUP}
objectClass: group
objectClass: extensibleObject
cn: Support
groupType: 2
{required}objectGUID: {}
objectSid:: {SID}
member: {ANNA}

dn: {}
objectClass: group
objectClass: extensibleObject
cn: Empty
groupType: 2
{required}objectGUID: {}
objectSid:: {SID}
",
        guid("1"),
        guid("2"),
        guid("3"),
        EMPTY.0,
        guid("4"),
    )
}
