//! Opening the database: pools, pragmas, and what stands in the way.

mod reading;

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use roster::authority::{Decision, Grant};
use roster::fault::Outage;
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Connection, Executor};
use tokio::time::timeout;

use crate::address::Address;
use crate::audit::{Chain, ChainKeys};
use crate::connection::{Kind, Reader, Transaction};
use crate::error::{BackUpError, Error, OpenError, SQLITE_BUSY};
use crate::migrate::{self, Outcome, Patience};
use crate::pools::{Current, Link, PoolSizes, Pools, WAIT_FOR_CONNECTION};
use crate::postgres::settings::{BEGIN_TO_WRITE, begin_shared};
use crate::postgres::{self, Watching};
use crate::private;

/// A connection answers when it is put back. Only one that then lay idle for longer is asked again: a
/// question more with each use would be the most of what many of them cost.
const FRESH: Duration = Duration::from_secs(1);
const PING_WITHIN: Duration = Duration::from_secs(3);
const SQLITE_READERS: u32 = 8;

/// The database, open. Clones share its connections.
#[derive(Clone)]
pub struct Store {
    kind: Kind,
    current: Current,
    chain: Chain,
    /// Of SQLite.
    file: Option<Arc<Path>>,
    /// Of PostgreSQL.
    watching: Option<Arc<Watching>>,
    prepares: bool,
    /// Held while a probe asks for a writer.
    pub(crate) probing: Arc<tokio::sync::Mutex<()>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Store {
    /// Refuses an SQLite file that isn't there, which [`open`](Self::open) would make.
    pub fn must_exist(address: &str) -> Result<(), OpenError> {
        let Address { kind, file, .. } = Address::parse(address)?;
        if kind == Kind::Sqlite && !file.exists() {
            return Err(OpenError::Missing { file });
        }
        Ok(())
    }

    /// Connects, makes an SQLite file that is missing, brings the schema forward.
    pub async fn open(address: &str) -> Result<Self, OpenError> {
        Self::open_sized(address, PoolSizes::default()).await
    }

    /// The same with so many connections to a PostgreSQL server.
    pub async fn open_sized(address: &str, sizes: PoolSizes) -> Result<Self, OpenError> {
        match Self::open_any(address, sizes).await? {
            (store, false) => Ok(store),
            (store, true) => {
                store.close().await;
                Err(OpenError::HalfMoved { address: Address::parse(address)?.shown })
            }
        }
    }

    /// The same for a move into it: half of a database may be there.
    pub async fn open_target(address: &str) -> Result<Self, OpenError> {
        Ok(Self::open_any(address, PoolSizes::default()).await?.0)
    }

    /// With it whether half of a database is there.
    async fn open_any(address: &str, sizes: PoolSizes) -> Result<(Self, bool), OpenError> {
        sqlx::any::install_default_drivers();
        let address = Address::parse(address)?;
        if address.kind == Kind::Sqlite {
            private::keep(&address.file);
        }
        let store = match address.kind {
            Kind::Sqlite => sqlite(&address).await.map_err(|cause| file_fault(&address, &cause)),
            Kind::Postgres => Self::postgres(&address, sizes).await,
        }?;
        let outcome = migrate::migrate(&store, &Patience::USUAL).await;
        let failed = match outcome {
            Ok(Outcome::Ready { half_moved }) => return Ok((store, half_moved)),
            Ok(Outcome::Newer { found, known }) => {
                OpenError::Newer { address: address.shown, found, known }
            }
            Ok(Outcome::Locked { holders }) => OpenError::locked(address.shown, &holders),
            Ok(Outcome::Foreign) => OpenError::NotADatabase { file: address.file },
            Err(Error::Database(cause)) if address.kind == Kind::Sqlite => {
                file_fault(&address, &cause)
            }
            Err(cause) if cause.outage() == Some(Outage::ReadOnly) => OpenError::ReadOnly,
            Err(cause) => OpenError::Migration { address: address.shown, cause },
        };
        store.close().await;
        Err(failed)
    }

    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The SQLite file.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// From now on entries of the audit trail are chained by these keys, once one is taken into use.
    pub fn chain_by(&self, keys: Arc<dyn ChainKeys>) {
        self.chain.set(keys);
    }

    pub async fn read(&self) -> Result<Reader, Error> {
        if !self.prepares {
            // Between two transactions the connection is another's.
            return self.begin(Access::Read, "BEGIN READ ONLY").await;
        }
        let taken = self.current.take(|pools| async move { pools.readers.acquire().await }).await?;
        Ok(Reader::new(self.kind, taken))
    }

    /// A view that stays as it is, whatever others write meanwhile, for as long as it is read.
    pub async fn snapshot(&self) -> Result<Reader, Error> {
        let begin = match self.kind {
            Kind::Sqlite => "BEGIN",
            Kind::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        let mut reader = self.begin(Access::Read, begin).await?;
        reader.no_time_limits().await?;
        Ok(reader)
    }

    pub async fn write(&self) -> Result<Transaction, Error> {
        let begin = match self.kind {
            // A transaction that began as a reader can't always become a writer.
            Kind::Sqlite => "BEGIN IMMEDIATE",
            Kind::Postgres if self.prepares => BEGIN_TO_WRITE,
            Kind::Postgres => "BEGIN",
        };
        Ok(Transaction::new(self.begin(Access::Write, begin).await?, self.chain.clone()))
    }

    async fn begin(&self, access: Access, begin: &'static str) -> Result<Reader, Error> {
        let taken = self
            .current
            .take(|pools| async move {
                let pool = match access {
                    Access::Read => pools.readers,
                    Access::Write => pools.writers,
                };
                if pools.link.prepares {
                    pool.begin_with(begin).await
                } else {
                    pool.begin_with(AssertSqlSafe(begin_shared(begin, access))).await
                }
            })
            .await?;
        Ok(Reader::within(self.kind, taken))
    }

    /// A consistent copy of the SQLite file, made while others read and write. Refuses a file that
    /// is there.
    pub async fn back_up(&self, decided: &Decision, to: &Path) -> Result<(), BackUpError> {
        if decided.grant() != Grant::Operate {
            return Err(Error::WrongPermit(decided.grant()).into());
        }
        if self.kind == Kind::Postgres {
            return Err(BackUpError::UsePgDump);
        }
        let write = |why: String| BackUpError::Write { file: to.to_owned(), why };
        let Some(name) = to.to_str() else {
            return Err(write("its name is no text".to_owned()));
        };
        // SQLite fills an empty file: made here, it is surely new.
        match private::create_new(to) {
            Ok(_) => {}
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
                return Err(BackUpError::Exists(to.to_owned()));
            }
            Err(cause) => return Err(write(cause.to_string())),
        }
        let taken = self.current.take(|pools| async move { pools.readers.acquire().await }).await;
        let mut connection = taken.map_err(Error::from)?.0.detach();
        let copied = async {
            connection.execute("PRAGMA query_only = OFF").await?;
            sqlx::query("VACUUM INTO $1").bind(name).execute(&mut connection).await
        }
        .await;
        if let Err(cause) = copied {
            // A half copy looks like a whole one.
            let _ = tokio::fs::remove_file(to).await;
            return Err(write(cause.to_string()));
        }
        Ok(())
    }

    /// Waits for what runs, then lets go of the database.
    pub async fn close(&self) {
        if let Some(watching) = &self.watching {
            watching.end();
        }
        self.current.close().await;
    }

    fn sqlite(file: &Path, readers: AnyPool, writers: AnyPool) -> Self {
        let pools = Pools { readers, writers, link: Link::FILE, suspicion: Arc::default() };
        Self {
            kind: Kind::Sqlite,
            current: Current::always(pools),
            chain: Chain::default(),
            file: Some(Arc::from(file)),
            watching: None,
            prepares: true,
            probing: Arc::default(),
        }
    }

    /// A PostgreSQL database as it is.
    pub(crate) async fn postgres(address: &Address, sizes: PoolSizes) -> Result<Self, OpenError> {
        let (current, watching) = postgres::open(address, sizes).await?;
        Ok(Self {
            kind: Kind::Postgres,
            current,
            chain: Chain::default(),
            file: None,
            watching: Some(Arc::new(watching)),
            prepares: address.servers.prepares,
            probing: Arc::default(),
        })
    }
}

pub(crate) fn options(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(WAIT_FOR_CONNECTION)
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for > FRESH {
                    let answer = timeout(PING_WITHIN, connection.ping()).await;
                    answer.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
                }
                // SQLite rolls back by itself where the disk is full or fails; the driver then takes
                // the connection for one within a transaction, for good.
                Ok(!connection.is_in_transaction())
            })
        })
}

