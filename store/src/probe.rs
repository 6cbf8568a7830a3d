//! A look at whether the database can be used: of a schema that this program knows, and written.

use std::time::Duration;

use tokio::time::timeout;

use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::migrate;
use crate::open::Store;
use crate::sql::Columns;

/// A writer that isn’t free by then is at work. A proxy that asks twice a second has no patience for
/// more.
const FREE_WRITER: Duration = Duration::from_millis(100);

/// What a [`probe`](Store::probe) found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// A row was written; else all writers were at work, and the database was only read.
    pub written: bool,
    /// The version of its schema.
    pub schema: i64,
    /// The newest that this program knows.
    pub known_schema: i64,
}

impl Store {
    /// Reads and, where a writer is free within 100 ms, writes a row. An error says that the
    /// database can't be used. How long that takes is the caller's to bound.
    pub async fn probe(&self) -> Result<Probe, Error> {
        let known_schema = migrate::known();
        let Some(transaction) = self.free_writer().await else {
            let schema = self.read().await?.schema().await?;
            return Ok(Probe { written: false, schema, known_schema });
        };
        let mut transaction = transaction?;
        let schema = transaction.schema().await?;
        match self.kind() {
            // The disk is only written at the commit.
            Kind::Sqlite => {
                sqlx::query("UPDATE muster_schema SET version = version WHERE version = 1")
                    .execute(transaction.connection())
                    .await?;
                transaction.commit_bookkeeping().await?;
            }
            // Many servers look at once: none waits for another, and none leaves a dead row.
            Kind::Postgres => {
                sqlx::query(
                    "SELECT version FROM muster_schema WHERE version = 1 FOR UPDATE SKIP LOCKED",
                )
                .execute(transaction.connection())
                .await?;
            }
        }
        Ok(Probe { written: true, schema, known_schema })
    }

    /// `None`: none is free within 100 ms. On PostgreSQL asking for one then goes on by itself, once: a
    /// connection that takes longer to make is there for the next probe.
    async fn free_writer(&self) -> Option<Result<Transaction, Error>> {
        if self.kind() == Kind::Sqlite {
            return timeout(FREE_WRITER, self.write()).await.ok();
        }
        let one = self.probing.clone().try_lock_owned().ok()?;
        let store = self.clone();
        let asking = tokio::spawn(async move {
            let transaction = store.write().await;
            drop(one);
            transaction
        });
        timeout(FREE_WRITER, asking).await.ok()?.ok()
    }
}

impl Reader {
    async fn schema(&mut self) -> Result<i64, Error> {
        sqlx::query("SELECT COALESCE(MAX(version), 0) AS version FROM muster_schema")
            .fetch_one(self.connection())
            .await?
            .number("version")
    }
}

#[cfg(test)]
mod tests {
    use roster::fault::Outage;

    use super::*;

    async fn write(store: &Store, bytes: i64) -> Result<(), Error> {
        let mut transaction = store.write().await?;
        sqlx::query("INSERT INTO ballast VALUES (zeroblob($1))")
            .bind(bytes)
            .execute(transaction.connection())
            .await?;
        transaction.commit_bookkeeping().await
    }

    #[tokio::test]
    async fn a_full_file_ends_no_later_write() {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", folder.path().join("muster.db").display());
        let store = Store::open(&address).await.unwrap();
        let mut transaction = store.write().await.unwrap();
        sqlx::query("CREATE TABLE ballast (bytes BLOB)")
            .execute(transaction.connection())
            .await
            .unwrap();
        transaction.commit_bookkeeping().await.unwrap();
        let mut transaction = store.write().await.unwrap();
        sqlx::query("PRAGMA max_page_count = 1").execute(transaction.connection()).await.unwrap();
        transaction.commit_bookkeeping().await.unwrap();
        let full = write(&store, 1_000_000).await.unwrap_err();
        assert_eq!(full.outage(), Some(Outage::DiskFull), "{full}");
        // The limit was the connection's, which is another now.
        write(&store, 1_000_000).await.unwrap();
        assert!(store.probe().await.unwrap().written);
    }

    #[tokio::test]
    async fn a_writer_at_work_keeps_no_probe_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", folder.path().join("muster.db").display());
        let store = Store::open(&address).await.unwrap();
        let writer = store.write().await.unwrap();
        let found = store.probe().await.unwrap();
        assert!(!found.written && found.schema == found.known_schema, "{found:?}");
        drop(writer);
        assert!(store.probe().await.unwrap().written);
    }
}
