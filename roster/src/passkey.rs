//! Passkeys: how they are called, how many one has, for how long a question to a browser stands, and
//! at which address they work at all. Whether an answer is right is not decided here.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::id::{PasskeyId, Timestamp};
use crate::secret::Secret;

/// So many are enough for everything that somebody signs in with.
pub const MOST: usize = 20;
/// A browser has so long to answer; it gives up by itself after as long.
pub const ANSWER_SECONDS: i64 = 5 * 60;

const NAME_CHARS: usize = 60;

/// One of the own passkeys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyLine {
    pub id: PasskeyId,
    pub name: String,
    pub created_at: Timestamp,
    /// `None`: never.
    pub last_used_at: Option<Timestamp>,
}

/// What a browser is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Goes with the answer, and nowhere else.
    pub token: Secret,
    /// The options of the browser's own interface, as JSON.
    pub options: String,
}

/// The name as it is kept, or why it can't be.
pub fn checked_name(typed: &str) -> Result<String, &'static str> {
    let name = typed.trim();
    if name.is_empty() {
        return Err("Give it a name, such as the device that keeps it.");
    }
    if name.chars().count() > NAME_CHARS {
        return Err("A name has at most 60 characters.");
    }
    if name.chars().any(char::is_control) {
        return Err("A name has no control characters.");
    }
    Ok(name.to_owned())
}

/// Why there are no passkeys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NoPasskeys {
    #[error(
        "Passkeys need a public address: whoever runs this server gives it by --public-url, such as https://muster.example.com."
    )]
    NoAddress,
    #[error(
        "Passkeys need a name: browsers keep none for an IP address, and this server’s public address is one."
    )]
    IpAddress,
    #[error("Passkeys work at {0} alone, and this page was opened at another address.")]
    Elsewhere(String),
}

/// The address by which browsers know this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicAddress {
    encrypted: bool,
    /// In ASCII and lower case; an IPv6 address without brackets.
    host: String,
    port: Option<u16>,
}

/// What a public address must be, where it isn't.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAddress {
    #[error("Give it as https://NAME or https://NAME:PORT, without a path.")]
    Form,
    #[error("Browsers take it only over TLS: give it as https://.")]
    Plain,
}

/// This computer's own name, at whatever port.
const LOCALHOST: &str = "localhost";

impl PublicAddress {
    /// Of a server that this computer alone can reach.
    #[must_use]
    pub fn loopback() -> Self {
        Self { encrypted: false, host: LOCALHOST.to_owned(), port: None }
    }

    /// Reads `https://muster.example.com:8443`.
    pub fn parse(text: &str) -> Result<Self, NoAddress> {
        let (scheme, rest) = text.trim().split_once("://").ok_or(NoAddress::Form)?;
        let encrypted = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(NoAddress::Form),
        };
        let (host, port) = split(rest.strip_suffix('/').unwrap_or(rest));
        let port = port.map(str::parse).transpose().map_err(|_| NoAddress::Form)?;
        let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(host) => host.parse::<IpAddr>().map_err(|_| NoAddress::Form)?.to_string(),
            None => named(host).ok_or(NoAddress::Form)?,
        };
        let address = Self { encrypted, host, port };
        if !encrypted && !address.is_this_computer() {
            return Err(NoAddress::Plain);
        }
        Ok(address)
    }

    fn ip(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    fn is_this_computer(&self) -> bool {
        self.host == LOCALHOST || self.ip().is_some_and(|ip| ip.is_loopback())
    }

    /// Every port is meant.
    #[must_use]
    pub fn any_port(&self) -> bool {
        self.port.is_none() && self.host == LOCALHOST
    }

    /// As a browser writes it: `https://muster.example.com`.
    #[must_use]
    pub fn origin(&self) -> String {
        let (scheme, usual) = if self.encrypted { ("https", 443) } else { ("http", 80) };
        let host = match self.ip() {
            Some(IpAddr::V6(ip)) => format!("[{ip}]"),
            _ => self.host.clone(),
        };
        match self.port.filter(|port| *port != usual) {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }
    }

    /// The name for which browsers keep passkeys.
    pub fn relying_party(&self) -> Result<&str, NoPasskeys> {
        if self.ip().is_some() { Err(NoPasskeys::IpAddress) } else { Ok(&self.host) }
    }

    /// Somebody came by this address: `host` is the request's, with its port.
    pub fn is_open_at(&self, host: &str) -> Result<(), NoPasskeys> {
        let (name, port) = split(host);
        let usual = if self.encrypted { 443 } else { 80 };
        let port = port.and_then(|port| port.parse().ok());
        let same_port = self.any_port() || port.unwrap_or(usual) == self.port.unwrap_or(usual);
        if same_port && name.eq_ignore_ascii_case(&self.host) {
            return Ok(());
        }
        let port = port.filter(|_| self.any_port()).or(self.port);
        Err(NoPasskeys::Elsewhere(Self { port, ..self.clone() }.origin()))
    }
}

