//! The people of a run as they were sent, until the run is over.

use roster::authority::Permit;
use roster::directory::protocol::RunId;
use roster::id::Timestamp;

use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::sql::Columns;

impl Transaction {
    /// Keeps a batch of a run that is under way; sent again, it changes nothing. False: the run is
    /// not under way. `body` is JSON, in which nothing is a NUL.
    pub async fn put_directory_batch(
        &mut self,
        _permit: &Permit,
        run: RunId,
        number: u32,
        body: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let alive = sqlx::query(
            "UPDATE directory_runs SET alive_at = $2 WHERE id = $1 AND state = 'under_way'",
        )
        .bind(run.to_string())
        .bind(now.0)
        .execute(self.connection())
        .await?;
        if alive.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO directory_batches (run_id, number, body) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
        )
        .bind(run.to_string())
        .bind(i64::from(number))
        .bind(body)
        .execute(self.connection())
        .await?;
        Ok(true)
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
    /// The bodies of a run's batches, in their order, with their numbers.
    pub async fn directory_batches(&mut self, run: RunId) -> Result<Vec<(u32, String)>, Error> {
        let rows = sqlx::query(
            "SELECT number, body FROM directory_batches WHERE run_id = $1 ORDER BY number",
        )
        .bind(run.to_string())
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(|row| Ok((row.small("number")?, row.text("body")?))).collect()
    }
}
