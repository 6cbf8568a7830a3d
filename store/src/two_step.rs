//! Two-step verification as it is kept: secrets, recovery codes as hashes, which groups ask for it.
//! What follows from them is `roster::two_step`'s to say.

use std::collections::HashMap;

use roster::authority::Grant;
use roster::id::{AccountId, GroupId, SessionId, Timestamp};
use roster::two_step::{GroupDuty, Required};
use sqlx::AssertSqlSafe;

use crate::batch::{Batch, Table, Type};
use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::Columns;

const CODES: Table = Table {
    name: "recovery_codes",
    columns: &[("account_id", Type::Number), ("code_hash", Type::Text)],
};

/// What an app makes codes of.
#[derive(Clone, PartialEq, Eq)]
pub struct TwoStep {
    /// Sealed: `operations` has the keys.
    pub secret: String,
    pub since: Timestamp,
    pub last_step: i64,
}

impl Reader {
    pub async fn two_step(&mut self, account: AccountId) -> Result<Option<TwoStep>, Error> {
        let row =
            sqlx::query("SELECT secret, since, last_step FROM two_step WHERE account_id = $1")
                .bind(account.0)
                .fetch_optional(self.connection())
                .await?;
        row.map(|row| {
            Ok(TwoStep {
                secret: row.text("secret")?,
                since: row.moment("since")?,
                last_step: row.number("last_step")?,
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

    /// Their hashes.
    pub async fn code_hashes_of(&mut self, account: AccountId) -> Result<Vec<String>, Error> {
        let rows = sqlx::query("SELECT code_hash FROM recovery_codes WHERE account_id = $1")
            .bind(account.0)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(|row| row.text("code_hash")).collect()
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
                 WHERE two_step.account_id = accounts.id) \
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
        Ok(self.group_duties(&[group]).await?.remove(&group))
    }

    /// What each of these groups itself asks for.
    pub async fn group_duties(
        &mut self,
        groups: &[GroupId],
    ) -> Result<HashMap<GroupId, GroupDuty>, Error> {
        let wanted = self.kind.among("id", Type::Number, "$1");
        let list = self.kind.list(groups.iter().map(|group| group.0.into()));
        let rows = sqlx::query(AssertSqlSafe(format!(
            "SELECT id, two_step, two_step_by_master FROM technician_groups WHERE {wanted}"
        )))
        .bind(list)
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                let asks = row.flag("two_step")?;
                let duty = GroupDuty { asks, by_master: row.flag("two_step_by_master")? };
                Ok((GroupId(row.number("id")?), duty))
            })
            .collect()
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

    /// From now on a code of an app with this secret is asked for; `step` is that of the code which
    /// proved it. False: there is an app already. Ends the person's other sessions.
    pub async fn begin_two_step(
        &mut self,
        permit: &Permit,
        account: AccountId,
        app: &TwoStep,
        keep: SessionId,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::OwnTwoStep], &About::account(account))?;
        self.lock_credentials(account).await?;
        let done = sqlx::query(
            "INSERT INTO two_step (account_id, secret, since, last_step) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (account_id) DO NOTHING",
        )
        .bind(account.0)
        .bind(&app.secret)
        .bind(app.since.0)
        .bind(app.last_step)
        .execute(self.connection())
        .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        self.credentials_changed(&[account], Some(keep)).await?;
        Ok(true)
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

    /// These recovery codes, and no others. Ends the person's other sessions.
    pub async fn set_recovery_codes(
        &mut self,
        permit: &Permit,
        account: AccountId,
        hashes: &[String],
        keep: SessionId,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::OwnTwoStep], &About::account(account))?;
        self.lock_credentials(account).await?;
        self.credentials_changed(&[account], Some(keep)).await?;
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

    /// No code of an app is asked for any more; false: none was. Ends the person's sessions, `keep`
    /// apart.
    pub async fn end_two_step(
        &mut self,
        permit: &Permit,
        account: AccountId,
        keep: Option<SessionId>,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::OwnTwoStep, Grant::ManageAccess], &About::account(account))?;
        self.lock_credentials(account).await?;
        let done = sqlx::query("DELETE FROM two_step WHERE account_id = $1")
            .bind(account.0)
            .execute(self.connection())
            .await?;
        self.second_factor_removed(account, keep).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Recovery codes go with the last second factor.
    pub(crate) async fn second_factor_removed(
        &mut self,
        account: AccountId,
        keep: Option<SessionId>,
    ) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM recovery_codes WHERE account_id = $1 \
             AND NOT EXISTS (SELECT 1 FROM two_step WHERE two_step.account_id = $1) \
             AND NOT EXISTS (SELECT 1 FROM passkeys WHERE passkeys.account_id = $1)",
        )
        .bind(account.0)
        .execute(self.connection())
        .await?;
        self.credentials_changed(&[account], keep).await?;
        Ok(())
    }

    /// Whether this group and those below it ask for two-step verification; false: it isn't there.
    pub async fn set_group_two_step(
        &mut self,
        permit: &Permit,
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
