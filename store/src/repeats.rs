//! Requests that were done and carried a key. The key is kept in the transaction that made the change:
//! either both are there or neither.

use roster::audit::Entry;
use roster::authority::Caller;
use roster::id::{AccountId, Timestamp};
use roster::repeat::{MOST, Repeat};

use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::sql::Columns;

/// What was done under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Of the request's address and body.
    pub digest: String,
    /// What was changed, as the audit trail names it.
    pub kind: String,
    pub id: String,
}

impl Reader {
    /// What this account did under the key.
    pub async fn made(&mut self, account: AccountId, key: &str) -> Result<Option<Made>, Error> {
        let row = sqlx::query(
            "SELECT digest, subject_kind, subject_id FROM repeats \
             WHERE account_id = $1 AND key_hash = $2",
        )
        .bind(account.0)
        .bind(key)
        .fetch_optional(self.connection())
        .await?;
        let made = row.map(|row| {
            Ok(Made {
                digest: row.text("digest")?,
                kind: row.text("subject_kind")?,
                id: row.text("subject_id")?,
            })
        });
        made.transpose()
    }
}

impl Transaction {
    /// Keeps the key of the request, if it has one; says whether it has. Another request with the same
    /// key is waited for: if it was done, this one is [`Error::Repeated`].
    pub(crate) async fn keep_repeat(
        &mut self,
        caller: &Caller,
        now: Timestamp,
        trail: &[Entry],
    ) -> Result<bool, Error> {
        let Some((actor, repeat)) = caller.person().zip(caller.origin.repeat.as_ref()) else {
            return Ok(false);
        };
        let subject = trail.first().map(|entry| &entry.subject);
        let done = sqlx::query(
            "INSERT INTO repeats \
                 (account_id, key_hash, digest, arrival, subject_kind, subject_id, made_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(actor.account.0)
        .bind(&repeat.key)
        .bind(&repeat.digest)
        .bind(&repeat.arrival)
        .bind(subject.map_or("", |subject| subject.kind))
        .bind(subject.map_or("", |subject| subject.id.as_str()))
        .bind(now.0)
        .execute(self.connection())
        .await?;
        if done.rows_affected() == 0 {
            self.is_this_arrival(actor.account, repeat).await?;
        } else {
            self.forget_most_repeats(actor.account).await?;
        }
        Ok(true)
    }

    /// What a request does in several transactions has one key.
    async fn is_this_arrival(&mut self, account: AccountId, repeat: &Repeat) -> Result<(), Error> {
        let row =
            sqlx::query("SELECT arrival FROM repeats WHERE account_id = $1 AND key_hash = $2")
                .bind(account.0)
                .bind(&repeat.key)
                .fetch_optional(self.connection())
                .await?;
        match row {
            Some(row) if row.text("arrival")? == repeat.arrival => Ok(()),
            _ => Err(Error::Repeated),
        }
    }

    async fn forget_most_repeats(&mut self, account: AccountId) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM repeats WHERE account_id = $1 AND key_hash IN ( \
                 SELECT key_hash FROM repeats WHERE account_id = $1 \
                 ORDER BY made_at DESC, key_hash LIMIT 1000 OFFSET $2)",
        )
        .bind(account.0)
        .bind(i64::from(MOST))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Bookkeeping: removes those that were made before this moment.
    pub async fn forget_repeats(&mut self, before: Timestamp) -> Result<u64, Error> {
        let done = sqlx::query("DELETE FROM repeats WHERE made_at < $1")
            .bind(before.0)
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected())
    }
}
