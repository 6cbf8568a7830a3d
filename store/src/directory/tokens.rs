//! Service tokens, stored as hashes. The caller decides whether one still works; see [`LiveToken::works`].

use roster::authority::Grant;
use roster::directory::protocol::SourceId;
use roster::directory::view::{TokenLine, TokenState};
use roster::id::{Timestamp, TokenId};
use sqlx::any::AnyRow;

use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::Columns;

/// A token, as a request needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveToken {
    pub id: TokenId,
    /// The directory enrolled with it, and its domain.
    pub source: Option<(SourceId, String)>,
    pub last_used_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub revoked: bool,
}

/// The purpose of a new token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFor {
    /// It replaces another token of this source.
    Source(SourceId),
    /// A directory may enroll with it until then.
    Enrolment { until: Timestamp },
}

impl LiveToken {
    #[must_use]
    pub fn works(&self, now: Timestamp) -> bool {
        !self.revoked && self.expires_at.is_none_or(|end| now < end)
    }
}

macro_rules! select_token {
    ($rest:literal) => {
        concat!(
            "SELECT tokens.id, tokens.source_id, sources.domain, tokens.last_used_at, \
                    tokens.expires_at, tokens.revoked_at \
             FROM directory_tokens tokens \
                  LEFT JOIN directory_sources sources ON sources.id = tokens.source_id ",
            $rest
        )
    };
}

impl Reader {
    pub async fn directory_token(&mut self, token_hash: &str) -> Result<Option<LiveToken>, Error> {
        let row = sqlx::query(select_token!("WHERE tokens.token_hash = $1"))
            .bind(token_hash)
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(live).transpose()
    }

    /// The token with this ID.
    pub async fn directory_token_by_id(&mut self, id: TokenId) -> Result<Option<LiveToken>, Error> {
        self.token(select_token!("WHERE tokens.id = $1"), id).await
    }

    async fn token(&mut self, sql: &'static str, id: TokenId) -> Result<Option<LiveToken>, Error> {
        let row = sqlx::query(sql).bind(id.0).fetch_optional(self.connection()).await?;
        row.as_ref().map(live).transpose()
    }

    /// The number of tokens made for this source since this moment.
    pub async fn directory_tokens_since(
        &mut self,
        source: SourceId,
        since: Timestamp,
    ) -> Result<u64, Error> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS made FROM directory_tokens \
             WHERE source_id = $1 AND created_at >= $2",
        )
        .bind(source.0)
        .bind(since.0)
        .fetch_one(self.connection())
        .await?;
        row.count("made")
    }

    /// At most 100 tokens, newest first.
    pub async fn directory_tokens(&mut self, now: Timestamp) -> Result<Vec<TokenLine>, Error> {
        let rows = sqlx::query(
            "SELECT tokens.id, tokens.source_id, sources.domain, tokens.created_at, \
                    tokens.created_by, tokens.last_used_at, tokens.expires_at, tokens.revoked_at \
             FROM directory_tokens tokens \
                  LEFT JOIN directory_sources sources ON sources.id = tokens.source_id \
             ORDER BY tokens.id DESC LIMIT 100",
        )
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                let source = source(row)?;
                let state = match (row.maybe_moment("revoked_at")?, row.maybe_moment("expires_at")?)
                {
                    (Some(_), _) => TokenState::Revoked,
                    (None, Some(end)) if end <= now => TokenState::Expired,
                    (None, Some(end)) if source.is_some() => TokenState::Until(end),
                    (None, Some(end)) => TokenState::New(end),
                    (None, None) => TokenState::InUse,
                };
                Ok(TokenLine {
                    id: TokenId(row.number("id")?),
                    created_at: row.moment("created_at")?,
                    created_by: row.text("created_by")?,
                    last_used_at: row.maybe_moment("last_used_at")?,
                    source,
                    state,
                })
            })
            .collect()
    }
}

