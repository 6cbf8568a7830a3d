//! Assets of the versions that ran lately. What may be served of them is `operations`' to say.

use roster::id::Timestamp;
use sqlx::Row;

use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::sql::Columns;

/// An asset with what vouches for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAsset {
    pub name: String,
    /// By gzip.
    pub compressed: bool,
    pub contents: Vec<u8>,
    pub mac: String,
}

/// What is known of an asset that is there, without its contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetFacts {
    pub name: String,
    pub mac: String,
    pub seen_at: Timestamp,
}

impl Reader {
    pub async fn asset(&mut self, name: &str) -> Result<Option<StoredAsset>, Error> {
        let row = sqlx::query("SELECT name, compressed, contents, mac FROM assets WHERE name = $1")
            .bind(name)
            .fetch_optional(self.connection())
            .await?;
        let stored = |row: sqlx::any::AnyRow| {
            Ok(StoredAsset {
                name: row.text("name")?,
                compressed: row.flag("compressed")?,
                contents: row.try_get("contents")?,
                mac: row.text("mac")?,
            })
        };
        row.map(stored).transpose()
    }

    /// All of them: [`Transaction::forget_assets`] bounds how many.
    pub async fn assets(&mut self) -> Result<Vec<AssetFacts>, Error> {
        let rows = sqlx::query("SELECT name, mac, seen_at FROM assets ORDER BY name")
            .fetch_all(self.connection())
            .await?;
        let facts = |row: &sqlx::any::AnyRow| {
            Ok(AssetFacts {
                name: row.text("name")?,
                mac: row.text("mac")?,
                seen_at: row.moment("seen_at")?,
            })
        };
        rows.iter().map(facts).collect()
    }
}

impl Transaction {
    /// Bookkeeping: keeps an asset in place of what has its name.
    pub async fn keep_asset(&mut self, asset: &StoredAsset, now: Timestamp) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO assets (name, compressed, contents, mac, seen_at) \
             VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (name) DO UPDATE SET compressed = excluded.compressed, \
                 contents = excluded.contents, mac = excluded.mac, seen_at = excluded.seen_at",
        )
        .bind(&asset.name)
        .bind(asset.compressed)
        .bind(asset.contents.as_slice())
        .bind(&asset.mac)
        .bind(now.0)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Bookkeeping: removes those that were seen last before this moment, and of the others all but the
    /// `most` that were seen last.
    pub async fn forget_assets(&mut self, before: Timestamp, most: u32) -> Result<u64, Error> {
        let done = sqlx::query(
            "DELETE FROM assets WHERE seen_at < $1 OR name IN ( \
                 SELECT name FROM assets ORDER BY seen_at DESC, name LIMIT 1000 OFFSET $2)",
        )
        .bind(before.0)
        .bind(i64::from(most))
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected())
    }
}
