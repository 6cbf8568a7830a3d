//! Which keys outside the database it is written with, and what is written with them: app secrets,
//! starting seeds and recovery codes. What a key is, and what is done with one, is `operations`' to say.

use roster::authority::Permit;
use roster::id::{AccountId, Timestamp};

use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::sql::Columns;

/// A key that was taken into use; the newest is written with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    pub id: i64,
    pub proof: String,
    /// Nothing is left under earlier keys that could be written anew.
    pub settled: bool,
    /// What is needed of it still, sealed with the newest.
    pub kept: Option<String>,
}

/// What only the keys can open, and what goes with it where they are lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BehindKeys {
    /// Whose apps.
    pub apps: Vec<(AccountId, String)>,
    /// People with recovery codes.
    pub codes: u64,
    pub seeds: u64,
    pub sessions: u64,
}

impl Reader {
    /// From the oldest to the newest.
    pub async fn keys(&mut self) -> Result<Vec<StoredKey>, Error> {
        let rows = sqlx::query("SELECT id, proof, settled, kept FROM keys ORDER BY id")
            .fetch_all(self.connection())
            .await?;
        rows.iter()
            .map(|row| {
                Ok(StoredKey {
                    id: row.number("id")?,
                    proof: row.text("proof")?,
                    settled: row.flag("settled")?,
                    kept: row.maybe_text("kept")?,
                })
            })
            .collect()
    }

    /// The number of the newest key.
    pub async fn newest_key(&mut self) -> Result<Option<i64>, Error> {
        let row =
            sqlx::query("SELECT MAX(id) AS id FROM keys").fetch_one(self.connection()).await?;
        row.maybe_number("id")
    }

    /// App secrets as they are kept, of the accounts after this one.
    pub async fn app_secrets(
        &mut self,
        after: AccountId,
        limit: u32,
    ) -> Result<Vec<(AccountId, String)>, Error> {
        let rows = sqlx::query(
            "SELECT account_id, secret FROM two_step WHERE account_id > $1 \
             ORDER BY account_id LIMIT $2",
        )
        .bind(after.0)
        .bind(i64::from(limit))
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| Ok((AccountId(row.number("account_id")?), row.text("secret")?)))
            .collect()
    }

    /// Starting seeds as they are kept, with their batches' keys, of the batches after this one.
    pub async fn starting_seeds(
        &mut self,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(String, String)>, Error> {
        let rows = sqlx::query(
            "SELECT batch, seed FROM starting_seeds WHERE batch > $1 ORDER BY batch LIMIT $2",
        )
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(|row| Ok((row.text("batch")?, row.text("seed")?))).collect()
    }

    /// Hashes of recovery codes, those after this account's of this hash.
    pub async fn code_hashes(
        &mut self,
        after: &(AccountId, String),
        limit: u32,
    ) -> Result<Vec<(AccountId, String)>, Error> {
        let rows = sqlx::query(
            "SELECT account_id, code_hash FROM recovery_codes \
             WHERE (account_id, code_hash) > ($1, $2) ORDER BY account_id, code_hash LIMIT $3",
        )
        .bind(after.0.0)
        .bind(&after.1)
        .bind(i64::from(limit))
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| Ok((AccountId(row.number("account_id")?), row.text("code_hash")?)))
            .collect()
    }
}

impl Reader {
    pub async fn behind_keys(&mut self) -> Result<BehindKeys, Error> {
        let apps = sqlx::query(
            "SELECT accounts.id, accounts.name FROM two_step \
             JOIN accounts ON accounts.id = two_step.account_id ORDER BY accounts.id",
        )
        .fetch_all(self.connection())
        .await?;
        let apps = apps.iter().map(|row| Ok((AccountId(row.number("id")?), row.text("name")?)));
        let apps = apps.collect::<Result<_, Error>>()?;
        let counts = sqlx::query(
            "SELECT (SELECT COUNT(DISTINCT account_id) FROM recovery_codes) AS codes, \
                    (SELECT COUNT(*) FROM starting_seeds) AS seeds, \
                    (SELECT COUNT(*) FROM sessions) AS sessions",
        )
        .fetch_one(self.connection())
        .await?;
        Ok(BehindKeys {
            apps,
            codes: counts.count("codes")?,
            seeds: counts.count("seeds")?,
            sessions: counts.count("sessions")?,
        })
    }
}

