//! The batches of a run, kept until it ends.

use roster::authority::Grant;
use roster::directory::protocol::RunId;
use roster::directory::protocol::bounds::{RUN_BYTES, RUN_PEOPLE};
use roster::id::Timestamp;

use super::size;
use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::permit::Permit;
use crate::sql::Columns;

/// Why a batch is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchRefused {
    /// The run is not under way.
    Ended,
    /// The run would exceed its limit of bytes or people.
    TooMuch,
}

/// A batch as JSON, which contains no NUL.
#[derive(Clone, Copy, Debug)]
pub struct NewBatch<'a> {
    pub number: u32,
    pub people: usize,
    pub body: &'a str,
}

impl Transaction {
    /// Stores a batch of a run that is under way; sent again, it changes nothing. If it is refused, the caller
    /// must drop the transaction.
    pub async fn put_directory_batch(
        &mut self,
        permit: &Permit,
        run: RunId,
        batch: NewBatch<'_>,
        now: Timestamp,
    ) -> Result<Result<(), BatchRefused>, Error> {
        self.opens_run(permit, &[Grant::SyncDirectory], run).await?;
        let id = run.to_string();
        // Locks the run, so that concurrent batches are counted correctly.
        let alive = sqlx::query(
            "UPDATE directory_runs SET alive_at = $2 WHERE id = $1 AND state = 'under_way'",
        )
        .bind(&id)
        .bind(now.0)
        .execute(self.connection())
        .await?;
        if alive.rows_affected() == 0 {
            return Ok(Err(BatchRefused::Ended));
        }
        let new = sqlx::query(
            "INSERT INTO directory_batches (run_id, number, body) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
        )
        .bind(&id)
        .bind(i64::from(batch.number))
        .bind(batch.body)
        .execute(self.connection())
        .await?;
        if new.rows_affected() == 0 {
            return Ok(Ok(()));
        }
        let counted = sqlx::query(
            "UPDATE directory_runs SET sent_bytes = sent_bytes + $2, sent_people = sent_people + $3 \
             WHERE id = $1 AND sent_bytes + $2 <= $4 AND sent_people + $3 <= $5",
        )
        .bind(&id)
        .bind(size(batch.body.len()))
        .bind(size(batch.people))
        .bind(i64::try_from(RUN_BYTES).unwrap_or(i64::MAX))
        .bind(i64::try_from(RUN_PEOPLE).unwrap_or(i64::MAX))
        .execute(self.connection())
        .await?;
        Ok(if counted.rows_affected() == 1 { Ok(()) } else { Err(BatchRefused::TooMuch) })
    }

    pub(super) async fn drop_batches(&mut self, run: RunId) -> Result<(), Error> {
        sqlx::query("DELETE FROM directory_batches WHERE run_id = $1")
            .bind(run.to_string())
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

impl Reader {
    /// The first batch of a run from this number on, with its number; `None`: there are no more.
    pub async fn directory_batch(
        &mut self,
        run: RunId,
        from: u32,
    ) -> Result<Option<(u32, String)>, Error> {
        let row = sqlx::query(
            "SELECT number, body FROM directory_batches WHERE run_id = $1 AND number >= $2 \
             ORDER BY number LIMIT 1",
        )
        .bind(run.to_string())
        .bind(i64::from(from))
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| Ok((row.small("number")?, row.text("body")?))).transpose()
    }
}
