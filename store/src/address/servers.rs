//! The address of PostgreSQL: one or several servers, and parameters, of which some are Muster's, some
//! the driver's. Any other is refused: it would have no effect. No text here quotes a value that may be
//! a password.

use std::net::IpAddr;
use std::time::Duration;

/// What an address of PostgreSQL says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Servers {
    pub list: Vec<Server>,
    pub wanted: Wanted,
    pub connect_within: Duration,
    /// Connections keep their prepared statements and settings; not behind a pooler that hands them
    /// to others between transactions.
    pub prepares: bool,
}

#[derive(Clone)]
pub(crate) struct Server {
    /// With the password: for the driver, never to be shown.
    pub url: String,
    /// `host:port`.
    pub shown: String,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Which of the servers is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The first that answers.
    Any,
    /// The first that takes writes, and none else.
    Writes,
    /// The only one: it is read while it takes no writes.
    #[default]
    PreferWrites,
}

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const MOST_SECONDS: u64 = 60;
const MOST_SERVERS: usize = 16;

/// sqlx-postgres, `options/parse.rs`.
const OF_THE_DRIVER: [&str; 16] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
    "options[NAME]",
];
const OF_MUSTER: [&str; 6] =
    ["host", "hostaddr", "port", "target_session_attrs", "connect_timeout", "prepare"];

impl Servers {
    /// An error is a sentence for people, to stand behind “can't be used:”.
    pub fn parse(address: &str) -> Result<Self, String> {
        let (address, fragment) = address.split_once('#').unwrap_or((address, ""));
        let (place, query) = address.split_once('?').unwrap_or((address, ""));
        if query.contains('@') || fragment.contains('@') {
            return Err(
                "a “?” or “#” stands before its “@”. In a password write %3F and %23.".to_owned()
            );
        }
        let mut given = Given::default();
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            given.take(parameter)?;
        }
        let (scheme, rest) = place.split_once("://").unwrap_or(("postgres", place));
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (user, hosts) = match authority.rfind('@') {
            Some(at) => authority.split_at(at + 1),
            None => ("", authority),
        };
        let places = given.places(hosts)?;
        let several = places.len() > 1;
        let list = places.into_iter().map(|place| {
            let written = place.written();
            let mut query = given.driver.clone();
            if !given.is_verification_said && !is_here(&place.host) {
                query.push("sslmode=verify-full");
            }
            if given.prepares == Some(false) {
                query.push("statement-cache-capacity=0");
            }
            let mark = if query.is_empty() { "" } else { "?" };
            Server {
                url: format!("{scheme}://{user}{written}{path}{mark}{}", query.join("&")),
                shown: written,
            }
        });
        Ok(Self {
            list: list.collect(),
            wanted: given.wanted.unwrap_or(if several {
                Wanted::Writes
            } else {
                Wanted::PreferWrites
            }),
            connect_within: given.connect_within.unwrap_or(CONNECT_WITHIN),
            prepares: given.prepares.unwrap_or(true),
        })
    }
}

/// The parameters, as they were given.
#[derive(Default)]
struct Given<'a> {
    hosts: Option<&'a str>,
    ports: Option<&'a str>,
    wanted: Option<Wanted>,
    connect_within: Option<Duration>,
    prepares: Option<bool>,
    is_verification_said: bool,
    /// `key=value`, for the driver.
    driver: Vec<&'a str>,
}

impl<'a> Given<'a> {
    fn take(&mut self, parameter: &'a str) -> Result<(), String> {
        let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match key {
            "host" | "hostaddr" => self.hosts = Some(value),
            "port" => self.ports = Some(value),
            "target_session_attrs" => self.wanted = Some(wanted(value)?),
            "connect_timeout" => self.connect_within = Some(seconds(value)?),
            "prepare" => self.prepares = Some(is_on(value)?),
            _ if OF_THE_DRIVER.contains(&key) || key.starts_with("options[") => {
                self.is_verification_said |= ["sslmode", "ssl-mode"].contains(&key);
                self.driver.push(parameter);
            }
            _ => {
                return Err(format!(
                    "“{}” is no parameter. The parameters are {}, {}.",
                    shown(key),
                    OF_MUSTER.join(", "),
                    OF_THE_DRIVER.join(", ")
                ));
            }
        }
        Ok(())
    }

