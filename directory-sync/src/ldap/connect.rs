//! One encrypted connection to one controller. There are no unencrypted ones.

use std::fmt;
use std::net::Ipv6Addr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::vec;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError};
use rustls::ClientConfig;

use super::bind::{Account, bind};
use crate::failure::{Failure, Result};
use crate::tls::Fault;

/// The longest wait for one answer.
pub const PATIENCE: Duration = Duration::from_mins(2);
const TO_CONNECT: Duration = Duration::from_secs(15);

const LDAPS: u16 = 636;
const LDAP: u16 = 389;
/// The global catalog has only some attributes of each object: the others look empty.
const GLOBAL_CATALOG: [u16; 2] = [3268, 3269];

/// A controller's address, and how the encryption begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Controller {
    pub host: String,
    pub port: u16,
    /// `StartTLS` before anything else is sent; otherwise TLS from the first byte.
    pub start_tls: bool,
}

impl Controller {
    /// Parses `HOST[:PORT]`. Port 389 means `StartTLS`, every other one LDAPS unless `start_tls`.
    pub fn parse(text: &str, start_tls: bool) -> Result<Self> {
        let refuse = || Failure::Usage {
            why: format!(
                "“{text}” is not a controller’s address. Give HOST or HOST:PORT, such as dc1.example.com."
            ),
        };
        if is_ipv6(text) {
            // The library can't compare an IPv6 address with a certificate.
            let why = format!(
                "“{text}” is an IPv6 address. Give the controller's name, for which its certificate \
                 holds; the name may lead to that address."
            );
            return Err(Failure::Usage { why });
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().map_err(|_| refuse())?)),
            None => (text, None),
        };
        if host.is_empty() || host.contains(['/', ':', ' ', '@']) {
            return Err(refuse());
        }
        if port.is_some_and(|port| GLOBAL_CATALOG.contains(&port)) {
            let why = format!(
                "“{text}” is a global catalog, which has a part of what a controller knows. Give port {LDAPS} \
                 or {LDAP}, or none."
            );
            return Err(Failure::Usage { why });
        }
        let start_tls = start_tls || port == Some(LDAP);
        let port = port.unwrap_or(if start_tls { LDAP } else { LDAPS });
        Ok(Self { host: host.to_owned(), port, start_tls })
    }

    fn url(&self) -> String {
        let scheme = if self.start_tls { "ldap" } else { "ldaps" };
        format!("{scheme}://{}:{}", self.host, self.port)
    }
}

impl fmt::Display for Controller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// Whether a text is an IPv6 address, with or without a port.
fn is_ipv6(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|rest| rest.split(']').next());
    inner.unwrap_or(text).parse::<Ipv6Addr>().is_ok()
}

/// An encrypted connection, which can read after [`Self::sign_in`]. A clone uses the same connection and can
/// search at the same time.
#[derive(Clone)]
pub struct Connection {
    pub(crate) ldap: Ldap,
    /// The remaining waits before a busy controller is asked again, for all searches together.
    waits: Arc<Mutex<vec::IntoIter<Duration>>>,
    pub(super) timeouts: Arc<Timeouts>,
    pub controller: Controller,
    /// The reading account's name in sentences.
    pub user: String,
}

/// Counts searches in a row that timed out. After a few the connection counts as lost, so that a run with
/// many searches doesn't wait for each of them.
#[derive(Debug, Default)]
pub(super) struct Timeouts(AtomicU32);

impl Timeouts {
    const MOST: u32 = 3;

