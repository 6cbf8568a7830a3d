//! What the program runs with. Each setting comes from its flag, else from the environment, else
//! from the configuration file, else it has a default. One that is wrong is refused with its name
//! as it was given, what is wrong and what would be right. No other file reads the environment.

mod bounds;
mod file;
mod given;
mod listening;
mod log;
mod stopping;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::ArgMatches;
use roster::passkey::PublicAddress;

use crate::arguments::{Common, MoveDatabase, Serve};
use crate::failure::Result;
pub use bounds::Connections;
use given::{Given, Sources};
pub use listening::Exposure;
pub use log::{Form, Log};

/// The database that a command works on, and the keys outside of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Database {
    pub url: String,
    /// Where it isn't the one beside the SQLite file.
    pub key_file: Option<PathBuf>,
}

/// What `move` moves, and where to.
#[derive(Debug, PartialEq, Eq)]
pub struct Moving {
    pub from: String,
    pub to: String,
    /// Where it isn't the one beside the SQLite file.
    pub key_file: Option<PathBuf>,
}

/// What `serve` runs with.
#[derive(Debug)]
pub struct Configuration {
    pub database: Database,
    pub listen: SocketAddr,
    pub exposure: Exposure,
    /// The address by which browsers know this server, where it is known.
    pub public: Option<PublicAddress>,
    pub connections: Connections,
    /// Told to stop, the server takes connections for so long.
    pub stop_delay: Duration,
    pub log: Log,
}

impl Configuration {
    /// `matches` are those of `serve`: they know which values came from the environment.
    pub fn read(common: &Common, serve: &Serve, matches: &ArgMatches) -> Result<Self> {
        let sources = Sources::read(common, matches)?;
        let listen = listening::address(sources.given("listen", serve.listen.as_ref()))?;
        let exposure = listening::exposure(
            &listen,
            sources.given("tls_cert", serve.tls_cert.as_ref()),
            sources.given("tls_key", serve.tls_key.as_ref()),
            sources.given("trusted_proxy", serve.trusted_proxy.as_ref()),
        )?;
        let public =
            listening::public(&exposure, sources.given("public_url", serve.public_url.as_ref()))?;
        let connections = Connections::read(
            sources.given("max_connections", serve.max_connections.as_ref()),
            sources
                .given("max_connections_per_address", serve.max_connections_per_address.as_ref()),
        )?;
        let stop_delay =
            stopping::delay(&exposure, sources.given("stop_delay", serve.stop_delay.as_ref()))?;
        let log = log::read(
            sources.given("log", serve.log.as_ref()),
            sources.given("log_level", serve.log_level.as_ref()),
        )?;
        let database = database_of(&sources, common)?;
        Ok(Self {
            database,
            listen: listen.address,
            exposure,
            public,
            connections,
            stop_delay,
            log,
        })
    }
}

/// The database that a command works on.
pub fn database(common: &Common, matches: &ArgMatches) -> Result<Database> {
    database_of(&Sources::read(common, matches)?, common)
}

/// The two databases of a move.
pub fn moving(common: &Common, wish: &MoveDatabase, matches: &ArgMatches) -> Result<Moving> {
    let sources = Sources::read(common, matches)?;
    Ok(Moving {
        from: checked_database(sources.given("from", Some(&wish.from)))?,
        to: checked_database(sources.given("to", Some(&wish.to)))?,
        key_file: key_file_of(&sources, common),
    })
}

fn key_file_of(sources: &Sources, common: &Common) -> Option<PathBuf> {
    sources.given("key_file", common.key_file.as_ref()).map(|given| given.text.into())
}

fn database_of(sources: &Sources, common: &Common) -> Result<Database> {
    let url = checked_database(sources.given("database", common.database.as_ref()))?;
    Ok(Database { url, key_file: key_file_of(sources, common) })
}

/// Looks at the kind alone. The rest may be a password: it is never part of a message.
fn checked_database(given: Option<Given>) -> Result<String> {
    let Some(given) = given else { return Ok("sqlite:muster.db".to_owned()) };
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if known.iter().any(|kind| given.text.len() > kind.len() && given.text.starts_with(kind)) {
        return Ok(given.text);
    }
    let why = "This names no database. Give sqlite:FILE, such as sqlite:muster.db, or \
               postgres://USER:PASSWORD@HOST/NAME.";
    Err(given.refuse(why))
}