    fn places(&self, hosts: &str) -> Result<Vec<Place>, String> {
        let mut places: Vec<_> = match self.hosts {
            Some(hosts) => listed(hosts).map(|host| Place { host, port: None }).collect(),
            None => hosts.split(',').map(Place::parse).collect::<Result<_, _>>()?,
        };
        if places.len() > MOST_SERVERS {
            return Err(format!("it names more than {MOST_SERVERS} servers."));
        }
        if places.len() > 1 && places.iter().any(|place| place.host.is_empty()) {
            return Err("a host is missing between two commas.".to_owned());
        }
        let Some(ports) = self.ports else { return Ok(places) };
        let ports = listed(ports).map(|text| port(&text)).collect::<Result<Vec<_>, _>>()?;
        if ports.len() != 1 && ports.len() != places.len() {
            return Err("port= must name one port, or one for each host.".to_owned());
        }
        for (place, port) in places.iter_mut().zip(ports.iter().cycle()) {
            place.port = Some(*port);
        }
        Ok(places)
    }
}

/// Where one server is.
struct Place {
    /// Without brackets. Empty: the driver's default.
    host: String,
    port: Option<u16>,
}

impl Place {
    fn parse(text: &str) -> Result<Self, String> {
        let (host, rest) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
            Some((host, rest)) => (host, rest.strip_prefix(':')),
            None => match text.split_once(':') {
                Some((host, rest)) => (host, Some(rest)),
                None => (text, None),
            },
        };
        let rest = rest.filter(|text| !text.is_empty());
        Ok(Self { host: host.to_owned(), port: rest.map(port).transpose()? })
    }

    fn written(&self) -> String {
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.replace('/', "%2F")
        };
        match self.port {
            Some(port) => format!("{host}:{port}"),
            None => host,
        }
    }
}

fn listed(text: &str) -> impl Iterator<Item = String> {
    let text = text.replace("%2C", ",").replace("%2c", ",").replace("%3A", ":").replace("%3a", ":");
    text.split(',').map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// What is no port may be a password of somebody who forgot the “@”.
fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "a port is no number from 0 to 65535.".to_owned())
}

fn wanted(value: &str) -> Result<Wanted, String> {
    match value {
        "read-write" | "primary" => Ok(Wanted::Writes),
        "any" => Ok(Wanted::Any),
        _ => Err("target_session_attrs is read-write (or primary) or any.".to_owned()),
    }
}

fn seconds(value: &str) -> Result<Duration, String> {
    match value.parse() {
        Ok(seconds @ 1..=MOST_SECONDS) => Ok(Duration::from_secs(seconds)),
        _ => Err(format!("connect_timeout is a number of seconds from 1 to {MOST_SECONDS}.")),
    }
}

fn is_on(value: &str) -> Result<bool, String> {
    match value {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("prepare is on or off.".to_owned()),
    }
}

/// A key, or the part of it that surely is one.
fn shown(key: &str) -> String {
    key.chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).take(40).collect()
}

