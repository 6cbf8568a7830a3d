//! What is too old to be kept.

use roster::id::Timestamp;

use crate::connection::Transaction;
use crate::error::Error;

impl Transaction {
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
