//! Browsers that signed in before. Of the token that a browser keeps, the hash alone is here.

use roster::authority::Grant;
use roster::id::{AccountId, Timestamp};

use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};

impl Reader {
    /// The browser with this token signed in to the account, since that moment.
    pub async fn knows_device(
        &mut self,
        token_hash: &str,
        account: AccountId,
        since: Timestamp,
    ) -> Result<bool, Error> {
        let row = sqlx::query(
            "SELECT last_used_at FROM known_devices \
             WHERE token_hash = $1 AND account_id = $2 AND last_used_at > $3",
        )
        .bind(token_hash)
        .bind(account.0)
        .bind(since.0)
        .fetch_optional(self.connection())
        .await?;
        Ok(row.is_some())
    }

    /// The same for any account.
    pub async fn knows_device_at_all(
        &mut self,
        token_hash: &str,
        since: Timestamp,
    ) -> Result<bool, Error> {
        let row = sqlx::query(
            "SELECT account_id FROM known_devices \
             WHERE token_hash = $1 AND last_used_at > $2 LIMIT 1",
        )
        .bind(token_hash)
        .bind(since.0)
        .fetch_optional(self.connection())
        .await?;
        Ok(row.is_some())
    }
}

impl Transaction {
    /// The browser signed in to the account now. Of the account's browsers the `most` that were
    /// used last are kept.
    pub async fn remember_device(
        &mut self,
        permit: &Permit,
        token_hash: &str,
        account: AccountId,
        now: Timestamp,
        most: u32,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::SignIn], &About::account(account))?;
        sqlx::query(
            "INSERT INTO known_devices (token_hash, account_id, last_used_at) VALUES ($1, $2, $3) \
             ON CONFLICT (token_hash, account_id) DO UPDATE SET last_used_at = excluded.last_used_at",
        )
        .bind(token_hash)
        .bind(account.0)
        .bind(now.0)
        .execute(self.connection())
        .await?;
        sqlx::query(
            "DELETE FROM known_devices WHERE account_id = $1 AND token_hash IN ( \
                 SELECT token_hash FROM known_devices WHERE account_id = $1 \
                 ORDER BY last_used_at DESC, token_hash LIMIT 1000 OFFSET $2)",
        )
        .bind(account.0)
        .bind(i64::from(most))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Bookkeeping: removes those that were last used before this moment.
    pub async fn forget_devices(&mut self, before: Timestamp) -> Result<u64, Error> {
        let done = sqlx::query("DELETE FROM known_devices WHERE last_used_at < $1")
            .bind(before.0)
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected())
    }
}
