//! Somebody who has signed in to the domain, as MIT's Kerberos keeps it: Wine asks that.

use std::collections::HashSet;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use ldap3::Mod;

use super::provision::{BASE, DOMAIN};
use super::{PASSWORD, Samba};

pub struct Ticket {
    pub configuration: PathBuf,
    pub cache: PathBuf,
}

impl Samba {
    /// The reader's. The controller is known as `localhost` from then on: that is how the tests come to it.
    pub async fn ticket(&mut self) -> Ticket {
        let controller = format!("CN=DC1,OU=Domain Controllers,{BASE}");
        let name = Mod::Add("servicePrincipalName", HashSet::from(["ldap/localhost"]));
        self.change(&controller, vec![name]).await;
        let ticket = Ticket {
            configuration: self.path().join("krb5.conf"),
            cache: self.path().join("ticket"),
        };
        let realm = DOMAIN.to_uppercase();
        let configuration = format!(
            "[libdefaults]
default_realm = {realm}
dns_canonicalize_hostname = false
rdns = false
[realms]
{realm} = {{
  kdc = 127.0.0.1
}}
[domain_realm]
localhost = {realm}
"
        );
        fs::write(&ticket.configuration, configuration).unwrap();
        let mut kinit = Command::new("kinit")
            .arg(format!("reader@{realm}"))
            .env("KRB5_CONFIG", &ticket.configuration)
            .env("KRB5CCNAME", &ticket.cache)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        writeln!(kinit.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(kinit.wait().unwrap().success(), "no ticket");
        ticket
    }
}
