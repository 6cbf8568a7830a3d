//! Sessions: who is signed in where. Tokens are kept as hashes; whether a session is still alive is
//! `roster::session`'s to say.

use roster::account::{PasswordState, Role};
use roster::authority::Grant;
use roster::id::{AccountId, SessionId, Timestamp};
use roster::policy::Policies;
use roster::session::{Method, SecondStep, SessionLine};
use roster::two_step::Required;
use sqlx::any::AnyRow;

use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::settings::{policies, policy_columns};
use crate::sql::Columns;

/// One's own, or another's.
const ENDS_SESSIONS: [Grant; 2] = [Grant::OwnAccount, Grant::ManageAccess];

/// A session that is to be.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Of the token, in hexadecimal.
    pub token_hash: String,
    pub account: AccountId,
    pub created_at: Timestamp,
    pub address: String,
    pub agent: String,
    pub method: Method,
    pub second_step: Option<SecondStep>,
    /// When the person last proved who they are.
    pub authenticated_at: Timestamp,
    /// It began with a password that had to be changed.
    pub password_due: bool,
    /// It began without two-step verification, which had to be set up first.
    pub two_step_due: bool,
}

/// How a session began, and what was due then and still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionFacts {
    pub created_at: Timestamp,
    pub method: Method,
    pub second_step: Option<SecondStep>,
    pub authenticated_at: Timestamp,
    pub password_due: bool,
    pub two_step_due: bool,
}

/// A session of an enabled account, with what a request needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSession {
    pub id: SessionId,
    pub account: AccountId,
    pub name: String,
    pub role: Role,
    pub password: PasswordState,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// It began with a password that had to be changed, and no other was chosen since.
    pub password_due: bool,
    /// The account has an app or a passkey.
    pub has_second_factor: bool,
    /// A group on the way to the account's asks for two-step verification.
    pub group_asks: bool,
    /// Who must have two-step verification by Global Settings.
    pub two_step: Required,
    /// As they are now.
    pub policies: Policies,
}

/// What a request asks of its session, in one statement. The way up to the root is gone only where
/// some group asks for two-step verification at all.
const LIVE: &str = concat!(
    "SELECT sessions.id, accounts.id AS account_id, accounts.name, accounts.role, \
            accounts.password_state, sessions.created_at, \
            sessions.last_seen_at, sessions.password_due, settings.two_step, \
            (EXISTS (SELECT 1 FROM two_step WHERE two_step.account_id = accounts.id) \
             OR EXISTS (SELECT 1 FROM passkeys WHERE passkeys.account_id = accounts.id)) \
                AS has_second_factor, \
            CASE WHEN EXISTS (SELECT 1 FROM technician_groups WHERE two_step) THEN EXISTS ( \
                WITH RECURSIVE up (parent_id, asks, height) AS ( \
                    SELECT parent_id, two_step, 0 FROM technician_groups \
                    WHERE id = accounts.group_id \
                    UNION ALL \
                    SELECT above.parent_id, above.two_step, up.height + 1 \
                    FROM up JOIN technician_groups above ON above.id = up.parent_id \
                    WHERE up.height < 1000) \
                SELECT 1 FROM up WHERE asks) ELSE FALSE END AS group_asks, ",
    policy_columns!(),
    " FROM sessions JOIN accounts ON accounts.id = sessions.account_id \
          JOIN settings ON settings.id = 1 \
     WHERE sessions.token_hash = $1 AND accounts.enabled"
);

impl Reader {
    pub async fn session(&mut self, token_hash: &str) -> Result<Option<LiveSession>, Error> {
        let row = sqlx::query(LIVE).bind(token_hash).fetch_optional(self.connection()).await?;
        row.map(|row| {
            Ok(LiveSession {
                id: SessionId(row.number("id")?),
                account: AccountId(row.number("account_id")?),
                name: row.text("name")?,
                role: row.word("role")?,
                password: row.word("password_state")?,
                created_at: row.moment("created_at")?,
                last_seen_at: row.moment("last_seen_at")?,
                password_due: row.flag("password_due")?,
                has_second_factor: row.flag("has_second_factor")?,
                group_asks: row.flag("group_asks")?,
                two_step: row.word("two_step")?,
                policies: policies(&row)?,
            })
        })
        .transpose()
    }

