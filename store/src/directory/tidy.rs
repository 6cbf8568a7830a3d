//! Removes old runs and events.

use roster::directory::protocol::RunId;
use roster::id::Timestamp;

use crate::connection::Transaction;
use crate::error::Error;

impl Transaction {
    /// Removes the oldest runs of this run's source beyond `bytes` of changes and answers, or beyond `runs`. The
    /// newest run and open runs always stay.
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

    /// Bookkeeping: removes runs and events before `long_ago`, and runs before `some_time_ago` that changed
    /// nothing and were not held.
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