impl Transaction {
    /// Drops what only the lost keys could open, all sessions and all that is pending, and takes another
    /// key into use, with which the audit trail begins anew. The keys are locked.
    pub async fn replace_lost_keys(
        &mut self,
        permit: &Permit,
        id: i64,
        proof: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        for sql in [
            "DELETE FROM two_step",
            "DELETE FROM recovery_codes",
            "DELETE FROM starting_seeds",
            "DELETE FROM sessions",
            "DELETE FROM pending",
            "DELETE FROM keys",
        ] {
            sqlx::query(sql).execute(self.connection()).await?;
        }
        self.add_key(permit, id, proof, now).await?;
        self.settle_key(permit, id, &[]).await?;
        sqlx::query("UPDATE audit_head SET begins_after = last_id, last_hash = '' WHERE id = 1")
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The number of the newest key; no other is taken into use until this transaction ends.
    pub async fn hold_newest_key(&mut self) -> Result<Option<i64>, Error> {
        match self.kind {
            Kind::Sqlite => self.newest_key().await,
            Kind::Postgres => {
                let row = sqlx::query("SELECT id FROM keys ORDER BY id DESC LIMIT 1 FOR SHARE")
                    .fetch_optional(self.connection())
                    .await?;
                row.map(|row| row.number("id")).transpose()
            }
        }
    }

    /// Nobody else takes a key into use, or writes with one, until this transaction ends.
    pub async fn lock_keys(&mut self) -> Result<Vec<StoredKey>, Error> {
        if self.kind == Kind::Postgres {
            sqlx::query("LOCK TABLE keys IN EXCLUSIVE MODE").execute(self.connection()).await?;
        }
        self.keys().await
    }

    /// Takes a key into use, for the audit trail from its next entry on.
    pub async fn add_key(
        &mut self,
        _permit: &Permit,
        id: i64,
        proof: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        sqlx::query("INSERT INTO keys (id, proof, added_at, settled) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(proof)
            .bind(now.0)
            .bind(false)
            .execute(self.connection())
            .await?;
        sqlx::query("UPDATE audit_head SET key_id = $1 WHERE id = 1")
            .bind(id)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Nothing is left under earlier keys; `kept` is what is needed of them still.
    pub async fn settle_key(
        &mut self,
        _permit: &Permit,
        id: i64,
        kept: &[(i64, String)],
    ) -> Result<(), Error> {
        for (earlier, kept) in kept {
            sqlx::query("UPDATE keys SET kept = $2 WHERE id = $1")
                .bind(*earlier)
                .bind(kept)
                .execute(self.connection())
                .await?;
        }
        sqlx::query("UPDATE keys SET settled = $2 WHERE id = $1")
            .bind(id)
            .bind(true)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The same app secret, written anew, unless it is another by now.
    pub async fn rewrite_app_secret(
        &mut self,
        _permit: &Permit,
        account: AccountId,
        was: &str,
        becomes: &str,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE two_step SET secret = $3 WHERE account_id = $1 AND secret = $2")
            .bind(account.0)
            .bind(was)
            .bind(becomes)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The same starting seed, sealed anew, unless it is forgotten by now.
    pub async fn rewrite_starting_seed(
        &mut self,
        _permit: &Permit,
        batch: &str,
        was: &str,
        becomes: &str,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE starting_seeds SET seed = $3 WHERE batch = $1 AND seed = $2")
            .bind(batch)
            .bind(was)
            .bind(becomes)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The same recovery code, hashed anew, unless it was used by now.
    pub async fn rewrite_code_hash(
        &mut self,
        _permit: &Permit,
        account: AccountId,
        was: &str,
        becomes: &str,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE recovery_codes SET code_hash = $3 WHERE account_id = $1 AND code_hash = $2",
        )
        .bind(account.0)
        .bind(was)
        .bind(becomes)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
