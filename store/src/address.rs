//! The database's address, `sqlite:FILE` or `postgres://…`: what it means, and how it may be shown.

use std::net::IpAddr;
use std::path::PathBuf;

use crate::connection::Kind;
use crate::error::OpenError;

/// An address that was understood.
pub(crate) struct Address {
    pub(crate) kind: Kind,
    /// With the password: for the driver, never to be shown.
    pub(crate) url: String,
    /// For people and logs.
    pub(crate) shown: String,
    /// The SQLite file.
    pub(crate) file: PathBuf,
}

impl Address {
    pub(crate) fn parse(address: &str) -> Result<Self, OpenError> {
        let wrong = || OpenError::Address { address: without_password(address) };
        if let Some(rest) = address.strip_prefix("sqlite:") {
            let file = rest.strip_prefix("//").unwrap_or(rest);
            let file = file.split_once('?').map_or(file, |(file, _)| file);
            // A database in memory would be another one for each connection.
            if file.is_empty() || file == ":memory:" {
                return Err(wrong());
            }
            return Ok(Self {
                kind: Kind::Sqlite,
                url: format!("sqlite://{}?mode=rwc", encoded(file)),
                shown: format!("sqlite:{file}"),
                file: PathBuf::from(file),
            });
        }
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Ok(Self {
                kind: Kind::Postgres,
                url: verified(address),
                shown: without_password(address),
                file: PathBuf::new(),
            });
        }
        Err(wrong())
    }
}

/// Where the server is another machine, its certificate must hold, unless the address says otherwise:
/// by itself the driver takes any, and none as well.
fn verified(address: &str) -> String {
    let (address, _) = address.split_once('#').unwrap_or((address, ""));
    let (place, query) = address.split_once('?').unwrap_or((address, ""));
    let is_said = |key: &str| ["sslmode", "ssl-mode"].contains(&key);
    let mut parameters = query.split('&').filter_map(|parameter| parameter.split_once('='));
    if parameters.clone().any(|(key, _)| is_said(key)) {
        return address.to_owned();
    }
    let given = parameters.all(|(key, host)| !["host", "hostaddr"].contains(&key) || is_here(host));
    if given && is_here(host(place)) {
        return address.to_owned();
    }
    let mark = if query.is_empty() { "?" } else { "&" };
    format!("{}{mark}sslmode=verify-full", address.trim_end_matches('?'))
}

/// As the driver reads it: what stands before the first “/”, after the last “@”, without the port.
fn host(place: &str) -> &str {
    let place = place.split_once("://").map_or(place, |(_, place)| place);
    let authority = place.split('/').next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.strip_prefix('[') {
        Some(host) => host.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// This machine: a folder with the server's socket, or an address that leads nowhere else. Without a
/// host, it is such a folder.
fn is_here(host: &str) -> bool {
    let is_folder = host.starts_with('/') || host.to_ascii_lowercase().starts_with("%2f");
    let is_loopback = || host.parse().is_ok_and(|ip: IpAddr| ip.to_canonical().is_loopback());
    host.is_empty() || is_folder || host.eq_ignore_ascii_case("localhost") || is_loopback()
}

/// The driver decodes what stands in a file's name as `%20`; the name is meant as it stands.
fn encoded(file: &str) -> String {
    let mut encoded = String::with_capacity(file.len());
    for c in file.chars() {
        match c {
            '%' => encoded.push_str("%25"),
            '#' => encoded.push_str("%23"),
            ' ' => encoded.push_str("%20"),
            _ => encoded.push(c),
        }
    }
    encoded
}

/// `scheme://user@host/database`: without the password and without parameters, which may hold one.
fn without_password(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = address.split_once("://") else {
        // Nothing here is known to be harmless.
        return address.split('@').next_back().unwrap_or_default().to_owned();
    };
    // A password may hold an unescaped “@” or “/”: the host begins after the last “@”.
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        // Without an “@” what follows a “:” is a port, or a password of somebody who forgot it.
        None => match rest.split_once(':') {
            Some((host, port)) if !port.starts_with(|c: char| c.is_ascii_digit()) => {
                format!("{scheme}://{host}")
            }
            _ => format!("{scheme}://{rest}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let check = |address: &str, url: &str, shown: &str| {
            let parsed = Address::parse(address).unwrap();
            assert_eq!((parsed.url.as_str(), parsed.shown.as_str()), (url, shown));
        };
        check("sqlite:muster.db", "sqlite://muster.db?mode=rwc", "sqlite:muster.db");
        check("sqlite:///var/lib/m.db", "sqlite:///var/lib/m.db?mode=rwc", "sqlite:/var/lib/m.db");
        check("sqlite:a 1%.db?mode=ro", "sqlite://a%201%25.db?mode=rwc", "sqlite:a 1%.db");
        check("postgres://u@h/d", "postgres://u@h/d?sslmode=verify-full", "postgres://u@h/d");
        check(
            "postgresql://u:p@ss/w@h:5432/d?password=x",
            "postgresql://u:p@ss/w@h:5432/d?password=x&sslmode=verify-full",
            "postgresql://u@h:5432/d",
        );
    }

    #[test]
    fn the_certificate_of_another_machine_is_looked_at() {
        let check = |address: &str, added: &str| {
            assert_eq!(verified(address), [address, added].concat(), "{address}");
        };
        for elsewhere in [
            "postgres://u@db.example.com/d",
            "postgres://u:p@10.0.0.5:5432/d",
            "postgres://[2001:db8::1]/d",
            "postgres://localhost.example.com/d",
            "postgres://127.0.0.1@db.example.com/d",
        ] {
            check(elsewhere, "?sslmode=verify-full");
        }
        check("postgres:///d?host=db.example.com", "&sslmode=verify-full");
        check("postgres://localhost/d?hostaddr=10.0.0.5", "&sslmode=verify-full");
        check("postgres://h/d?sslrootcert=ca.pem", "&sslmode=verify-full");
        for here in [
            "postgres:///d",
            "postgres://u@localhost/d",
            "postgres://u:p@127.0.0.1:5432/d",
            "postgres://[::1]/d",
            "postgres:///d?host=/var/run/postgresql",
            "postgres://%2Fvar%2Frun%2Fpostgresql/d",
        ] {
            check(here, "");
        }
        check("postgres://h/d?sslmode=require", "");
        check("postgres://h/d?ssl-mode=prefer", "");
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_password() {
        let check = |address: &str, shown: &str| {
            let error = Address::parse(address).err().map(|error| error.to_string());
            assert!(error.is_some_and(|text| text.starts_with(shown)), "{address}");
        };
        check("sqlite:", "“sqlite:” is no database.");
        check("sqlite::memory:", "“sqlite::memory:” is no database.");
        check("muster.db", "“muster.db” is no database.");
        check("mysql://root:secret@h/d", "“mysql://root@h/d” is no database.");
        check("root:secret@h/d", "“h/d” is no database.");
        check("mysql://root:secret", "“mysql://root” is no database.");
    }
}
