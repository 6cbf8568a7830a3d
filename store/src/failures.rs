//! Failed sign-ins, by keys that `operations` makes. What follows from them is `roster::sign_in`'s
//! to say. All of this but lifting an account's locks is bookkeeping.

use std::collections::HashMap;

use roster::authority::Grant;
use roster::id::{AccountId, Timestamp};
use roster::sign_in::Failures;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use crate::batch::Type;
use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::Columns;

impl Reader {
    pub async fn failures(&mut self, key: &str) -> Result<Failures, Error> {
        let row =
            sqlx::query("SELECT failures, last_at FROM sign_in_failures WHERE failure_key = $1")
                .bind(key)
                .fetch_optional(self.connection())
                .await?;
        row.as_ref().map_or_else(|| Ok(Failures::default()), failures)
    }

    /// What is counted for each of these accounts, under whatever keys; accounts without failures
    /// are left out.
    pub async fn failures_of(
        &mut self,
        accounts: &[AccountId],
    ) -> Result<HashMap<AccountId, Vec<Failures>>, Error> {
        let mut found: HashMap<AccountId, Vec<Failures>> = HashMap::new();
        if accounts.is_empty() {
            return Ok(found);
        }
        let list = self.kind.list(accounts.iter().map(|id| id.0.into()));
        let rows = sqlx::query(AssertSqlSafe(of_accounts(self.kind)))
            .bind(list)
            .fetch_all(self.connection())
            .await?;
        for row in &rows {
            found.entry(AccountId(row.number("account_id")?)).or_default().push(failures(row)?);
        }
        Ok(found)
    }
}

impl Transaction {
    /// The failures so far, and nobody else counts one until this transaction ends: many guesses
    /// at once are counted one by one.
    pub async fn lock_failures(&mut self, key: &str) -> Result<Failures, Error> {
        let row = sqlx::query(
            "INSERT INTO sign_in_failures (failure_key, failures) VALUES ($1, 0) \
             ON CONFLICT (failure_key) DO UPDATE SET failures = sign_in_failures.failures \
             RETURNING failures, last_at",
        )
        .bind(key)
        .fetch_one(self.connection())
        .await?;
        failures(&row)
    }

    /// Keeps the new count; `account` is the one that is guessed at, if there is one.
    pub async fn count_failure(
        &mut self,
        key: &str,
        account: Option<AccountId>,
        failures: Failures,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO sign_in_failures (failure_key, account_id, failures, last_at) \
             VALUES ($1, $2, $3, $4) \
             ON CONFLICT (failure_key) \
             DO UPDATE SET account_id = excluded.account_id, failures = excluded.failures, \
                           last_at = excluded.last_at",
        )
        .bind(key)
        .bind(account.map(|account| account.0))
        .bind(i64::from(failures.count))
        .bind(failures.last_at.map(|at| at.0))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// One that was counted before it was looked at was none. Others that were counted meanwhile
    /// stay.
    pub async fn uncount_failure(&mut self, key: &str) -> Result<(), Error> {
        sqlx::query(
            "UPDATE sign_in_failures SET failures = failures - 1 \
             WHERE failure_key = $1 AND failures > 0",
        )
        .bind(key)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    pub async fn clear_failures(&mut self, key: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM sign_in_failures WHERE failure_key = $1")
            .bind(key)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// What is counted for this account; nobody else counts one under the same keys until this
    /// transaction ends.
    pub async fn lock_failures_of(&mut self, account: AccountId) -> Result<Vec<Failures>, Error> {
        let rows = sqlx::query(match self.kind {
            Kind::Sqlite => "SELECT failures, last_at FROM sign_in_failures WHERE account_id = $1",
            Kind::Postgres => {
                "SELECT failures, last_at FROM sign_in_failures WHERE account_id = $1 \
                 ORDER BY failure_key FOR UPDATE"
            }
        })
        .bind(account.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(failures).collect()
    }

    /// Lifts all locks of an account.
    pub async fn clear_failures_of(
        &mut self,
        permit: &Permit,
        account: AccountId,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::ManageAccess], &About::account(account))?;
        sqlx::query("DELETE FROM sign_in_failures WHERE account_id = $1")
            .bind(account.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Removes those whose last failure was before this moment.
    pub async fn forget_failures(&mut self, before: Timestamp) -> Result<u64, Error> {
        let done =
            sqlx::query("DELETE FROM sign_in_failures WHERE last_at IS NULL OR last_at < $1")
                .bind(before.0)
                .execute(self.connection())
                .await?;
        Ok(done.rows_affected())
    }
}

fn of_accounts(kind: Kind) -> String {
    format!(
        "SELECT account_id, failures, last_at FROM sign_in_failures WHERE {}",
        kind.among("account_id", Type::Number, "$1")
    )
}

fn failures(row: &AnyRow) -> Result<Failures, Error> {
    Ok(Failures { count: row.small("failures")?, last_at: row.maybe_moment("last_at")? })
}

#[cfg(test)]
mod tests {
    use super::of_accounts;
    use crate::connection::Kind;
    use crate::plan::check;

    #[tokio::test]
    async fn those_of_an_account_are_found_by_their_index() {
        let sql = of_accounts(Kind::Sqlite);
        check(&sql, "sign_in_failures_account", &["SCAN sign_in_failures"]).await;
    }
}