    /// How this session of theirs began; `None`: it has ended.
    pub async fn session_facts(
        &mut self,
        account: AccountId,
        session: SessionId,
    ) -> Result<Option<SessionFacts>, Error> {
        let row = sqlx::query(
            "SELECT created_at, method, second_step, authenticated_at, password_due, two_step_due \
             FROM sessions WHERE id = $1 AND account_id = $2",
        )
        .bind(session.0)
        .bind(account.0)
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| {
            Ok(SessionFacts {
                created_at: row.moment("created_at")?,
                method: row.word("method")?,
                second_step: maybe_second_step(&row)?,
                authenticated_at: row.moment("authenticated_at")?,
                password_due: row.flag("password_due")?,
                two_step_due: row.flag("two_step_due")?,
            })
        })
        .transpose()
    }

    /// A person's sessions, the last used first; dead ones too, until they are removed. Which of
    /// them asks, the store doesn't know: `current` is false.
    pub async fn sessions_of(&mut self, account: AccountId) -> Result<Vec<SessionLine>, Error> {
        let rows = sqlx::query(
            "SELECT id, created_at, last_seen_at, address, agent, method, second_step FROM sessions \
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
                    method: row.word("method")?,
                    second_step: maybe_second_step(row)?,
                    current: false,
                })
            })
            .collect()
    }
}

fn maybe_second_step(row: &AnyRow) -> Result<Option<SecondStep>, Error> {
    row.maybe_text("second_step")?.map(|_| row.word("second_step")).transpose()
}

impl Transaction {
    /// Begins a session. The account is locked, so that its sessions are counted one by one: beyond
    /// `most` the oldest end; how many did.
    pub async fn create_session(
        &mut self,
        permit: &Permit,
        new: &NewSession,
        most: u32,
    ) -> Result<(SessionId, u64), Error> {
        self.opens(permit, &[Grant::SignIn], &About::account(new.account))?;
        let row = sqlx::query(
            "INSERT INTO sessions \
                 (token_hash, account_id, created_at, last_seen_at, address, agent, method, \
                  second_step, authenticated_at, password_due, two_step_due) \
             VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
        )
        .bind(&new.token_hash)
        .bind(new.account.0)
        .bind(new.created_at.0)
        .bind(&new.address)
        .bind(&new.agent)
        .bind(new.method.as_str())
        .bind(new.second_step.map(SecondStep::as_str))
        .bind(new.authenticated_at.0)
        .bind(new.password_due)
        .bind(new.two_step_due)
        .fetch_one(self.connection())
        .await?;
        let ended = sqlx::query(
            "DELETE FROM sessions WHERE account_id = $1 AND id NOT IN ( \
                 SELECT id FROM sessions WHERE account_id = $1 ORDER BY id DESC LIMIT $2)",
        )
        .bind(new.account.0)
        .bind(i64::from(most))
        .execute(self.connection())
        .await?;
        Ok((SessionId(row.number("id")?), ended.rows_affected()))
    }

    /// The session goes on under another token, after its owner changed what they sign in with; a
    /// password that was chosen is due no more.
    pub async fn renew_session(
        &mut self,
        permit: &Permit,
        account: AccountId,
        session: SessionId,
        token_hash: &str,
    ) -> Result<(), Error> {
        let grants = [Grant::OwnPassword, Grant::OwnTwoStep];
        self.opens(permit, &grants, &About::account(account))?;
        sqlx::query(
            "UPDATE sessions SET token_hash = $3, password_due = (password_due AND $4) \
             WHERE id = $1 AND account_id = $2",
        )
        .bind(session.0)
        .bind(account.0)
        .bind(token_hash)
        .bind(permit.grant() == Grant::OwnTwoStep)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Ends the session that asks.
    pub async fn sign_out(&mut self, permit: &Permit, session: SessionId) -> Result<(), Error> {
        self.opens(permit, &[Grant::SignIn], &About::Session(session))?;
        sqlx::query("DELETE FROM sessions WHERE id = $1")
            .bind(session.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Ends one of a person's sessions; false: there is no such one.
    pub async fn end_session(
        &mut self,
        permit: &Permit,
        account: AccountId,
        session: SessionId,
    ) -> Result<bool, Error> {
        self.opens(permit, &ENDS_SESSIONS, &About::account(account))?;
        let done = sqlx::query("DELETE FROM sessions WHERE id = $1 AND account_id = $2")
            .bind(session.0)
            .bind(account.0)
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends all of a person's sessions, but this one, and what is pending for them; says how many
    /// sessions.
    pub async fn end_sessions(
        &mut self,
        permit: &Permit,
        account: AccountId,
        but: Option<SessionId>,
    ) -> Result<u64, Error> {
        self.opens(permit, &ENDS_SESSIONS, &About::account(account))?;
        self.end_what_began(&[account], but).await
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
