//! What is set for directory synchronization: one row.

use roster::authority::Permit;
use roster::directory::plan::{Rules, Thresholds};
use roster::directory::view::DirectorySettings;

use crate::accounts::WriteConflict;
use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::sql::Columns;

impl Reader {
    pub async fn directory_settings(&mut self) -> Result<DirectorySettings, Error> {
        let row = sqlx::query(
            "SELECT interval_minutes, existing_email, follow_moved, hold_at_least, hold_percent, \
                    hold_day_percent, version \
             FROM directory_settings WHERE id = 1",
        )
        .fetch_one(self.connection())
        .await?;
        Ok(DirectorySettings {
            interval_minutes: row.small("interval_minutes")?,
            rules: Rules {
                existing_email: row.word("existing_email")?,
                follow_moved: row.flag("follow_moved")?,
                thresholds: Thresholds {
                    at_least: row.small("hold_at_least")?,
                    percent: row.small("hold_percent")?,
                    day_percent: row.small("hold_day_percent")?,
                },
            },
            version: row.number("version")?,
        })
    }
}

impl Transaction {
    /// Changes them if they are still in the version that they name.
    pub async fn change_directory_settings(
        &mut self,
        _permit: &Permit,
        wish: &DirectorySettings,
    ) -> Result<Result<(), WriteConflict>, Error> {
        let rules = &wish.rules;
        let done = sqlx::query(
            "UPDATE directory_settings SET interval_minutes = $2, existing_email = $3, \
                 follow_moved = $4, hold_at_least = $5, hold_percent = $6, hold_day_percent = $7, \
                 version = version + 1 \
             WHERE id = 1 AND version = $1",
        )
        .bind(wish.version)
        .bind(i64::from(wish.interval_minutes))
        .bind(rules.existing_email.as_str())
        .bind(rules.follow_moved)
        .bind(i64::from(rules.thresholds.at_least))
        .bind(i64::from(rules.thresholds.percent))
        .bind(i64::from(rules.thresholds.day_percent))
        .execute(self.connection())
        .await?;
        Ok(if done.rows_affected() == 1 { Ok(()) } else { Err(WriteConflict::Stale) })
    }
}
