//! Two-step verification as it is kept: secrets, recovery codes as hashes, sign-ins that wait for
//! their code. What follows from them is `roster::two_step`'s to say.

use roster::authority::{Grant, Permit};
use roster::id::{AccountId, GroupId, Timestamp};
use roster::two_step::{GroupDuty, Required};
use sqlx::AssertSqlSafe;

use crate::batch::{Batch, Table, Type};
use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::permit::About;
use crate::sql::Columns;

const CODES: Table = Table {
    name: "recovery_codes",
    columns: &[("account_id", Type::Number), ("code_hash", Type::Text)],
};

/// What an app makes codes of.
#[derive(Clone, PartialEq, Eq)]
pub struct TwoStep {
    /// In hexadecimal.
    pub secret: String,
    /// `None`: no code of it was given yet, so that none is asked for.
    pub since: Option<Timestamp>,
    pub last_step: i64,
    pub offered_at: Timestamp,
}

/// A sign-in whose password was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingSignIn {
    pub account: AccountId,
    pub created_at: Timestamp,
    pub password_expired: bool,
}

impl Reader {
    pub async fn two_step(&mut self, account: AccountId) -> Result<Option<TwoStep>, Error> {
        let row = sqlx::query(
            "SELECT secret, since, last_step, offered_at FROM two_step WHERE account_id = $1",
        )
        .bind(account.0)
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| {
            Ok(TwoStep {
                secret: row.text("secret")?,
                since: row.maybe_moment("since")?,
                last_step: row.number("last_step")?,
                offered_at: row.moment("offered_at")?,
            })
        })
        .transpose()
    }

    /// Recovery codes that are left.
    pub async fn recovery_codes(&mut self, account: AccountId) -> Result<u64, Error> {
        let row = sqlx::query("SELECT COUNT(*) AS codes FROM recovery_codes WHERE account_id = $1")
            .bind(account.0)
            .fetch_one(self.connection())
            .await?;
        row.count("codes")
    }

    /// Enabled accounts that have no two-step verification and would need it.
    pub async fn accounts_without_two_step(&mut self, required: Required) -> Result<u64, Error> {
        let whose = match required {
            Required::Nobody => return Ok(0),
            Required::Administrators => "role <> 'technician' AND",
            Required::Everybody => "",
        };
        let row = sqlx::query(AssertSqlSafe(format!(
            "SELECT COUNT(*) AS accounts FROM accounts WHERE {whose} enabled AND NOT EXISTS ( \
                 SELECT 1 FROM two_step \
                 WHERE two_step.account_id = accounts.id AND two_step.since IS NOT NULL) \
             AND NOT EXISTS (SELECT 1 FROM passkeys WHERE passkeys.account_id = accounts.id)"
        )))
        .fetch_one(self.connection())
        .await?;
        row.count("accounts")
    }

    /// One of these groups asks for two-step verification.
    pub async fn groups_ask_for_two_step(&mut self, lineage: &[GroupId]) -> Result<bool, Error> {
        let wanted = self.kind.among("id", Type::Number, "$1");
        let list = self.kind.list(lineage.iter().map(|group| group.0.into()));
        let row = sqlx::query(AssertSqlSafe(format!(
            "SELECT COUNT(*) AS asking FROM technician_groups WHERE two_step AND {wanted}"
        )))
        .bind(list)
        .fetch_one(self.connection())
        .await?;
        Ok(row.count("asking")? > 0)
    }

    /// What a group itself asks for; `None`: it isn't there.
    pub async fn group_two_step(&mut self, group: GroupId) -> Result<Option<GroupDuty>, Error> {
        let row =
            sqlx::query("SELECT two_step, two_step_by_master FROM technician_groups WHERE id = $1")
                .bind(group.0)
                .fetch_optional(self.connection())
                .await?;
        row.map(|row| {
            Ok(GroupDuty {
                asks: row.flag("two_step")?,
                by_master: row.flag("two_step_by_master")?,
            })
        })
        .transpose()
    }

    pub async fn waiting_sign_in(
        &mut self,
        token_hash: &str,
    ) -> Result<Option<WaitingSignIn>, Error> {
        let row = sqlx::query(
            "SELECT account_id, created_at, password_expired FROM waiting_sign_ins \
             WHERE token_hash = $1",
        )
        .bind(token_hash)
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| {
            Ok(WaitingSignIn {
                account: AccountId(row.number("account_id")?),
                created_at: row.moment("created_at")?,
                password_expired: row.flag("password_expired")?,
            })
        })
        .transpose()
    }
}