async fn sqlite(address: &Address) -> Result<Store, sqlx::Error> {
    let mut first = try_once(&address.url).await?;
    prepare_sqlite(&mut first, Access::Write).await?;
    let writers = sqlite_pool(&address.url, 1, Access::Write).await?;
    let readers = sqlite_pool(&address.url, SQLITE_READERS, Access::Read).await?;
    first.close().await?;
    Ok(Store::sqlite(&address.file, readers, writers))
}

/// A pool tries again and again, and then only says that it took too long: the first connection
/// is made without one, and says what is wrong.
async fn try_once(url: &str) -> Result<AnyConnection, sqlx::Error> {
    timeout(WAIT_FOR_CONNECTION, AnyConnection::connect(url))
        .await
        .unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

async fn sqlite_pool(url: &str, connections: u32, access: Access) -> Result<AnyPool, sqlx::Error> {
    options(connections)
        .after_connect(move |connection, _| Box::pin(prepare_sqlite(connection, access)))
        .connect(url)
        .await
}

/// The settings of every SQLite connection.
async fn prepare_sqlite(connection: &mut AnyConnection, access: Access) -> Result<(), sqlx::Error> {
    // Another process may be writing: the command line beside the server.
    connection.execute("PRAGMA busy_timeout = 10000").await?;
    connection.execute("PRAGMA foreign_keys = ON").await?;
    match access {
        Access::Read => {
            connection.execute("PRAGMA cache_size = -16384").await?;
            connection.execute("PRAGMA query_only = ON").await?
        }
        Access::Write => {
            write_ahead_log(connection).await?;
            // An import changes pages all over the indexes, again and again: the log may grow to
            // 64 MiB before they are written to their place, and they stay in memory meanwhile.
            connection.execute("PRAGMA wal_autocheckpoint = 16384").await?;
            connection.execute("PRAGMA journal_size_limit = 67108864").await?;
            connection.execute("PRAGMA cache_size = -65536").await?;
            // What a statement may have to take back stays in memory, too: by itself SQLite writes
            // the pages of an import's chunk to a temporary file.
            connection.execute("PRAGMA temp_store = MEMORY").await?;
            // With a write-ahead log this loses nothing when the program dies; when the machine
            // dies, at most the last moments.
            connection.execute("PRAGMA synchronous = NORMAL").await?
        }
    };
    Ok(())
}

/// The file remembers this; the first to open it turns it on. Where two do so at once, SQLite
/// doesn't wait for the other as it does elsewhere.
async fn write_ahead_log(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    const TRIES: u32 = 100;
    for _ in 1..TRIES {
        match connection.execute("PRAGMA journal_mode = WAL").await {
            Err(cause) if sqlite_code(&cause) == Some(SQLITE_BUSY) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            done => return done.map(drop),
        }
    }
    connection.execute("PRAGMA journal_mode = WAL").await.map(drop)
}

/// SQLite's primary result code.
fn sqlite_code(cause: &sqlx::Error) -> Option<i32> {
    let code = cause.as_database_error()?.code()?.parse::<i32>().ok()?;
    Some(code & 0xff)
}

fn file_fault(address: &Address, cause: &sqlx::Error) -> OpenError {
    const PERMISSION: i32 = 3;
    const READ_ONLY: i32 = 8;
    const IO: i32 = 10;
    const FULL: i32 = 13;
    const CANNOT_OPEN: i32 = 14;
    const NOT_A_DATABASE: i32 = 26;
    let file = address.file.clone();
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let why = match sqlite_code(cause) {
        Some(NOT_A_DATABASE) => return OpenError::NotADatabase { file },
        Some(PERMISSION | READ_ONLY) => "it may not be written".to_owned(),
        Some(SQLITE_BUSY) => "another program keeps it locked".to_owned(),
        Some(FULL) => "the disk is full".to_owned(),
        Some(IO) => format!("its disk is full or can’t be read and written ({cause})"),
        Some(CANNOT_OPEN) if file.is_dir() => "it is a folder".to_owned(),
        Some(CANNOT_OPEN) if folder.is_some_and(|folder| !folder.is_dir()) => {
            "its folder doesn’t exist".to_owned()
        }
        Some(CANNOT_OPEN) => "it may not be read and written".to_owned(),
        _ => cause.to_string(),
    };
    OpenError::File { file, why }
}
