//! The settings of directory synchronization, in one row.

use roster::authority::Grant;
use roster::directory::plan::{Rules, Thresholds};
use roster::directory::view::DirectorySettings;

use crate::accounts::WriteConflict;
use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::Columns;

macro_rules! select_settings {
    ($rest:literal) => {
        concat!(
            "SELECT interval_minutes, existing_email, follow_moved, hold_at_least, hold_percent, \
                    hold_day_percent, emails_at_least, emails_percent, emails_day_percent, \
                    enables_at_least, enables_percent, enables_day_percent, version \
             FROM directory_settings WHERE id = 1",
            $rest
        )
    };
}

impl Reader {
    pub async fn directory_settings(&mut self) -> Result<DirectorySettings, Error> {
        self.set_for_directories(select_settings!("")).await
    }

    async fn set_for_directories(&mut self, sql: &'static str) -> Result<DirectorySettings, Error> {
        let row = sqlx::query(sql).fetch_one(self.connection()).await?;
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
                email_thresholds: Thresholds {
                    at_least: row.small("emails_at_least")?,
                    percent: row.small("emails_percent")?,
                    day_percent: row.small("emails_day_percent")?,
                },
                enable_thresholds: Thresholds {
                    at_least: row.small("enables_at_least")?,
                    percent: row.small("enables_percent")?,
                    day_percent: row.small("enables_day_percent")?,
                },
            },
            version: row.number("version")?,
        })
    }
}

impl Transaction {
    /// Reads the settings and locks them until this transaction ends.
    pub async fn lock_directory_settings(&mut self) -> Result<DirectorySettings, Error> {
        let sql = match self.kind {
            Kind::Sqlite => select_settings!(""),
            Kind::Postgres => select_settings!(" FOR NO KEY UPDATE"),
        };
        self.set_for_directories(sql).await
    }

    /// Changes the settings if they still have the given version.
    pub async fn change_directory_settings(
        &mut self,
        permit: &Permit,
        wish: &DirectorySettings,
    ) -> Result<Result<(), WriteConflict>, Error> {
        self.opens(permit, &[Grant::ChangeDirectory], &About::Act)?;
        let rules = &wish.rules;
        let done = sqlx::query(
            "UPDATE directory_settings SET interval_minutes = $2, existing_email = $3, \
                 follow_moved = $4, hold_at_least = $5, hold_percent = $6, hold_day_percent = $7, \
                 emails_at_least = $8, emails_percent = $9, emails_day_percent = $10, \
                 enables_at_least = $11, enables_percent = $12, enables_day_percent = $13, \
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
        .bind(i64::from(rules.email_thresholds.at_least))
        .bind(i64::from(rules.email_thresholds.percent))
        .bind(i64::from(rules.email_thresholds.day_percent))
        .bind(i64::from(rules.enable_thresholds.at_least))
        .bind(i64::from(rules.enable_thresholds.percent))
        .bind(i64::from(rules.enable_thresholds.day_percent))
        .execute(self.connection())
        .await?;
        Ok(if done.rows_affected() == 1 { Ok(()) } else { Err(WriteConflict::Stale) })
    }
}
