//! Passkeys as they are kept. Both databases hold that a device's name for a passkey belongs to one
//! account.

use roster::authority::Grant;
use roster::id::{AccountId, PasskeyId, SessionId, Timestamp};
use sqlx::any::AnyRow;

use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::Columns;

/// A passkey that is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPasskey {
    pub account: AccountId,
    /// By which its device names it, in hexadecimal.
    pub credential_id: String,
    /// By which its device knows the account, as a UUID.
    pub user_handle: String,
    pub name: String,
    /// JSON, which the store doesn't look into.
    pub credential: String,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    pub id: PasskeyId,
    pub account: AccountId,
    pub credential_id: String,
    pub user_handle: String,
    pub name: String,
    pub credential: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

macro_rules! columns {
    () => {
        "id, account_id, credential_id, user_handle, name, credential, created_at, last_used_at"
    };
}

impl Reader {
    /// Somebody's passkeys, the oldest first.
    pub async fn passkeys(&mut self, account: AccountId) -> Result<Vec<Passkey>, Error> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM passkeys WHERE account_id = $1 ORDER BY id"
        ))
        .bind(account.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(passkey).collect()
    }

    pub async fn has_passkeys(&mut self, account: AccountId) -> Result<bool, Error> {
        let row = sqlx::query("SELECT COUNT(*) AS passkeys FROM passkeys WHERE account_id = $1")
            .bind(account.0)
            .fetch_one(self.connection())
            .await?;
        Ok(row.count("passkeys")? > 0)
    }
}

impl Transaction {
    /// The passkey that a device names so; nobody else uses it until this transaction ends. Its
    /// account is locked before it.
    pub async fn lock_passkey(&mut self, credential_id: &str) -> Result<Option<Passkey>, Error> {
        const FIND: &str =
            concat!("SELECT ", columns!(), " FROM passkeys WHERE credential_id = $1");
        let sql = match self.kind {
            Kind::Postgres => {
                concat!("SELECT ", columns!(), " FROM passkeys WHERE credential_id = $1 FOR UPDATE")
            }
            Kind::Sqlite => FIND,
        };
        if self.kind == Kind::Postgres {
            sqlx::query(
                "SELECT accounts.id FROM accounts JOIN passkeys ON passkeys.account_id = accounts.id \
                 WHERE passkeys.credential_id = $1 FOR NO KEY UPDATE OF accounts",
            )
            .bind(credential_id)
            .fetch_optional(self.connection())
            .await?;
        }
        let row = sqlx::query(sql).bind(credential_id).fetch_optional(self.connection()).await?;
        row.as_ref().map(passkey).transpose()
    }

    /// False: a device's name for it is taken. It counts as two-step verification from now on. Ends
    /// the person's other sessions.
    pub async fn add_passkey(
        &mut self,
        permit: &Permit,
        new: &NewPasskey,
        keep: SessionId,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::OwnTwoStep], &About::account(new.account))?;
        self.lock_credentials(new.account).await?;
        let done = sqlx::query(
            "INSERT INTO passkeys \
                 (account_id, credential_id, user_handle, name, credential, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (credential_id) DO NOTHING",
        )
        .bind(new.account.0)
        .bind(&new.credential_id)
        .bind(&new.user_handle)
        .bind(&new.name)
        .bind(&new.credential)
        .bind(new.created_at.0)
        .execute(self.connection())
        .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        self.credentials_changed(&[new.account], Some(keep)).await?;
        Ok(true)
    }

    /// Bookkeeping: it was used, and is now as its device says.
    pub async fn use_passkey(
        &mut self,
        id: PasskeyId,
        credential: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE passkeys SET credential = $2, last_used_at = $3 WHERE id = $1")
            .bind(id.0)
            .bind(credential)
            .bind(now.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Removes one of somebody's passkeys; false: it isn't theirs. Ends their other sessions.
    pub async fn remove_passkey(
        &mut self,
        permit: &Permit,
        account: AccountId,
        id: PasskeyId,
        keep: SessionId,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::OwnTwoStep], &About::account(account))?;
        self.lock_credentials(account).await?;
        let done = sqlx::query("DELETE FROM passkeys WHERE account_id = $1 AND id = $2")
            .bind(account.0)
            .bind(id.0)
            .execute(self.connection())
            .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        self.second_factor_removed(account, Some(keep)).await?;
        Ok(true)
    }

    /// Removes all of them; false: there were none. Ends the person's sessions.
    pub async fn remove_passkeys(
        &mut self,
        permit: &Permit,
        account: AccountId,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::ManageAccess], &About::account(account))?;
        self.lock_credentials(account).await?;
        let done = sqlx::query("DELETE FROM passkeys WHERE account_id = $1")
            .bind(account.0)
            .execute(self.connection())
            .await?;
        self.second_factor_removed(account, None).await?;
        Ok(done.rows_affected() > 0)
    }
}

fn passkey(row: &AnyRow) -> Result<Passkey, Error> {
    Ok(Passkey {
        id: PasskeyId(row.number("id")?),
        account: AccountId(row.number("account_id")?),
        credential_id: row.text("credential_id")?,
        user_handle: row.text("user_handle")?,
        name: row.text("name")?,
        credential: row.text("credential")?,
        created_at: row.moment("created_at")?,
        last_used_at: row.maybe_moment("last_used_at")?,
    })
}
