//! The server's address. Nothing leaves this machine unencrypted.

use reqwest::Url;

use crate::failure::{Failure, Result};

const PATH: &str = "/api/directory-sync/v1/";

/// Checks an address, and returns the base of the protocol's addresses.
pub fn checked(text: &str) -> Result<Url> {
    let refuse = |why: &str| {
        // A password in the address must not reach the log.
        let address = text.rsplit('@').next().unwrap_or_default().to_owned();
        Failure::ServerAddress { address, why: why.to_owned() }
    };
    let url = Url::parse(text.trim()).map_err(|error| refuse(&error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("it has a name or a password in it"));
    }
    match url.scheme() {
        "https" => (),
        "http" if is_loopback(&url) => (),
        "http" => return Err(refuse("http:// would send the token in the clear")),
        _ => return Err(refuse("it doesn't begin with https://")),
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("there is something behind the name"));
    }
    url.join(PATH).map_err(|error| refuse(&error.to_string()))
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_or_this_machine_itself() {
        let check = |text: &str, expected: Option<&str>| {
            let found = checked(text).ok().map(String::from);
            let expected = expected.map(|it| it.to_owned() + PATH);
            assert_eq!(found, expected, "{text}");
        };
        check("https://muster.example.com", Some("https://muster.example.com"));
        check("https://muster.example.com:8443/", Some("https://muster.example.com:8443"));
        check("http://127.0.0.1:3000", Some("http://127.0.0.1:3000"));
        check("http://localhost:3000", Some("http://localhost:3000"));
        check("http://[::1]:3000", Some("http://[::1]:3000"));
        check("http://muster.example.com", None);
        check("http://127.0.0.1.example.com", None);
        check("https://muster.example.com/app", None);
        check("ftp://muster.example.com", None);
        check("muster.example.com", None);
        check("", None);
    }

    #[test]
    fn a_password_in_an_address_is_not_repeated() {
        let said = checked("https://ada:hidden@muster.example.com").unwrap_err().to_string();
        assert!(!said.contains("hidden"), "{said}");
    }
}
