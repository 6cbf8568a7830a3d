//! Where the server listens, and that nobody's cookies cross a network in the clear.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use roster::passkey::PublicAddress;

use super::given::Given;
use crate::failure::{Failure, Result};

/// How the browsers' connections are kept from others.
#[derive(Debug, PartialEq, Eq)]
pub enum Exposure {
    /// Nobody else can reach it: it listens on this computer alone.
    Loopback,
    Tls {
        cert: PathBuf,
        key: PathBuf,
    },
    /// TLS ends at a proxy in one of these networks, which says for whom it speaks.
    Proxy(Vec<IpNet>),
}

impl Exposure {
    /// The browser sees TLS.
    pub fn is_encrypted(&self) -> bool {
        *self != Self::Loopback
    }
}

/// The address, and how it was given, for messages about it.
pub struct Listen {
    pub address: SocketAddr,
    given: Option<Given>,
}

pub fn address(given: Option<Given>) -> Result<Listen> {
    let Some(given) = given else {
        return Ok(Listen { address: SocketAddr::from(([127, 0, 0, 1], 3000)), given: None });
    };
    let text = given.text.replacen("localhost:", "127.0.0.1:", 1);
    match text.parse() {
        Ok(address) => Ok(Listen { address, given: Some(given) }),
        Err(_) => Err(given.refuse(format_args!(
            "“{}” is not an address to listen on. Give an IP address and a port, such as \
             127.0.0.1:3000 or [::1]:3000.",
            given.text
        ))),
    }
}

pub fn exposure(
    listen: &Listen,
    cert: Option<Given>,
    key: Option<Given>,
    proxy: Option<Given>,
) -> Result<Exposure> {
    match (cert, key, proxy) {
        (Some(cert), _, Some(proxy)) | (None, Some(cert), Some(proxy)) => {
            Err(proxy.refuse(format_args!(
                "TLS ends either at the proxy or here; {} is set too. Leave out one of them.",
                cert.name()
            )))
        }
        (Some(cert), Some(key), None) => {
            Ok(Exposure::Tls { cert: cert.text.into(), key: key.text.into() })
        }
        (Some(cert), None, None) => {
            Err(cert.refuse("The certificate needs its key. Give --tls-key as well."))
        }
        (None, Some(key), None) => {
            Err(key.refuse("The key needs its certificate. Give --tls-cert as well."))
        }
        (None, None, Some(proxy)) => networks(&proxy).map(Exposure::Proxy),
        (None, None, None) => loopback(listen),
    }
}

/// The address by which browsers know this server; what this computer alone can reach needs none.
pub fn public(exposure: &Exposure, given: Option<Given>) -> Result<Option<PublicAddress>> {
    match given {
        Some(given) => {
            let address = PublicAddress::parse(&given.text);
            address.map(Some).map_err(|why| {
                given.refuse(format_args!("“{}” is no public address. {why}", given.text))
            })
        }
        None if *exposure == Exposure::Loopback => Ok(Some(PublicAddress::loopback())),
        None => Ok(None),
    }
}

fn loopback(listen: &Listen) -> Result<Exposure> {
    if listen.address.ip().to_canonical().is_loopback() {
        return Ok(Exposure::Loopback);
    }
    let name = listen.given.as_ref().map_or_else(|| "--listen".to_owned(), Given::name);
    Err(Failure::Usage(format!(
        "{name}: Other computers can reach {}, and without TLS passwords and sign-in cookies would \
         cross the network in the clear. Give --tls-cert and --tls-key; or, behind a proxy that \
         ends TLS, its network as --trusted-proxy; or listen on 127.0.0.1.",
        listen.address
    )))
}

fn networks(given: &Given) -> Result<Vec<IpNet>> {
    given
        .text
        .split(',')
        .map(|text| {
            let text = text.trim();
            let address = || text.parse::<IpAddr>().map(IpNet::from);
            text.parse::<IpNet>().or_else(|_| address()).map_err(|_| {
                given.refuse(format_args!(
                    "“{text}” is not a network. Give addresses or networks with commas between \
                     them, such as 10.0.0.5 or 10.0.0.0/24."
                ))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listen(text: &str) -> Listen {
        address(Some(Given::flag("listen", text))).unwrap()
    }

    fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
        match result.unwrap_err() {
            Failure::Usage(message) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn addresses() {
        assert_eq!(address(None).unwrap().address.to_string(), "127.0.0.1:3000");
        assert_eq!(listen("localhost:80").address.to_string(), "127.0.0.1:80");
        assert_eq!(listen("[::1]:80").address.to_string(), "[::1]:80");
        let message = message(address(Some(Given::flag("listen", "3000"))).map(|l| l.address));
        assert!(message.starts_with("--listen: “3000” is not an address"), "{message}");
    }

    #[test]
    fn nothing_but_loopback_goes_without_tls() {
        let check = |address: &str, plain: bool| {
            let found = exposure(&listen(address), None, None, None);
            assert_eq!(found.is_ok(), plain, "{address}");
        };
        check("127.0.0.1:3000", true);
        check("127.8.0.1:3000", true);
        check("[::1]:3000", true);
        check("[::ffff:127.0.0.1]:3000", true);
        check("0.0.0.0:3000", false);
        check("[::]:3000", false);
        check("192.168.1.1:3000", false);
    }

    #[test]
    fn tls_needs_both_files_and_no_proxy() {
        let given = |id| Some(Given::flag(id, "10.0.0.0/8"));
        let any = listen("0.0.0.0:3000");
        let check = |cert, key, proxy, expected: &str| {
            let found = message(exposure(&any, cert, key, proxy));
            assert!(found.starts_with(expected), "{found}");
        };
        check(given("tls_cert"), None, None, "--tls-cert: The certificate needs its key.");
        check(None, given("tls_key"), None, "--tls-key: The key needs its certificate.");
        check(given("tls_cert"), None, given("trusted_proxy"), "--trusted-proxy: TLS ends either");
        check(None, None, None, "--listen: Other computers can reach 0.0.0.0:3000");
        let wrong = Some(Given::flag("trusted_proxy", "10.0.0.0/8, proxy"));
        check(None, None, wrong, "--trusted-proxy: “proxy” is not a network.");
        let both = exposure(&any, given("tls_cert"), given("tls_key"), None).unwrap();
        assert!(matches!(both, Exposure::Tls { .. }));
    }

    #[test]
    fn the_public_address_is_given_or_this_computer() {
        let check = |exposure: Exposure, text: Option<&str>, expected: Option<&str>| {
            let given = text.map(|text| Given::flag("public_url", text));
            let found = public(&exposure, given).unwrap().map(|address| address.origin());
            assert_eq!(found.as_deref(), expected);
        };
        let proxy = || Exposure::Proxy(Vec::new());
        check(Exposure::Loopback, None, Some("http://localhost"));
        check(proxy(), None, None);
        check(proxy(), Some("https://muster.example.com/"), Some("https://muster.example.com"));
        let plain = Given::flag("public_url", "http://muster.example.com");
        let found = message(public(&proxy(), Some(plain)));
        assert!(found.starts_with("--public-url: “http://muster.example.com” is no"), "{found}");
    }

    #[test]
    fn proxies_are_networks_or_addresses() {
        let given = Given::flag("trusted_proxy", "10.0.0.5, 10.1.0.0/16,::1");
        let found = networks(&given).unwrap();
        let expected = ["10.0.0.5/32", "10.1.0.0/16", "::1/128"].map(|net| net.parse().unwrap());
        assert_eq!(found, expected);
    }
}
