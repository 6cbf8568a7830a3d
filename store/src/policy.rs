//! What Password Policies need to know and to remember: passwords that were chosen, and how many
//! people a change of the policies would concern.

use roster::authority::Grant;
use roster::id::{AccountId, GroupId, Timestamp};
use roster::page::{Page, Window};
use roster::policy::MAX_HISTORY;
use roster::session::Limits;
use roster::settings::GroupLicences;
use sqlx::AssertSqlSafe;

use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::{Columns, limit, offset};

impl Reader {
    /// The hashes of the passwords that a person chose last, the newest first.
    pub async fn chosen_passwords(
        &mut self,
        account: AccountId,
        most: u32,
    ) -> Result<Vec<String>, Error> {
        let rows = sqlx::query(
            "SELECT password_hash FROM chosen_passwords WHERE account_id = $1 \
             ORDER BY id DESC LIMIT $2",
        )
        .bind(account.0)
        .bind(i64::from(most))
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(|row| row.text("password_hash")).collect()
    }

    /// Enabled accounts whose own password was chosen at this moment or before.
    pub async fn passwords_chosen_until(&mut self, moment: Timestamp) -> Result<u64, Error> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS accounts FROM accounts \
             WHERE password_state = 'own' AND password_chosen_at <= $1 AND enabled",
        )
        .bind(moment.0)
        .fetch_one(self.connection())
        .await?;
        row.count("accounts")
    }

    /// Enabled technicians who still have the organization's default password.
    pub async fn accounts_with_default_password(&mut self) -> Result<u64, Error> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS accounts FROM accounts \
             WHERE password_state = 'default' AND enabled AND role = 'technician'",
        )
        .fetch_one(self.connection())
        .await?;
        row.count("accounts")
    }

    /// Sessions that live now.
    pub async fn living_sessions(&mut self, limits: Limits, now: Timestamp) -> Result<u64, Error> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS living FROM sessions WHERE last_seen_at > $1 AND created_at > $2",
        )
        .bind(now.plus_seconds(-limits.idle_seconds()).0)
        .bind(now.plus_seconds(-limits.absolute_seconds()).0)
        .fetch_one(self.connection())
        .await?;
        row.count("living")
    }

    /// The groups whose enabled technicians take most licences; their paths are the caller's.
    pub async fn licences_by_group(
        &mut self,
        window: Window,
    ) -> Result<Page<GroupLicences>, Error> {
        const TAKEN: &str = "FROM accounts WHERE enabled AND group_id IS NOT NULL \
                             AND (standard_license OR mobile_license)";
        let rows = sqlx::query(AssertSqlSafe(format!(
            "SELECT group_id, \
                    COUNT(CASE WHEN standard_license THEN 1 END) AS standard, \
                    COUNT(CASE WHEN mobile_license THEN 1 END) AS mobile \
             {TAKEN} GROUP BY group_id ORDER BY standard DESC, mobile DESC, group_id \
             LIMIT $1 OFFSET $2"
        )))
        .bind(limit(window))
        .bind(offset(window))
        .fetch_all(self.connection())
        .await?;
        let total =
            sqlx::query(AssertSqlSafe(format!("SELECT COUNT(DISTINCT group_id) AS total {TAKEN}")))
                .fetch_one(self.connection())
                .await?;
        let items = rows.iter().map(|row| {
            Ok(GroupLicences {
                group: GroupId(row.number("group_id")?),
                path: String::new(),
                standard: row.count("standard")?,
                mobile: row.count("mobile")?,
            })
        });
        Ok(Page {
            items: items.collect::<Result<_, Error>>()?,
            total: total.count("total")?,
            offset: window.offset,
        })
    }
}

impl Transaction {
    /// Remembers the password that a person has now, if they chose it and it isn't remembered yet:
    /// it is about to be another.
    pub(crate) async fn remember_present_password(
        &mut self,
        account: AccountId,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO chosen_passwords (account_id, password_hash) \
             SELECT id, password_hash FROM accounts \
             WHERE id = $1 AND password_state = 'own' AND NOT EXISTS ( \
                 SELECT 1 FROM chosen_passwords chosen \
                 WHERE chosen.account_id = $1 AND chosen.password_hash = accounts.password_hash)",
        )
        .bind(account.0)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Remembers a password that a person chose. More than can be asked for are forgotten.
    pub(crate) async fn remember_password(
        &mut self,
        account: AccountId,
        hash: &str,
    ) -> Result<(), Error> {
        sqlx::query("INSERT INTO chosen_passwords (account_id, password_hash) VALUES ($1, $2)")
            .bind(account.0)
            .bind(hash)
            .execute(self.connection())
            .await?;
        sqlx::query(
            "DELETE FROM chosen_passwords WHERE account_id = $1 AND id NOT IN ( \
                 SELECT id FROM chosen_passwords WHERE account_id = $1 ORDER BY id DESC LIMIT $2)",
        )
        .bind(account.0)
        .bind(i64::from(MAX_HISTORY))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// The same password, hashed with other parameters: when it was chosen stays as it is, and so
    /// does the version. False: it was changed meanwhile, and stays.
    pub async fn rehash_password(
        &mut self,
        permit: &Permit,
        account: AccountId,
        old: &str,
        new: &str,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::SignIn], &About::account(account))?;
        const KEPT: &str =
            "UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2";
        const REMEMBERED: &str = "UPDATE chosen_passwords SET password_hash = $3 \
                                  WHERE account_id = $1 AND password_hash = $2";
        let mut done = false;
        for sql in [REMEMBERED, KEPT] {
            let written = sqlx::query(sql).bind(account.0).bind(old).bind(new);
            done = written.execute(self.connection()).await?.rows_affected() == 1;
        }
        Ok(done)
    }
}
