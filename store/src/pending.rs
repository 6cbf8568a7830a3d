//! What is asked once and answered later: a sign-in that waits for its code, a question to a
//! browser, an app that was offered. A row is found by the hash of a token, taken exactly once, and
//! worth nothing after its expiry. What the state says is `operations`' to know. Of what is kept in its
//! token alone, that it was answered is here.

use roster::id::{AccountId, SessionId, Timestamp};
use sqlx::any::AnyRow;

use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::sql::Columns;

/// What an answer is awaited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingKind {
    /// A sign-in whose password was right.
    SignIn,
    /// A question for a passkey of somebody who is known.
    Passkey,
    /// A question for a new passkey.
    NewPasskey,
    /// A secret for an app of which no code was given yet.
    AppOffer,
    /// A code with which a directory enrolls; its hash is the token's.
    EnrollmentCode,
}

impl PendingKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Passkey => "passkey",
            Self::NewPasskey => "new_passkey",
            Self::AppOffer => "app_offer",
            Self::EnrollmentCode => "enrollment_code",
        }
    }
}

/// As [`PendingKind::as_str`]: of what was kept in its token, and is answered.
const ANSWERED: &str = "answered";

/// A row of the table.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    pub account: AccountId,
    /// It ends with this session; `None`: it was asked before there was one.
    pub session: Option<SessionId>,
    /// Versioned JSON, which the store doesn't look into.
    pub state: String,
    pub expires_at: Timestamp,
}

impl Reader {
    /// What waits under this token, without taking it.
    pub async fn pending(
        &mut self,
        kind: PendingKind,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<Pending>, Error> {
        let row = sqlx::query(
            "SELECT account_id, session_id, state, expires_at FROM pending \
             WHERE token_hash = $1 AND kind = $2 AND expires_at > $3",
        )
        .bind(token_hash)
        .bind(kind.as_str())
        .bind(now.0)
        .fetch_optional(self.connection())
        .await?;
        row.as_ref().map(pending).transpose()
    }

    /// What waits in this session, the newest.
    pub async fn pending_of_session(
        &mut self,
        kind: PendingKind,
        session: SessionId,
        now: Timestamp,
    ) -> Result<Option<Pending>, Error> {
        let row = sqlx::query(
            "SELECT account_id, session_id, state, expires_at FROM pending \
             WHERE session_id = $1 AND kind = $2 AND expires_at > $3 \
             ORDER BY expires_at DESC LIMIT 1",
        )
        .bind(session.0)
        .bind(kind.as_str())
        .bind(now.0)
        .fetch_optional(self.connection())
        .await?;
        row.as_ref().map(pending).transpose()
    }
}

impl Transaction {
    /// Keeps it until it is answered or expires. An account has at most so many of a kind: those
    /// that expire first make room.
    pub async fn keep_pending(
        &mut self,
        kind: PendingKind,
        token_hash: &str,
        new: &Pending,
        most: u32,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO pending (token_hash, kind, account_id, session_id, state, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(token_hash)
        .bind(kind.as_str())
        .bind(new.account.0)
        .bind(new.session.map(|session| session.0))
        .bind(&new.state)
        .bind(new.expires_at.0)
        .execute(self.connection())
        .await?;
        sqlx::query(
            "DELETE FROM pending WHERE account_id = $1 AND kind = $2 AND token_hash NOT IN ( \
                 SELECT token_hash FROM pending WHERE account_id = $1 AND kind = $2 \
                 ORDER BY expires_at DESC, token_hash LIMIT $3)",
        )
        .bind(new.account.0)
        .bind(kind.as_str())
        .bind(i64::from(most))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// What waits under this token, once: a second request gets nothing.
    pub async fn take_pending(
        &mut self,
        kind: PendingKind,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<Pending>, Error> {
        let row = sqlx::query(
            "DELETE FROM pending WHERE token_hash = $1 AND kind = $2 AND expires_at > $3 \
             RETURNING account_id, session_id, state, expires_at",
        )
        .bind(token_hash)
        .bind(kind.as_str())
        .bind(now.0)
        .fetch_optional(self.connection())
        .await?;
        row.as_ref().map(pending).transpose()
    }

    /// What was kept in its token alone is answered, which is remembered until this moment; false: it
    /// was before, by whichever server.
    pub async fn keep_answered(&mut self, digest: &str, until: Timestamp) -> Result<bool, Error> {
        let done = sqlx::query(
            "INSERT INTO pending (token_hash, kind, state, expires_at) VALUES ($1, $2, '', $3) \
             ON CONFLICT (token_hash) DO NOTHING",
        )
        .bind(digest)
        .bind(ANSWERED)
        .bind(until.0)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Bookkeeping: removes what has expired.
    pub async fn remove_expired_pending(&mut self, now: Timestamp) -> Result<u64, Error> {
        let done = sqlx::query("DELETE FROM pending WHERE expires_at <= $1")
            .bind(now.0)
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected())
    }
}

fn pending(row: &AnyRow) -> Result<Pending, Error> {
    Ok(Pending {
        account: AccountId(row.number("account_id")?),
        session: row.maybe_number("session_id")?.map(SessionId),
        state: row.text("state")?,
        expires_at: row.moment("expires_at")?,
    })
}
