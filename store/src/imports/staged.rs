//! The chunks of an import of all rows or none: kept, checked and with hashed passwords, until its
//! end writes them all.

use roster::authority::Grant;
use roster::id::{ImportId, Timestamp};
use roster::import::RowResult;

use super::ChunkSaved;
use super::save::json;
use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::Columns;

/// A chunk that waits.
#[derive(Clone, Copy, Debug)]
pub struct Staged<'a> {
    pub number: u32,
    /// The rows as the caller reads them again.
    pub body: &'a str,
    /// What was answered.
    pub results: &'a [RowResult],
}

impl Transaction {
    /// Keeps a chunk until the end of its import.
    pub async fn stage_chunk(
        &mut self,
        permit: &Permit,
        id: ImportId,
        chunk: Staged<'_>,
        now: Timestamp,
    ) -> Result<ChunkSaved, Error> {
        self.opens(permit, &[Grant::Import], &About::Import(id))?;
        if !self.count(id, &[], &[], "state = 'running'").await? {
            return Ok(ChunkSaved::Ended);
        }
        if !self.note_chunk(id, chunk.number, now).await? {
            return Ok(ChunkSaved::Already);
        }
        sqlx::query(
            "INSERT INTO import_staged (import_id, number, row_count, body, results) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id.to_string())
        .bind(i64::from(chunk.number))
        .bind(i64::try_from(chunk.results.len()).unwrap_or(i64::MAX))
        .bind(chunk.body)
        // PostgreSQL keeps no NUL, which a refused row may hold; in JSON it is escaped.
        .bind(json(chunk.results)?)
        .execute(self.connection())
        .await?;
        Ok(ChunkSaved::Saved)
    }

    /// Forgets what waits: it was written, or never will be.
    pub async fn drop_staged(&mut self, permit: &Permit, id: ImportId) -> Result<(), Error> {
        self.opens(permit, &[Grant::Import], &About::Import(id))?;
        sqlx::query("DELETE FROM import_staged WHERE import_id = $1")
            .bind(id.to_string())
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

impl Reader {
    /// How many rows wait for the end of their import.
    pub async fn staged_rows(&mut self, id: ImportId) -> Result<u32, Error> {
        let row = sqlx::query(
            "SELECT CAST(COALESCE(SUM(row_count), 0) AS BIGINT) AS staged \
             FROM import_staged WHERE import_id = $1",
        )
        .bind(id.to_string())
        .fetch_one(self.connection())
        .await?;
        row.small("staged")
    }

    /// The body of the first chunk that waits from this number on, with its number.
    pub async fn staged_from(
        &mut self,
        id: ImportId,
        number: u32,
    ) -> Result<Option<(u32, String)>, Error> {
        let row = sqlx::query(
            "SELECT number, body FROM import_staged \
             WHERE import_id = $1 AND number >= $2 ORDER BY number LIMIT 1",
        )
        .bind(id.to_string())
        .bind(i64::from(number))
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| Ok((row.small("number")?, row.text("body")?))).transpose()
    }

    /// What was answered to a chunk that waits.
    pub(super) async fn staged_results(
        &mut self,
        id: ImportId,
        number: u32,
    ) -> Result<Vec<RowResult>, Error> {
        let row =
            sqlx::query("SELECT results FROM import_staged WHERE import_id = $1 AND number = $2")
                .bind(id.to_string())
                .bind(i64::from(number))
                .fetch_optional(self.connection())
                .await?;
        row.map_or_else(|| Ok(Vec::new()), |row| row.json("results"))
    }
}