fn live(row: &AnyRow) -> Result<LiveToken, Error> {
    Ok(LiveToken {
        id: TokenId(row.number("id")?),
        source: source(row)?,
        last_used_at: row.maybe_moment("last_used_at")?,
        expires_at: row.maybe_moment("expires_at")?,
        revoked: row.maybe_number("revoked_at")?.is_some(),
    })
}

fn source(row: &AnyRow) -> Result<Option<(SourceId, String)>, Error> {
    row.maybe_number("source_id")?.map(|id| Ok((SourceId(id), row.text("domain")?))).transpose()
}

impl Transaction {
    /// Locks the token: until this transaction ends, no other one enrolls with it, rotates or revokes it.
    pub async fn lock_directory_token(&mut self, id: TokenId) -> Result<Option<LiveToken>, Error> {
        let sql = match self.kind {
            Kind::Sqlite => select_token!("WHERE tokens.id = $1"),
            Kind::Postgres => select_token!("WHERE tokens.id = $1 FOR NO KEY UPDATE OF tokens"),
        };
        self.token(sql, id).await
    }

    pub async fn create_directory_token(
        &mut self,
        permit: &Permit,
        token_hash: &str,
        purpose: TokenFor,
        by: &str,
        now: Timestamp,
    ) -> Result<TokenId, Error> {
        match purpose {
            TokenFor::Source(source) => {
                self.opens(permit, &[Grant::SyncDirectory], &About::Source(source))?;
            }
            TokenFor::Enrolment { .. } => {
                self.opens(permit, &[Grant::MintDirectoryToken], &About::Act)?;
            }
        }
        let (source, expires_at) = match purpose {
            TokenFor::Source(source) => (Some(source), None),
            TokenFor::Enrolment { until } => (None, Some(until)),
        };
        let row = sqlx::query(
            "INSERT INTO directory_tokens \
                 (token_hash, source_id, created_at, created_by, expires_at) \
             VALUES ($1, $2, $3, $4, $5) RETURNING id",
        )
        .bind(token_hash)
        .bind(source.map(|source| source.0))
        .bind(now.0)
        .bind(by)
        .bind(expires_at.map(|until| until.0))
        .fetch_one(self.connection())
        .await?;
        Ok(TokenId(row.number("id")?))
    }

    /// Binds the token to the directory; it no longer expires. False: it is bound to another one.
    pub async fn bind_directory_token(
        &mut self,
        permit: &Permit,
        token: TokenId,
        source: SourceId,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::EnrollDirectory], &About::Token(token))?;
        let done = sqlx::query(
            "UPDATE directory_tokens SET source_id = $2, \
                 expires_at = CASE WHEN source_id IS NULL THEN NULL ELSE expires_at END \
             WHERE id = $1 AND (source_id IS NULL OR source_id = $2)",
        )
        .bind(token.0)
        .bind(source.0)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Lets the source's token expire at this moment, unless it expires earlier.
    pub async fn expire_directory_token(
        &mut self,
        permit: &Permit,
        source: SourceId,
        token: TokenId,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::SyncDirectory], &About::Source(source))?;
        sqlx::query(
            "UPDATE directory_tokens SET expires_at = $2 \
             WHERE id = $1 AND source_id = $3 AND (expires_at IS NULL OR expires_at > $2)",
        )
        .bind(token.0)
        .bind(at.0)
        .bind(source.0)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Revokes a token. False: there is no such token, or it is revoked already.
    pub async fn revoke_directory_token(
        &mut self,
        permit: &Permit,
        token: TokenId,
        now: Timestamp,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::ChangeDirectory], &About::Token(token))?;
        let done = sqlx::query(
            "UPDATE directory_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
        )
        .bind(token.0)
        .bind(now.0)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Bookkeeping: notes the last use.
    pub async fn touch_directory_token(
        &mut self,
        token: TokenId,
        now: Timestamp,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE directory_tokens SET last_used_at = $2 WHERE id = $1")
            .bind(token.0)
            .bind(now.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