impl Transaction {
    /// The same, and nobody else uses a code of it until this transaction ends.
    pub async fn lock_two_step(&mut self, account: AccountId) -> Result<Option<TwoStep>, Error> {
        if self.kind == Kind::Postgres {
            sqlx::query("SELECT account_id FROM two_step WHERE account_id = $1 FOR UPDATE")
                .bind(account.0)
                .fetch_optional(self.connection())
                .await?;
        }
        self.two_step(account).await
    }

    /// A new secret that no code was given of yet; false: there is one that holds.
    pub async fn offer_two_step(
        &mut self,
        _permit: &Permit,
        account: AccountId,
        secret: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let done = sqlx::query(
            "INSERT INTO two_step (account_id, secret, offered_at) VALUES ($1, $2, $3) \
             ON CONFLICT (account_id) DO UPDATE \
             SET secret = excluded.secret, last_step = 0, offered_at = excluded.offered_at \
             WHERE two_step.since IS NULL",
        )
        .bind(account.0)
        .bind(secret)
        .bind(now.0)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// A secret that was offered and never used is offered to nobody else.
    pub async fn forget_offer(
        &mut self,
        _permit: &Permit,
        account: AccountId,
    ) -> Result<(), Error> {
        sqlx::query("DELETE FROM two_step WHERE account_id = $1 AND since IS NULL")
            .bind(account.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// From now on a code is asked for.
    pub async fn begin_two_step(
        &mut self,
        _permit: &Permit,
        account: AccountId,
        now: Timestamp,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE two_step SET since = $2 WHERE account_id = $1")
            .bind(account.0)
            .bind(now.0)
            .execute(self.connection())
            .await?;
        sqlx::query("UPDATE sessions SET two_step_due = $2 WHERE account_id = $1")
            .bind(account.0)
            .bind(false)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The codes up to this step are used.
    pub async fn use_code(&mut self, account: AccountId, step: i64) -> Result<(), Error> {
        sqlx::query("UPDATE two_step SET last_step = $2 WHERE account_id = $1")
            .bind(account.0)
            .bind(step)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// These recovery codes, and no others.
    pub async fn set_recovery_codes(
        &mut self,
        _permit: &Permit,
        account: AccountId,
        hashes: &[String],
    ) -> Result<(), Error> {
        sqlx::query("DELETE FROM recovery_codes WHERE account_id = $1")
            .bind(account.0)
            .execute(self.connection())
            .await?;
        let mut batch = Batch::new(&CODES);
        for hash in hashes {
            batch.push([account.0.into(), hash.as_str().into()]);
        }
        batch.insert(self, "").await?;
        Ok(())
    }

    /// Uses a recovery code up; false: there is no such one.
    pub async fn use_recovery_code(
        &mut self,
        account: AccountId,
        hash: &str,
    ) -> Result<bool, Error> {
        let done =
            sqlx::query("DELETE FROM recovery_codes WHERE account_id = $1 AND code_hash = $2")
                .bind(account.0)
                .bind(hash)
                .execute(self.connection())
                .await?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn forget_recovery_codes(
        &mut self,
        _permit: &Permit,
        account: AccountId,
    ) -> Result<(), Error> {
        sqlx::query("DELETE FROM recovery_codes WHERE account_id = $1")
            .bind(account.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// No code of an app is asked for any more; false: none was.
    pub async fn end_two_step(
        &mut self,
        _permit: &Permit,
        account: AccountId,
    ) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM two_step WHERE account_id = $1 AND since IS NOT NULL")
            .bind(account.0)
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn wait_for_code(
        &mut self,
        _permit: &Permit,
        token_hash: &str,
        waiting: WaitingSignIn,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO waiting_sign_ins (token_hash, account_id, created_at, password_expired) \
             VALUES ($1, $2, $3, $4)",
        )
        .bind(token_hash)
        .bind(waiting.account.0)
        .bind(waiting.created_at.0)
        .bind(waiting.password_expired)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Bookkeeping: it waits no longer, nor do those that began before a moment.
    pub async fn end_waiting(&mut self, token_hash: &str, before: Timestamp) -> Result<(), Error> {
        sqlx::query("DELETE FROM waiting_sign_ins WHERE token_hash = $1 OR created_at < $2")
            .bind(token_hash)
            .bind(before.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Whether this group and those below it ask for two-step verification; false: it isn't there.
    pub async fn set_group_two_step(
        &mut self,
        permit: &crate::Permit,
        group: GroupId,
        duty: GroupDuty,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::RequireTwoStep], &About::Group(group))?;
        let done = sqlx::query(
            "UPDATE technician_groups SET two_step = $2, two_step_by_master = $3 WHERE id = $1",
        )
        .bind(group.0)
        .bind(duty.asks)
        .bind(duty.by_master)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
