//! Counts what a source's runs changed without approval. The thresholds limit it within 24 hours.

use roster::authority::Grant;
use roster::directory::protocol::SourceId;
use roster::id::Timestamp;

use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::Columns;

/// Numbers of technicians who were changed without approval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unasked {
    pub disabled: u64,
    /// Technicians who got another email.
    pub emails: u64,
    pub enabled: u64,
    pub created: u64,
}

impl Transaction {
    /// Adds what a run did; removes counts before `since`. The source is locked.
    pub async fn add_directory_unasked(
        &mut self,
        permit: &Permit,
        source: SourceId,
        done: Unasked,
        now: Timestamp,
        since: Timestamp,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::SyncDirectory], &About::Source(source))?;
        if done == Unasked::default() {
            return Ok(());
        }
        sqlx::query("DELETE FROM directory_unasked WHERE source_id = $1 AND at < $2")
            .bind(source.0)
            .bind(since.0)
            .execute(self.connection())
            .await?;
        sqlx::query(
            "INSERT INTO directory_unasked (source_id, at, disabled, emails, enabled, created) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(source.0)
        .bind(now.0)
        .bind(i64::try_from(done.disabled).unwrap_or(i64::MAX))
        .bind(i64::try_from(done.emails).unwrap_or(i64::MAX))
        .bind(i64::try_from(done.enabled).unwrap_or(i64::MAX))
        .bind(i64::try_from(done.created).unwrap_or(i64::MAX))
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

impl Reader {
    pub async fn directory_unasked(
        &mut self,
        source: SourceId,
        since: Timestamp,
    ) -> Result<Unasked, Error> {
        let row = sqlx::query(
            "SELECT CAST(COALESCE(SUM(disabled), 0) AS BIGINT) AS disabled, \
                    CAST(COALESCE(SUM(emails), 0) AS BIGINT) AS emails, \
                    CAST(COALESCE(SUM(enabled), 0) AS BIGINT) AS enabled, \
                    CAST(COALESCE(SUM(created), 0) AS BIGINT) AS created \
             FROM directory_unasked WHERE source_id = $1 AND at >= $2",
        )
        .bind(source.0)
        .bind(since.0)
        .fetch_one(self.connection())
        .await?;
        Ok(Unasked {
            disabled: row.count("disabled")?,
            emails: row.count("emails")?,
            enabled: row.count("enabled")?,
            created: row.count("created")?,
        })
    }
}
