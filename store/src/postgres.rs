//! Connections to PostgreSQL: several servers may be named, the one that takes writes is used, and
//! followed when another does.

pub(crate) mod settings;
mod watch;

use std::io;
use std::sync::Arc;

use sqlx::any::{AnyConnectOptions, AnyRow};
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions, Error, Row};
use tokio::sync::{Notify, watch as channel};
use tokio::task::AbortHandle;

use self::watch::{Fault, Faults, Found, Used, Watch, find};
use crate::address::Address;
use crate::address::servers::{Server, Servers, Wanted};
use crate::error::OpenError;
use crate::open::{Access, options};
use crate::pools::{Current, Link, Lost, PoolSizes, Pools};

/// What a server says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    /// When it was started: no two servers have the same.
    started: String,
    takes_writes: bool,
}

const QUESTION: &str = "SELECT current_setting('transaction_read_only') AS read_only, \
                               CAST(pg_postmaster_start_time() AS TEXT) AS started";

/// Ends the watch with the last clone of the store.
pub(crate) struct Watching(AbortHandle);

impl Watching {
    pub fn end(&self) {
        self.0.abort();
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.end();
    }
}

/// Finds the server and goes on watching it.
pub(crate) async fn open(
    address: &Address,
    sizes: PoolSizes,
) -> Result<(Current, Watching), OpenError> {
    let servers = address.servers.clone();
    let found = find(&servers).await.map_err(|faults| none(address, faults))?;
    let used = pools(found, &servers, sizes).map_err(|cause| server_fault(address, &cause))?;
    let (sender, current) = channel::channel(Some(used.pools.clone()));
    let watch = Watch { servers, sizes, current: sender };
    let watching = tokio::spawn(watch.run(used)).abort_handle();
    Ok((Current::of(current), Watching(watching)))
}

/// The pools of a server that was found; their connections are made as they are needed.
fn pools(found: Found, servers: &Servers, sizes: PoolSizes) -> Result<Used, Error> {
    let (lost, is_lost) = channel::channel(false);
    let suspicion = Arc::new(Notify::new());
    let pool = |connections, access| {
        let check = Arc::new(Check {
            settings: if servers.prepares { settings::session(access) } else { String::new() },
            expected: found.answer.clone(),
            wanted: servers.wanted,
            suspicion: Arc::clone(&suspicion),
        });
        options(connections)
            .after_connect(move |connection, _| {
                let check = Arc::clone(&check);
                Box::pin(async move { check.run(connection).await })
            })
            .connect_lazy(&found.server.url)
    };
    let pools = Pools {
        readers: pool(sizes.readers, Access::Read)?,
        writers: pool(sizes.writers, Access::Write)?,
        link: Link { lost: Lost::of(is_lost), prepares: servers.prepares },
        suspicion,
    };
    Ok(Used { found, pools, lost })
}

/// What is done with each new connection, in one round trip.
struct Check {
    settings: String,
    expected: Answer,
    wanted: Wanted,
    suspicion: Arc<Notify>,
}

impl Check {
    /// Refuses a connection to another server than was found, as behind an address that moved.
    async fn run(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        let sql = AssertSqlSafe([self.settings.as_str(), QUESTION].concat());
        let rows = sqlx::raw_sql(sql).fetch_all(connection).await?;
        let answer = answer(rows.last().ok_or(Error::RowNotFound)?)?;
        if answer == self.expected || self.wanted == Wanted::Any {
            return Ok(());
        }
        self.suspicion.notify_one();
        if self.expected.takes_writes {
            return Err(Error::Io(io::Error::other("the address leads to another server by now")));
        }
        Ok(())
    }
}

async fn connect(server: &Server) -> Result<(AnyConnection, Answer), Error> {
    let options: AnyConnectOptions = server.url.parse()?;
    let mut connection = options.disable_statement_logging().connect().await?;
    let answer = ask(&mut connection).await?;
    Ok((connection, answer))
}

async fn ask(connection: &mut AnyConnection) -> Result<Answer, Error> {
    answer(&sqlx::raw_sql(QUESTION).fetch_one(connection).await?)
}

fn answer(row: &AnyRow) -> Result<Answer, Error> {
    let read_only: String = row.try_get("read_only")?;
    Ok(Answer { started: row.try_get("started")?, takes_writes: read_only == "off" })
}

fn none(address: &Address, mut faults: Faults) -> OpenError {
    match faults.pop_front() {
        Some((_, Fault::Refused(cause))) if faults.is_empty() => server_fault(address, &cause),
        Some((_, Fault::TakesNoWrites)) if faults.is_empty() => OpenError::ReadOnly,
        first => {
            let why = first.into_iter().chain(faults).map(|(server, fault)| match fault {
                Fault::Refused(cause) => format!("{server}: {}", words(&cause)),
                Fault::TakesNoWrites => format!("{server}: it takes no writes"),
            });
            let why = why.collect::<Vec<_>>().join("; ");
            OpenError::Server { address: address.shown.clone(), why }
        }
    }
}

fn server_fault(address: &Address, cause: &Error) -> OpenError {
    OpenError::Server { address: address.shown.clone(), why: words(cause) }
}

fn words(cause: &Error) -> String {
    match cause {
        Error::PoolTimedOut => "it does not answer".to_owned(),
        // The parser's words may quote the address, and with it the password.
        Error::Configuration(_) => "the address is not complete".to_owned(),
        Error::Database(cause) if cause.message().contains("unsupported startup parameter") => {
            format!(
                "{}. PgBouncer needs the setting ignore_startup_parameters = extra_float_digits; where \
                 it pools transactions, add prepare=off to the address",
                cause.message()
            )
        }
        Error::Database(cause) => cause.message().to_owned(),
        Error::Tls(cause) => format!(
            "{cause}. Its certificate must hold for this name: add sslrootcert=FILE to the address \
             where an authority of your own issued it; sslmode says it if less will do"
        ),
        _ => cause.to_string(),
    }
}
