//! The one row of settings. Its counters of seats are changed in `seats`.

use roster::authority::Grant;
use roster::id::Timestamp;
use roster::password::Strength;
use roster::policy::Policies;
use roster::session::Limits;
use roster::settings::{Seats, Settings};
use roster::sign_in::LockOut;
use roster::two_step::Required;
use sqlx::any::AnyRow;

use crate::accounts::WriteConflict;
use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::Columns;

/// What the settings are to become.
#[derive(Clone, PartialEq, Eq)]
pub struct SettingsEdit {
    pub organization: String,
    pub strength: Strength,
    /// `None`: no limit.
    pub standard_seats: Option<u32>,
    pub mobile_seats: Option<u32>,
    pub default_password_days: i64,
    pub default_password: DefaultPasswordEdit,
    pub policies: Policies,
    pub two_step: Required,
}

/// What is to become of the organization's default password.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum DefaultPasswordEdit {
    #[default]
    Keep,
    Remove,
    Set {
        hash: String,
        at: Timestamp,
    },
}

/// The columns of [`Policies`]; no other table has such.
macro_rules! policy_columns {
    () => {
        "max_age_days, warning_days, history, change_after_reset, lock_out_failures, \
         lock_out_minutes, idle_minutes, session_hours"
    };
}
pub(crate) use policy_columns;

impl Reader {
    pub async fn settings(&mut self) -> Result<Settings, Error> {
        let row = sqlx::query(concat!(
            "SELECT organization, strength, default_password_set_at, default_password_days, \
                    standard_seats, standard_used, mobile_seats, mobile_used, two_step, version, ",
            policy_columns!(),
            " FROM settings WHERE id = 1"
        ))
        .fetch_one(self.connection())
        .await?;
        let total = |name| {
            let seats = row.maybe_number(name)?;
            seats.map(|_| row.small(name)).transpose()
        };
        Ok(Settings {
            organization: row.text("organization")?,
            strength: strength(&row.text("strength")?)?,
            default_password_set_at: row.maybe_moment("default_password_set_at")?,
            default_password_days: row.number("default_password_days")?,
            standard: Seats { total: total("standard_seats")?, used: row.small("standard_used")? },
            mobile: Seats { total: total("mobile_seats")?, used: row.small("mobile_used")? },
            policies: policies(&row)?,
            two_step: row.word("two_step")?,
            version: row.number("version")?,
        })
    }

    /// The hash of the organization's default password; `None`: there is none.
    pub async fn default_password_hash(&mut self) -> Result<Option<String>, Error> {
        let row = sqlx::query("SELECT default_password_hash FROM settings WHERE id = 1")
            .fetch_one(self.connection())
            .await?;
        row.maybe_text("default_password_hash")
    }

    /// The hash of the one-time code that set-up asks for.
    pub async fn set_up_code_hash(&mut self) -> Result<Option<String>, Error> {
        let row = sqlx::query("SELECT set_up_code_hash FROM settings WHERE id = 1")
            .fetch_one(self.connection())
            .await?;
        row.maybe_text("set_up_code_hash")
    }
}

impl Transaction {
    /// The settings, and they stay so until this transaction ends.
    pub async fn lock_settings(&mut self) -> Result<Settings, Error> {
        if self.kind == Kind::Postgres {
            sqlx::query("SELECT id FROM settings WHERE id = 1 FOR UPDATE")
                .execute(self.connection())
                .await?;
        }
        self.settings().await
    }

    pub async fn set_set_up_code_hash(
        &mut self,
        permit: &Permit,
        hash: Option<&str>,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::Operate, Grant::SetUp], &About::Act)?;
        sqlx::query("UPDATE settings SET set_up_code_hash = $1 WHERE id = 1")
            .bind(hash)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Changes the settings if they are still in this version. Seats may be set below what is in
    /// use: nobody loses theirs, nobody gets one.
    pub async fn change_settings(
        &mut self,
        permit: &Permit,
        version: i64,
        edit: &SettingsEdit,
    ) -> Result<Result<(), WriteConflict>, Error> {
        self.opens(permit, &[Grant::ChangeSettings, Grant::SetUp], &About::Act)?;
        let (keep, hash, at) = match &edit.default_password {
            DefaultPasswordEdit::Keep => (true, None, None),
            DefaultPasswordEdit::Remove => (false, None, None),
            DefaultPasswordEdit::Set { hash, at } => (false, Some(hash), Some(at.0)),
        };
        let policies = &edit.policies;
        let done = sqlx::query(
            "UPDATE settings SET \
                 organization = $2, strength = $3, standard_seats = $4, mobile_seats = $5, \
                 default_password_days = $6, \
                 default_password_hash = CASE WHEN $7 THEN default_password_hash ELSE $8 END, \
                 default_password_set_at = CASE WHEN $7 THEN default_password_set_at ELSE $9 END, \
                 max_age_days = $10, warning_days = $11, history = $12, \
                 change_after_reset = $13, lock_out_failures = $14, lock_out_minutes = $15, \
                 idle_minutes = $16, session_hours = $17, two_step = $18, \
                 version = version + 1 \
             WHERE id = 1 AND version = $1",
        )
        .bind(version)
        .bind(&edit.organization)
        .bind(edit.strength.as_str())
        .bind(edit.standard_seats.map(i64::from))
        .bind(edit.mobile_seats.map(i64::from))
        .bind(edit.default_password_days)
        .bind(keep)
        .bind(hash)
        .bind(at)
        .bind(policies.max_age_days.map(i64::from))
        .bind(i64::from(policies.warning_days))
        .bind(i64::from(policies.history))
        .bind(policies.change_after_reset)
        .bind(i64::from(policies.lock_out.failures))
        .bind(i64::from(policies.lock_out.minutes))
        .bind(i64::from(policies.sessions.idle_minutes))
        .bind(i64::from(policies.sessions.hours))
        .bind(edit.two_step.as_str())
        .execute(self.connection())
        .await?;
        if done.rows_affected() != 1 {
            return Ok(Err(WriteConflict::Stale));
        }
        if edit.default_password != DefaultPasswordEdit::Keep {
            self.default_password_changed().await?;
        }
        Ok(Ok(()))
    }
}

pub(crate) fn policies(row: &AnyRow) -> Result<Policies, Error> {
    let max_age_days = row.maybe_number("max_age_days")?;
    Ok(Policies {
        max_age_days: max_age_days.map(|_| row.small("max_age_days")).transpose()?,
        warning_days: row.small("warning_days")?,
        history: row.small("history")?,
        change_after_reset: row.flag("change_after_reset")?,
        lock_out: LockOut {
            failures: row.small("lock_out_failures")?,
            minutes: row.small("lock_out_minutes")?,
        },
        sessions: Limits {
            idle_minutes: row.small("idle_minutes")?,
            hours: row.small("session_hours")?,
        },
    })
}

fn strength(word: &str) -> Result<Strength, Error> {
    Strength::ALL
        .into_iter()
        .find(|strength| strength.as_str() == word)
        .ok_or_else(|| Error::Corrupt(format!("strength is “{word}”")))
}
