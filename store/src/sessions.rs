//! Sessions: who is signed in where. Tokens are kept as hashes; whether a session is still alive is
//! `roster::session`'s to say.

use roster::account::{PasswordState, Role};
use roster::authority::Permit;
use roster::id::{AccountId, SessionId, Timestamp};
use roster::policy::Policies;
use roster::session::SessionLine;

use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::settings::{policies, policy_columns};
use crate::sql::Columns;

/// A session that is to be.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Of the token, in hexadecimal.
    pub token_hash: String,
    pub account: AccountId,
    pub created_at: Timestamp,
    pub address: String,
    pub agent: String,
    /// It began with a password that was too old.
    pub password_expired: bool,
    /// It began without two-step verification, which must be set up first.
    pub two_step_due: bool,
}

/// A session with what a request needs to know of its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSession {
    pub id: SessionId,
    pub account: AccountId,
    pub name: String,
    pub role: Role,
    pub enabled: bool,
    pub password: PasswordState,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// It began with a password that was too old, and no other was chosen since.
    pub password_expired: bool,
    pub two_step_due: bool,
    /// As they are now.
    pub policies: Policies,
}

impl Reader {
    pub async fn session(&mut self, token_hash: &str) -> Result<Option<LiveSession>, Error> {
        let row = sqlx::query(concat!(
            "SELECT sessions.id, accounts.id AS account_id, accounts.name, accounts.role, \
                    accounts.enabled, accounts.password_state, accounts.password_chosen_at, \
                    sessions.created_at, sessions.last_seen_at, sessions.password_expired, \
                    sessions.two_step_due, ",
            policy_columns!(),
            " FROM sessions JOIN accounts ON accounts.id = sessions.account_id \
                  JOIN settings ON settings.id = 1 \
             WHERE sessions.token_hash = $1"
        ))
        .bind(token_hash)
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| {
            let created_at = row.moment("created_at")?;
            let chosen_at = row.maybe_moment("password_chosen_at")?;
            let chosen_since = chosen_at.is_some_and(|chosen| chosen >= created_at);
            Ok(LiveSession {
                id: SessionId(row.number("id")?),
                account: AccountId(row.number("account_id")?),
                name: row.text("name")?,
                role: row.word("role")?,
                enabled: row.flag("enabled")?,
                password: row.word("password_state")?,
                created_at,
                last_seen_at: row.moment("last_seen_at")?,
                password_expired: row.flag("password_expired")? && !chosen_since,
                two_step_due: row.flag("two_step_due")?,
                policies: policies(&row)?,
            })
        })
        .transpose()
    }

    /// A person's sessions, the last used first; dead ones too, until they are removed. Which of
    /// them asks, the store doesn't know: `current` is false.
    pub async fn sessions_of(&mut self, account: AccountId) -> Result<Vec<SessionLine>, Error> {
        let rows = sqlx::query(
            "SELECT id, created_at, last_seen_at, address, agent FROM sessions \
             WHERE account_id = $1 ORDER BY last_seen_at DESC, id DESC LIMIT 200",
        )
        .bind(account.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SessionLine {
                    id: SessionId(row.number("id")?),
                    created_at: row.moment("created_at")?,
                    last_seen_at: row.moment("last_seen_at")?,
                    address: row.text("address")?,
                    agent: row.text("agent")?,
                    current: false,
                })
            })
            .collect()
    }
}

impl Transaction {
    pub async fn create_session(
        &mut self,
        _permit: &Permit,
        new: &NewSession,
    ) -> Result<SessionId, Error> {
        let row = sqlx::query(
            "INSERT INTO sessions \
                 (token_hash, account_id, created_at, last_seen_at, address, agent, \
                  password_expired, two_step_due) \
             VALUES ($1, $2, $3, $3, $4, $5, $6, $7) RETURNING id",
        )
        .bind(&new.token_hash)
        .bind(new.account.0)
        .bind(new.created_at.0)
        .bind(&new.address)
        .bind(&new.agent)
        .bind(new.password_expired)
        .bind(new.two_step_due)
        .fetch_one(self.connection())
        .await?;
        Ok(SessionId(row.number("id")?))
    }

    /// Ends one of a person's own sessions; false: there is no such one.
    pub async fn end_session(
        &mut self,
        _permit: &Permit,
        account: AccountId,
        session: SessionId,
    ) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM sessions WHERE id = $1 AND account_id = $2")
            .bind(session.0)
            .bind(account.0)
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends all of a person's sessions, but this one; says how many.
    pub async fn end_sessions(
        &mut self,
        _permit: &Permit,
        account: AccountId,
        but: Option<SessionId>,
    ) -> Result<u64, Error> {
        // No session has the ID 0.
        let done = sqlx::query("DELETE FROM sessions WHERE account_id = $1 AND id <> $2")
            .bind(account.0)
            .bind(but.map_or(0, |session| session.0))
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected())
    }

    /// Bookkeeping: notes the last use.
    pub async fn touch_session(&mut self, session: SessionId, now: Timestamp) -> Result<(), Error> {
        sqlx::query("UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2")
            .bind(session.0)
            .bind(now.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Bookkeeping: removes sessions that began or were last used before these moments.
    pub async fn remove_dead_sessions(
        &mut self,
        created_before: Timestamp,
        seen_before: Timestamp,
    ) -> Result<u64, Error> {
        let done = sqlx::query("DELETE FROM sessions WHERE last_seen_at < $1 OR created_at < $2")
            .bind(seen_before.0)
            .bind(created_before.0)
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected())
    }
}
