//! Starting passwords that were made for many at once: the seed from which they can be made again
//! until they are downloaded, and for whom they were made.

use roster::account::PasswordState;
use roster::authority::Permit;
use roster::directory::protocol::RunId;
use roster::id::{ImportId, Timestamp};
use sqlx::AssertSqlSafe;

use super::{Credentials, PASSWORD_ENDS_AT, USED};
use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::sql::Columns;

/// By what they were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batch {
    Import(ImportId),
    Run(RunId),
}

impl Batch {
    /// What its seed is kept under.
    #[must_use]
    pub fn key(self) -> String {
        match self {
            Self::Import(id) => format!("import {id}"),
            Self::Run(id) => format!("run {id}"),
        }
    }

    /// Rows of `$1` from place `$2` on, each with the account that was created.
    fn rows(self) -> (String, &'static str) {
        match self {
            Self::Import(id) => (
                id.to_string(),
                "import_rows WHERE import_id = $1 AND outcome = 'created' \
                 AND account_id IS NOT NULL",
            ),
            Self::Run(id) => (
                id.to_string(),
                "directory_changes WHERE run_id = $1 AND kind = 'created' \
                 AND account_id IS NOT NULL",
            ),
        }
    }
}

/// Somebody whose starting password wasn't used yet.
#[derive(Clone)]
pub struct Given {
    pub name: String,
    pub email: String,
    pub hash: String,
    /// It works until this moment.
    pub ends_at: Timestamp,
}

impl Reader {
    /// The seed; `None`: none was needed, or it is forgotten.
    pub async fn starting_seed(&mut self, batch: Batch) -> Result<Option<String>, Error> {
        let row = sqlx::query("SELECT seed FROM starting_seeds WHERE batch = $1")
            .bind(batch.key())
            .fetch_optional(self.connection())
            .await?;
        row.map(|row| row.text("seed")).transpose()
    }

    /// Whose starting password wasn't used yet, in order, from this place on; and the place from
    /// which to go on.
    pub async fn starting_passwords(
        &mut self,
        batch: Batch,
        from: i64,
        limit: u32,
    ) -> Result<(Vec<Given>, Option<i64>), Error> {
        let (id, rows) = batch.rows();
        let sql = format!(
            "SELECT made.place, accounts.name, accounts.email, password_state, password_hash, \
                    {PASSWORD_ENDS_AT} AS password_ends_at \
             FROM (SELECT place, account_id FROM {rows} AND place >= $2 ORDER BY place LIMIT $3) made \
             JOIN accounts ON accounts.id = made.account_id \
             ORDER BY made.place"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(id)
            .bind(from)
            .bind(i64::from(limit))
            .fetch_all(self.connection())
            .await?;
        let next = match rows.last() {
            Some(last) => Some(last.number("place")? + 1),
            None => None,
        };
        let mut given = Vec::with_capacity(rows.len());
        for row in &rows {
            let word: PasswordState = row.word("password_state")?;
            if word != PasswordState::Starting {
                continue;
            }
            given.push(Given {
                name: row.text("name")?,
                email: row.text("email")?,
                hash: row.text("password_hash")?,
                ends_at: row.moment("password_ends_at")?,
            });
        }
        Ok((given, next))
    }
}

impl Transaction {
    /// Keeps a seed for a batch, unless it has one; answers the one that it has, which stays until
    /// the transaction ends.
    pub async fn keep_starting_seed(
        &mut self,
        _permit: &Permit,
        batch: Batch,
        seed: &str,
        now: Timestamp,
    ) -> Result<String, Error> {
        // Writes what is there, and so locks it.
        let row = sqlx::query(
            "INSERT INTO starting_seeds (batch, seed, made_at) VALUES ($1, $2, $3) \
             ON CONFLICT (batch) DO UPDATE SET seed = starting_seeds.seed RETURNING seed",
        )
        .bind(batch.key())
        .bind(seed)
        .bind(now.0)
        .fetch_one(self.connection())
        .await?;
        row.text("seed")
    }

    /// Takes the seed out: nobody can make the starting passwords of this batch again. `None`: it is
    /// gone.
    pub async fn forget_starting_seed(
        &mut self,
        _permit: &Permit,
        batch: Batch,
    ) -> Result<Option<String>, Error> {
        let row = sqlx::query("DELETE FROM starting_seeds WHERE batch = $1 RETURNING seed")
            .bind(batch.key())
            .fetch_optional(self.connection())
            .await?;
        row.map(|row| row.text("seed")).transpose()
    }

    /// Those that were made before this moment.
    pub async fn forget_starting_seeds(&mut self, before: Timestamp) -> Result<(), Error> {
        sqlx::query("DELETE FROM starting_seeds WHERE made_at < $1")
            .bind(before.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// A password that was given is used for a sign-in. A starting password opens no account from now
    /// on ([`Credentials::used_hash`]); a temporary one has no end any more if it is `kept`. `false`:
    /// it was used or replaced since the credentials were read.
    pub async fn password_used(
        &mut self,
        _permit: &Permit,
        found: &Credentials,
        kept: bool,
    ) -> Result<bool, Error> {
        let before = found.hash.as_deref().unwrap_or_default();
        let hash = match found.password {
            PasswordState::Starting => [USED, before].concat(),
            PasswordState::Temporary if kept => before.to_owned(),
            PasswordState::Temporary | PasswordState::Own | PasswordState::Default => {
                return Ok(true);
            }
        };
        let done = sqlx::query(
            "UPDATE accounts SET password_hash = $4, password_given_at = NULL \
             WHERE id = $1 AND password_state = $2 AND password_hash = $3",
        )
        .bind(found.id.0)
        .bind(found.password.as_str())
        .bind(found.hash.as_deref())
        .bind(hash)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