/// This machine: a folder with the server's socket, or an address that leads nowhere else. Without a
/// host, it is such a folder. Where the server is another machine, its certificate must hold, unless the
/// address says otherwise: by itself the driver takes any, and none as well.
fn is_here(host: &str) -> bool {
    let is_folder = host.starts_with('/') || host.to_ascii_lowercase().starts_with("%2f");
    let is_loopback = || host.parse().is_ok_and(|ip: IpAddr| ip.to_canonical().is_loopback());
    host.is_empty() || is_folder || host.eq_ignore_ascii_case("localhost") || is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(address: &str) -> Vec<String> {
        Servers::parse(address).unwrap().list.into_iter().map(|server| server.url).collect()
    }

    #[test]
    fn each_server_has_an_address_of_its_own() {
        let check = |address: &str, expected: &[&str]| assert_eq!(urls(address), expected);
        check("postgres://u:p@[::1]:5/m", &["postgres://u:p@[::1]:5/m"]);
        check(
            "postgres://u:p@127.0.0.1:5541,[::1],localhost:5/m?user=x",
            &[
                "postgres://u:p@127.0.0.1:5541/m?user=x",
                "postgres://u:p@[::1]/m?user=x",
                "postgres://u:p@localhost:5/m?user=x",
            ],
        );
        check(
            "postgres://u@/m?host=localhost,::1&port=1,2",
            &["postgres://u@localhost:1/m", "postgres://u@[::1]:2/m"],
        );
        check(
            "postgres:///m?host=/run/a%2C%2Frun%2Fb&port=1",
            &["postgres://%2Frun%2Fa:1/m", "postgres://%2Frun%2Fb:1/m"],
        );
    }

    #[test]
    fn the_certificate_of_another_machine_is_looked_at() {
        let check = |address: &str, expected: &[bool]| {
            let verified: Vec<_> =
                urls(address).iter().map(|url| url.contains("verify-full")).collect();
            assert_eq!(expected.to_vec(), verified, "{address}");
        };
        for elsewhere in [
            "postgres://u@db.example.com/d",
            "postgres://u:p@10.0.0.5:5432/d",
            "postgres://[2001:db8::1]/d",
            "postgres://localhost.example.com/d",
            "postgres://127.0.0.1@db.example.com/d",
            "postgres:///d?host=db.example.com",
            "postgres://localhost/d?hostaddr=10.0.0.5",
            "postgres://h/d?sslrootcert=ca.pem",
        ] {
            check(elsewhere, &[true]);
        }
        for here in [
            "postgres:///d",
            "postgres://u@localhost/d",
            "postgres://u:p@127.0.0.1:5432/d",
            "postgres://[::1]/d",
            "postgres:///d?host=/var/run/postgresql",
            "postgres://%2Fvar%2Frun%2Fpostgresql/d",
            "postgres://h/d?sslmode=require",
            "postgres://h/d?ssl-mode=prefer",
        ] {
            check(here, &[false]);
        }
        check("postgres://localhost,a,[::1]:3,b:4/d", &[false, true, false, true]);
        check("postgres:///d?host=/run,a", &[false, true]);
    }

    #[test]
    fn what_is_wanted_of_the_servers() {
        let check = |query: &str, wanted, seconds, prepares| {
            let servers = Servers::parse(&["postgres://localhost", query].concat()).unwrap();
            let found = (servers.wanted, servers.connect_within.as_secs(), servers.prepares);
            assert_eq!(found, (wanted, seconds, prepares), "{query}");
        };
        check("/m", Wanted::PreferWrites, 5, true);
        check(",b/m", Wanted::Writes, 5, true);
        check("/m?target_session_attrs=read-write", Wanted::Writes, 5, true);
        check(",b/m?target_session_attrs=any&connect_timeout=2", Wanted::Any, 2, true);
        check("/m?prepare=off", Wanted::PreferWrites, 5, false);
        assert!(urls("postgres://localhost/m?prepare=off")[0].ends_with("capacity=0"));
    }

    #[test]
    fn what_would_have_no_effect_is_refused_without_the_password() {
        let check = |address: &str, expected: &str| {
            let why = Servers::parse(address).unwrap_err();
            assert!(why.starts_with(expected) && !why.contains("secret"), "{why}");
        };
        let list = "“sslmod” is no parameter. The parameters are host, hostaddr, port,";
        check("postgres://u:secret@h/m?sslmod=require", list);
        check("postgres://u:secret@h/m?x.secret", "“x” is no parameter.");
        check("postgres://u:p?secret=1@h/m", "a “?” or “#” stands before its “@”.");
        check("postgres://u:p#secret@h/m", "a “?” or “#” stands before its “@”.");
        check("postgres://u:secret/m", "a port is no number");
        check("postgres://a:1,b:70000/m", "a port is no number");
        check("postgres:///m?host=a,b,c&port=1,2", "port= must name one port");
        check("postgres://a,,b/m", "a host is missing");
        check("postgres://a/m?target_session_attrs=standby", "target_session_attrs is");
        check("postgres://a/m?connect_timeout=0", "connect_timeout is");
        check("postgres://a/m?prepare=no", "prepare is on or off.");
    }
}
