//! The database's address, `sqlite:FILE` or `postgres://…`: what it means, and how it may be shown.

pub(crate) mod servers;

use std::path::PathBuf;

use servers::Servers;

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
    /// Those of PostgreSQL.
    pub(crate) servers: Servers,
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
                servers: Servers::default(),
            });
        }
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let shown = without_password(address);
            return match Servers::parse(address) {
                Ok(servers) => Ok(Self {
                    kind: Kind::Postgres,
                    url: servers.list.first().map(|it| it.url.clone()).unwrap_or_default(),
                    shown,
                    file: PathBuf::new(),
                    servers,
                }),
                Err(why) => Err(OpenError::Parameter { address: shown, why }),
            };
        }
        Err(wrong())
    }
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
    let (address, rest) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
    if rest.contains('@') {
        // A password may hold an unescaped “?” or “#”: where it ends can't be told.
        return address
            .split_once("://")
            .map_or_else(String::new, |(kind, _)| format!("{kind}://…"));
    }
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
        check("mysql://root:1?secret@h/d", "“mysql://…” is no database.");
        check("postgres://u:1#secret@h/d", "The address postgres://… can't be used: ");
    }
}
