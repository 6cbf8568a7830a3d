//! What is too old, or too much, to be kept.

use roster::directory::protocol::RunId;
use roster::id::Timestamp;

use crate::connection::Transaction;
use crate::error::Error;

impl Transaction {
    /// Keeps the newest runs of the source of this one, within so many bytes of what they changed and
    /// answered, and so many runs. The newest, and those that are open, stay in any case.
    pub async fn keep_newest_directory_runs(
        &mut self,
        run: RunId,
        bytes: i64,
        runs: i64,
    ) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM directory_runs \
             WHERE state NOT IN ('under_way', 'held') AND id IN (\
                 SELECT id FROM (\
                     SELECT id, CAST(SUM(kept_bytes) OVER newest AS BIGINT) AS bytes, \
                            ROW_NUMBER() OVER newest AS place \
                     FROM directory_runs \
                     WHERE source_id = (SELECT source_id FROM directory_runs WHERE id = $1) \
                     WINDOW newest AS (ORDER BY began_at DESC, id DESC)) kept \
                 WHERE place > 1 AND (bytes > $2 OR place > $3))",
        )
        .bind(run.to_string())
        .bind(bytes)
        .bind(runs)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Bookkeeping: removes runs that ended before `long_ago`, those that changed nobody and were
    /// not held before `some_time_ago`, and events before `long_ago`.
    pub async fn forget_directory_runs(
        &mut self,
        some_time_ago: Timestamp,
        long_ago: Timestamp,
    ) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM directory_runs \
             WHERE began_at < $1 AND state NOT IN ('under_way', 'held') \
               AND (began_at < $2 \
                    OR created + updated + disabled + enabled + held_count = 0)",
        )
        .bind(some_time_ago.0)
        .bind(long_ago.0)
        .execute(self.connection())
        .await?;
        sqlx::query("DELETE FROM directory_events WHERE at < $1")
            .bind(long_ago.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