    pub fn are_too_many(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= Self::MOST
    }

    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

impl Connection {
    /// Connects without sending anything about the account.
    pub async fn open(
        controller: &Controller,
        account: &Account,
        tls: Arc<ClientConfig>,
    ) -> Result<Self> {
        let settings = LdapConnSettings::new()
            .set_conn_timeout(TO_CONNECT)
            .set_starttls(controller.start_tls)
            .set_config(tls);
        let opened = LdapConnAsync::with_settings(settings, &controller.url()).await;
        let (connection, ldap) = opened.map_err(|error| broken(controller, &error))?;
        tokio::spawn(async move {
            // Pending searches end with an error of their own.
            if let Err(error) = connection.drive().await {
                tracing::debug!(%error, "the connection to the controller ended");
            }
        });
        let (controller, user) = (controller.clone(), account.user().to_owned());
        Ok(Self { ldap, waits: Arc::default(), timeouts: Arc::default(), controller, user })
    }

    pub async fn sign_in(&mut self, account: &Account) -> Result<()> {
        bind(&mut self.ldap, account, &self.controller).await
    }

    /// Sets the waits before a busy controller is asked again.
    pub fn wait(&mut self, waits: Vec<Duration>) {
        self.waits = Arc::new(Mutex::new(waits.into_iter()));
    }

    pub(super) fn next_wait(&self) -> Option<Duration> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner).next()
    }

    pub async fn close(mut self) {
        // A failure doesn't matter: the connection is dropped either way.
        let _closed = self.ldap.unbind().await;
    }
}

/// Why there is no connection.
pub(super) fn broken(controller: &Controller, error: &LdapError) -> Failure {
    let name = controller.to_string();
    match Fault::of(error) {
        Some(Fault::Certificate(why)) => return Failure::Certificate { controller: name, why },
        Some(Fault::Handshake(why)) => return Failure::NoTls { controller: name, why },
        None => (),
    }
    match error {
        LdapError::Timeout { .. } => {
            Failure::Unreachable { controller: name, why: "nothing answers".to_owned() }
        }
        LdapError::LdapResult { result } => Failure::StartTls {
            controller: name,
            why: format!("result {}, {}", result.rc, result.text),
        },
        LdapError::Io { source } => {
            Failure::Unreachable { controller: name, why: source.to_string() }
        }
        LdapError::EndOfStream | LdapError::OpSend { .. } | LdapError::ResultRecv { .. } => {
            Failure::Unreachable { controller: name, why: "it closed the connection".to_owned() }
        }
        other => Failure::Unreachable { controller: name, why: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_stop_after_several_timeouts_in_a_row() {
        let timeouts = Timeouts::default();
        timeouts.add();
        timeouts.add();
        timeouts.clear();
        timeouts.add();
        timeouts.add();
        assert!(!timeouts.are_too_many());
        timeouts.add();
        assert!(timeouts.are_too_many());
    }

    #[test]
    fn a_controller_is_a_host_and_maybe_a_port() {
        let check = |text: &str, start_tls: bool, expected: Option<&str>| {
            let found = Controller::parse(text, start_tls).ok().map(|it| it.url());
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("dc1.example.com", false, Some("ldaps://dc1.example.com:636"));
        check("dc1.example.com:1636", false, Some("ldaps://dc1.example.com:1636"));
        check("dc1.example.com:389", false, Some("ldap://dc1.example.com:389"));
        check("dc1.example.com", true, Some("ldap://dc1.example.com:389"));
        check("127.0.0.1:1636", true, Some("ldap://127.0.0.1:1636"));
        check("dc1:https", false, None);
        check("ldap://dc1", false, None);
        check("", false, None);
        check(":636", false, None);
    }

    #[test]
    fn a_global_catalog_is_refused_with_the_reason() {
        for text in ["dc1.example.com:3268", "dc1.example.com:3269"] {
            let why = Controller::parse(text, false).unwrap_err().to_string();
            assert!(why.contains("has a part of what a controller knows"), "{why}");
        }
    }

    #[test]
    fn an_ipv6_address_is_refused_with_the_reason() {
        for text in ["::1", "[::1]", "[2001:db8::1]:636", "2001:db8::636"] {
            let why = Controller::parse(text, false).unwrap_err().to_string();
            assert!(why.contains("is an IPv6 address"), "{why}");
        }
    }
}