/// Name and port; brackets stay.
fn split(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

/// A name as it is compared.
fn named(host: &str) -> Option<String> {
    let host = idna::domain_to_ascii(host).ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    (!host.is_empty() && host.bytes().all(plain)).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_read_and_written() {
        let check = |text: &str, expected: Result<&str, NoAddress>| {
            let found = PublicAddress::parse(text).map(|address| address.origin());
            assert_eq!(found.as_deref().map_err(|why| *why), expected, "{text}");
        };
        check("https://muster.example.com", Ok("https://muster.example.com"));
        check(" HTTPS://Muster.Example.com:443/ ", Ok("https://muster.example.com"));
        check("https://bücher.example:8443", Ok("https://xn--bcher-kva.example:8443"));
        check("http://localhost:3000", Ok("http://localhost:3000"));
        check("http://127.0.0.1:3000", Ok("http://127.0.0.1:3000"));
        check("https://[2001:db8::1]:3000", Ok("https://[2001:db8::1]:3000"));
        check("http://muster.example.com", Err(NoAddress::Plain));
        check("http://192.168.1.1", Err(NoAddress::Plain));
        for wrong in [
            "",
            "muster.example.com",
            "ftp://muster.example.com",
            "https://",
            "https://muster.example.com/x",
            "https://muster.example.com?x",
            "https://ada@muster.example.com",
            "https://muster.example.com:port",
            "https://[x]",
        ] {
            check(wrong, Err(NoAddress::Form));
        }
    }

    #[test]
    fn passkeys_belong_to_one_name() {
        let check = |address: &str, host: &str, elsewhere: Option<&str>| {
            let found = PublicAddress::parse(address).unwrap().is_open_at(host);
            let elsewhere = elsewhere.map(|origin| NoPasskeys::Elsewhere(origin.to_owned()));
            assert_eq!(found.err(), elsewhere, "{address} at {host}");
        };
        let muster = "https://muster.example.com";
        check(muster, "muster.example.com", None);
        check(muster, "Muster.example.com:443", None);
        check(muster, "muster.example.com:8443", Some(muster));
        check(muster, "muster", Some(muster));
        check("http://localhost", "localhost:41234", None);
        check("http://localhost", "127.0.0.1:41234", Some("http://localhost:41234"));
        check("http://localhost:3000", "localhost:41234", Some("http://localhost:3000"));
        let ip = PublicAddress::parse("https://192.0.2.7").unwrap();
        assert_eq!(ip.relying_party(), Err(NoPasskeys::IpAddress));
        assert_eq!(PublicAddress::loopback().relying_party(), Ok("localhost"));
    }

    #[test]
    fn names() {
        assert_eq!(checked_name(" Telephone ").as_deref(), Ok("Telephone"));
        for wrong in ["", "  ", "a\nb", &"x".repeat(61)] {
            assert!(checked_name(wrong).is_err(), "{wrong:?}");
        }
    }
}
