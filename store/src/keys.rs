//! Which keys outside the database it is written with, and what is written with them: app secrets,
//! starting seeds and recovery codes. What a key is, and what is done with one, is `operations`' to say.

use roster::authority::Grant;
use roster::id::{AccountId, Timestamp};

use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
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

/// What is written with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    AppSecrets,
    StartingSeeds,
    /// As hashes.
    RecoveryCodes,
}

/// Whose something is that is written with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    Account(AccountId),
    /// By the batch's key.
    Batch(String),
}

impl Written {
    pub const ALL: [Self; 3] = [Self::AppSecrets, Self::StartingSeeds, Self::RecoveryCodes];

    /// What comes before all of them.
    #[must_use]
    pub fn start(self) -> (Owner, String) {
        let owner = match self {
            Self::AppSecrets | Self::RecoveryCodes => Owner::Account(AccountId(0)),
            Self::StartingSeeds => Owner::Batch(String::new()),
        };
        (owner, String::new())
    }

    fn read(self) -> &'static str {
        macro_rules! read {
            ($table:literal, $owner:literal, $written:literal) => {
                concat!(
                    "SELECT ",
                    $owner,
                    " AS owner, ",
                    $written,
                    " AS written FROM ",
                    $table,
                    " WHERE (",
                    $owner,
                    ", ",
                    $written,
                    ") > ($1, $2) ORDER BY ",
                    $owner,
                    ", ",
                    $written,
                    " LIMIT $3"
                )
            };
        }
        match self {
            Self::AppSecrets => read!("two_step", "account_id", "secret"),
            Self::StartingSeeds => read!("starting_seeds", "batch", "seed"),
            Self::RecoveryCodes => read!("recovery_codes", "account_id", "code_hash"),
        }
    }

    fn write(self) -> &'static str {
        match self {
            Self::AppSecrets => {
                "UPDATE two_step SET secret = $3 WHERE account_id = $1 AND secret = $2"
            }
            Self::StartingSeeds => {
                "UPDATE starting_seeds SET seed = $3 WHERE batch = $1 AND seed = $2"
            }
            Self::RecoveryCodes => {
                "UPDATE recovery_codes SET code_hash = $3 WHERE account_id = $1 AND code_hash = $2"
            }
        }
    }
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

    /// What is written with keys, in order, what comes after this.
    pub async fn written(
        &mut self,
        what: Written,
        (owner, text): &(Owner, String),
        limit: u32,
    ) -> Result<Vec<(Owner, String)>, Error> {
        let query = sqlx::query(what.read());
        let query = match owner {
            Owner::Account(id) => query.bind(id.0),
            Owner::Batch(key) => query.bind(key),
        };
        let rows = query.bind(text).bind(i64::from(limit)).fetch_all(self.connection()).await?;
        rows.iter()
            .map(|row| {
                let owner = match what {
                    Written::AppSecrets | Written::RecoveryCodes => {
                        Owner::Account(AccountId(row.number("owner")?))
                    }
                    Written::StartingSeeds => Owner::Batch(row.text("owner")?),
                };
                Ok((owner, row.text("written")?))
            })
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
        permit: &Permit,
        id: i64,
        proof: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::Operate], &About::Act)?;
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
        permit: &Permit,
        id: i64,
        kept: &[(i64, String)],
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::Operate], &About::Act)?;
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

    /// The same, written anew with another key, unless it is another by now or gone.
    pub async fn write_anew(
        &mut self,
        permit: &Permit,
        what: Written,
        (owner, was): &(Owner, String),
        becomes: &str,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::Operate], &About::Act)?;
        let query = sqlx::query(what.write());
        let query = match owner {
            Owner::Account(id) => query.bind(id.0),
            Owner::Batch(key) => query.bind(key),
        };
        query.bind(was).bind(becomes).execute(self.connection()).await?;
        Ok(())
    }
}
