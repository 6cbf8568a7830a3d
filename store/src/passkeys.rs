//! Passkeys as they are kept, and what browsers were asked and haven't answered yet. Both databases
//! hold that a device's name for a passkey belongs to one account, and that a question is answered
//! once.

use roster::authority::Permit;
use roster::id::{AccountId, PasskeyId, Timestamp};
use sqlx::any::AnyRow;

use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
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

/// What a browser was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// `None`: whoever answers says who they are.
    pub account: Option<AccountId>,
    /// JSON, which the store doesn't look into.
    pub state: String,
    pub created_at: Timestamp,
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
    /// The passkey that a device names so; nobody else uses it until this transaction ends.
    pub async fn lock_passkey(&mut self, credential_id: &str) -> Result<Option<Passkey>, Error> {
        const FIND: &str =
            concat!("SELECT ", columns!(), " FROM passkeys WHERE credential_id = $1");
        let sql = match self.kind {
            Kind::Postgres => {
                concat!("SELECT ", columns!(), " FROM passkeys WHERE credential_id = $1 FOR UPDATE")
            }
            Kind::Sqlite => FIND,
        };
        let row = sqlx::query(sql).bind(credential_id).fetch_optional(self.connection()).await?;
        row.as_ref().map(passkey).transpose()
    }

    /// False: a device's name for it is taken. It counts as two-step verification from now on.
    pub async fn add_passkey(&mut self, _permit: &Permit, new: &NewPasskey) -> Result<bool, Error> {
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
        sqlx::query("UPDATE sessions SET two_step_due = $2 WHERE account_id = $1")
            .bind(new.account.0)
            .bind(false)
            .execute(self.connection())
            .await?;
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

    /// Removes one of somebody's passkeys; false: it isn't theirs.
    pub async fn remove_passkey(
        &mut self,
        _permit: &Permit,
        account: AccountId,
        id: PasskeyId,
    ) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM passkeys WHERE account_id = $1 AND id = $2")
            .bind(account.0)
            .bind(id.0)
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Removes all of them; false: there were none.
    pub async fn remove_passkeys(
        &mut self,
        _permit: &Permit,
        account: AccountId,
    ) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM passkeys WHERE account_id = $1")
            .bind(account.0)
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Bookkeeping: a browser is asked; the token for the answer is kept as its hash.
    pub async fn ask_for_passkey(
        &mut self,
        token_hash: &str,
        challenge: &Challenge,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO passkey_challenges (token_hash, account_id, state, created_at) \
             VALUES ($1, $2, $3, $4)",
        )
        .bind(token_hash)
        .bind(challenge.account.map(|account| account.0))
        .bind(&challenge.state)
        .bind(challenge.created_at.0)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// What was asked, to be answered this once; `None`: nothing, or it was answered.
    pub async fn take_challenge(&mut self, token_hash: &str) -> Result<Option<Challenge>, Error> {
        let row = sqlx::query(
            "SELECT account_id, state, created_at FROM passkey_challenges WHERE token_hash = $1",
        )
        .bind(token_hash)
        .fetch_optional(self.connection())
        .await?;
        let taken = sqlx::query("DELETE FROM passkey_challenges WHERE token_hash = $1")
            .bind(token_hash)
            .execute(self.connection())
            .await?;
        // Who came first has it.
        let Some(row) = row.filter(|_| taken.rows_affected() == 1) else { return Ok(None) };
        Ok(Some(Challenge {
            account: row.maybe_number("account_id")?.map(AccountId),
            state: row.text("state")?,
            created_at: row.moment("created_at")?,
        }))
    }

    /// Bookkeeping: what was asked before a moment waits no longer.
    pub async fn forget_challenges(&mut self, before: Timestamp) -> Result<(), Error> {
        sqlx::query("DELETE FROM passkey_challenges WHERE created_at < $1")
            .bind(before.0)
            .execute(self.connection())
            .await?;
        Ok(())
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
