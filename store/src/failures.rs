//! Failed sign-ins, by keys that `operations` makes. What follows from them is `roster::sign_in`'s
//! to say. All of this is bookkeeping.

use roster::id::Timestamp;
use roster::sign_in::Failures;
use sqlx::any::AnyRow;

use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::sql::Columns;

impl Reader {
    pub async fn failures(&mut self, key: &str) -> Result<Failures, Error> {
        let row =
            sqlx::query("SELECT failures, last_at FROM sign_in_failures WHERE failure_key = $1")
                .bind(key)
                .fetch_optional(self.connection())
                .await?;
        row.as_ref().map_or_else(|| Ok(Failures::default()), failures)
    }
}

impl Transaction {
    /// The failures so far, and nobody else counts one until this transaction ends: many guesses
    /// at once are counted one by one.
    pub async fn lock_failures(&mut self, key: &str) -> Result<Failures, Error> {
        let row = sqlx::query(
            "INSERT INTO sign_in_failures (failure_key, failures) VALUES ($1, 0) \
             ON CONFLICT (failure_key) DO UPDATE SET failures = sign_in_failures.failures \
             RETURNING failures, last_at",
        )
        .bind(key)
        .fetch_one(self.connection())
        .await?;
        failures(&row)
    }

    /// From now on there were so many.
    pub async fn count_failure(&mut self, key: &str, failures: Failures) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO sign_in_failures (failure_key, failures, last_at) VALUES ($1, $2, $3) \
             ON CONFLICT (failure_key) \
             DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at",
        )
        .bind(key)
        .bind(i64::from(failures.count))
        .bind(failures.last_at.map(|at| at.0))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// One that was counted before it was looked at was none. Others that were counted meanwhile
    /// stay.
    pub async fn uncount_failure(&mut self, key: &str) -> Result<(), Error> {
        sqlx::query(
            "UPDATE sign_in_failures SET failures = failures - 1 \
             WHERE failure_key = $1 AND failures > 0",
        )
        .bind(key)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    pub async fn clear_failures(&mut self, key: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM sign_in_failures WHERE failure_key = $1")
            .bind(key)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Removes those whose last failure was before this moment.
    pub async fn forget_failures(&mut self, before: Timestamp) -> Result<u64, Error> {
        let done =
            sqlx::query("DELETE FROM sign_in_failures WHERE last_at IS NULL OR last_at < $1")
                .bind(before.0)
                .execute(self.connection())
                .await?;
        Ok(done.rows_affected())
    }
}

fn failures(row: &AnyRow) -> Result<Failures, Error> {
    Ok(Failures { count: row.small("failures")?, last_at: row.maybe_moment("last_at")? })
}
