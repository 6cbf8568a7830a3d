//! One connection to the database: to read, or to read and write within a transaction.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU64, Ordering};

use roster::audit::Entry;
use roster::authority::{Actor, Caller};
use roster::id::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection};

use crate::audit::Chain;
use crate::error::{Error, violation};

/// Which database this is: where the dialects differ, the two stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// Reads. Safe while a writer is at work.
pub struct Reader {
    pub(crate) kind: Kind,
    source: Source,
}

enum Source {
    Pool(PoolConnection<Any>),
    Transaction(sqlx::Transaction<'static, Any>),
}

impl Reader {
    pub(crate) fn new(kind: Kind, connection: PoolConnection<Any>) -> Self {
        Self { kind, source: Source::Pool(connection) }
    }

    pub(crate) fn within(kind: Kind, transaction: sqlx::Transaction<'static, Any>) -> Self {
        Self { kind, source: Source::Transaction(transaction) }
    }

    /// Until its transaction ends a statement may take as long as it takes, and wait between two.
    pub(crate) async fn no_time_limits(&mut self) -> Result<(), Error> {
        const NONE: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
                            SET LOCAL idle_in_transaction_session_timeout = 0";
        if self.kind == Kind::Postgres {
            sqlx::raw_sql(NONE).execute(self.connection()).await?;
        }
        Ok(())
    }

    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        match &mut self.source {
            Source::Pool(connection) => connection,
            Source::Transaction(transaction) => transaction,
        }
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Reads and writes, all or nothing. Dropped without a commit it is rolled back.
#[derive(Debug)]
pub struct Transaction {
    reader: Reader,
    /// Tells its permits from another's.
    number: u64,
    /// Who asks, as they were found to be within this transaction.
    present: Option<Actor>,
    pub(crate) chain: Chain,
}

impl Deref for Transaction {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

impl Transaction {
    pub(crate) fn new(
        kind: Kind,
        transaction: sqlx::Transaction<'static, Any>,
        chain: Chain,
    ) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            reader: Reader::within(kind, transaction),
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            present: None,
            chain,
        }
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn present_actor(&self) -> Option<&Actor> {
        self.present.as_ref()
    }

    pub(crate) fn set_present_actor(&mut self, actor: Actor) {
        self.present = Some(actor);
    }

    /// Writes the audit entries of what was done, then makes all of it last.
    pub async fn commit(
        mut self,
        caller: &Caller,
        now: Timestamp,
        trail: &[Entry],
    ) -> Result<(), Error> {
        debug_assert!(!trail.is_empty(), "a change without an audit entry");
        self.write_audit(caller, now, trail).await?;
        self.commit_bookkeeping().await
    }

    /// For what is no change that anybody would look for: a session's last use, counted failures.
    pub async fn commit_bookkeeping(self) -> Result<(), Error> {
        match self.reader.source {
            Source::Transaction(transaction) => Ok(transaction.commit().await?),
            // `Store::write` is the only one to make a transaction, never of this.
            Source::Pool(_) => Ok(()),
        }
    }

    /// From here on a failed statement can be taken back alone: PostgreSQL otherwise gives up the
    /// whole transaction at the first one.
    pub(crate) async fn attempt(&mut self) -> Result<(), Error> {
        sqlx::query("SAVEPOINT attempt").execute(self.connection()).await?;
        Ok(())
    }

    /// Takes back what was done since [`attempt`](Self::attempt).
    pub(crate) async fn take_back(&mut self) -> Result<(), Error> {
        sqlx::query("ROLLBACK TO SAVEPOINT attempt").execute(self.connection()).await?;
        self.keep().await
    }

    /// The same because of this error, where it is about a rule of the schema. After any other the
    /// transaction is not gone on with, and the database may have rolled all of it back already.
    pub(crate) async fn take_back_after(&mut self, cause: &sqlx::Error) -> Result<(), Error> {
        match violation(cause) {
            Some(_) => self.take_back().await,
            None => Ok(()),
        }
    }

    /// Keeps what was done since [`attempt`](Self::attempt).
    pub(crate) async fn keep(&mut self) -> Result<(), Error> {
        sqlx::query("RELEASE SAVEPOINT attempt").execute(self.connection()).await?;
        Ok(())
    }
}
