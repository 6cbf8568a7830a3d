//! Enrolled directories and their state.

use roster::authority::Grant;
use roster::directory::protocol::{DirectoryIdentity, RunId, SourceId};
use roster::directory::view::{SourceState, SourceView};
use roster::id::{Timestamp, TokenId};
use sqlx::any::AnyRow;

use crate::connection::{Kind, Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::Columns;

/// A source, as a run needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub id: SourceId,
    pub identity: DirectoryIdentity,
    pub first_run_done: bool,
    /// A mapping was removed, and no run has settled since.
    pub mapping_removed: bool,
    /// A run was requested and has not begun yet.
    pub run_asked: bool,
}

macro_rules! select_source {
    ($rest:literal) => {
        concat!(
            "SELECT id, domain, domain_guid, domain_sid, first_run_done, mapping_removed, \
                    run_asked \
             FROM directory_sources WHERE id = $1",
            $rest
        )
    };
}

impl Reader {
    pub async fn directory_source(&mut self, id: SourceId) -> Result<Option<Source>, Error> {
        self.source(select_source!(""), id).await
    }

    async fn source(&mut self, sql: &'static str, id: SourceId) -> Result<Option<Source>, Error> {
        let row = sqlx::query(sql).bind(id.0).fetch_optional(self.connection()).await?;
        row.as_ref().map(source).transpose()
    }

    /// At most 100 sources, sorted by domain. The caller adds the mappings, `counted`, and whether a source is
    /// late.
    pub async fn directory_sources(&mut self, now: Timestamp) -> Result<Vec<SourceView>, Error> {
        let rows = sqlx::query(
            "SELECT id, domain, domain_guid, domain_sid, agent, controller, enrolled_at, \
                    enrolled_by, last_success_at, run_asked, \
                    (SELECT MAX(last_used_at) FROM directory_tokens \
                     WHERE source_id = directory_sources.id) AS last_contact_at, \
                    (SELECT COUNT(*) FROM directory_tokens \
                     WHERE source_id = directory_sources.id AND revoked_at IS NULL \
                       AND (expires_at IS NULL OR expires_at > $1)) AS tokens, \
                    (SELECT COUNT(*) FROM directory_links \
                     WHERE source_id = directory_sources.id) AS linked, \
                    (SELECT COUNT(*) FROM directory_links links \
                         JOIN accounts ON accounts.id = links.account_id AND accounts.enabled \
                             AND accounts.role = 'technician' \
                     WHERE links.source_id = directory_sources.id) AS enabled, \
                    (SELECT COUNT(*) FROM directory_problems \
                     WHERE source_id = directory_sources.id) AS problems, \
                    (SELECT id FROM directory_runs \
                     WHERE source_id = directory_sources.id AND state = 'held' \
                       AND state IN ('under_way', 'held') LIMIT 1) AS held \
             FROM directory_sources ORDER BY domain, id LIMIT 100",
        )
        .bind(now.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(view).collect()
    }
}

fn identity(row: &AnyRow) -> Result<DirectoryIdentity, Error> {
    Ok(DirectoryIdentity {
        domain: row.text("domain")?,
        domain_guid: row.word("domain_guid")?,
        domain_sid: row.text("domain_sid")?,
    })
}

fn source(row: &AnyRow) -> Result<Source, Error> {
    Ok(Source {
        id: SourceId(row.number("id")?),
        identity: identity(row)?,
        first_run_done: row.flag("first_run_done")?,
        mapping_removed: row.flag("mapping_removed")?,
        run_asked: row.flag("run_asked")?,
    })
}

fn view(row: &AnyRow) -> Result<SourceView, Error> {
    let held: Option<RunId> = row.maybe_text("held")?.map(|_| row.word("held")).transpose()?;
    let DirectoryIdentity { domain, domain_guid, domain_sid } = identity(row)?;
    let last_success_at = row.maybe_moment("last_success_at")?;
    let state = match (held, last_success_at) {
        (Some(_), _) => SourceState::Held,
        (None, Some(_)) => SourceState::InStep,
        (None, None) => SourceState::New,
    };
    Ok(SourceView {
        id: SourceId(row.number("id")?),
        domain,
        domain_guid,
        domain_sid,
        agent: row.text("agent")?,
        controller: row.text("controller")?,
        enrolled_at: row.moment("enrolled_at")?,
        enrolled_by: row.text("enrolled_by")?,
        last_contact_at: row.maybe_moment("last_contact_at")?,
        last_success_at,
        state,
        linked: row.count("linked")?,
        enabled: row.count("enabled")?,
        counted: row.count("enabled")?,
        mappings: Vec::new(),
        held,
        run_asked: row.flag("run_asked")?,
        problems: row.count("problems")?,
        has_token: row.number("tokens")? > 0,
    })
}

impl Transaction {
    /// Locks the source: until this transaction ends, no other one begins, ends or decides a run of it.
    pub async fn lock_directory(&mut self, id: SourceId) -> Result<Option<Source>, Error> {
        let sql = match self.kind {
            Kind::Sqlite => select_source!(""),
            Kind::Postgres => select_source!(" FOR NO KEY UPDATE"),
        };
        self.source(sql, id).await
    }

    /// Enrolls a directory with a token. A directory with a known domain GUID keeps its source, even if the domain
    /// was renamed.
    pub async fn enroll_directory(
        &mut self,
        permit: &Permit,
        token: TokenId,
        directory: &DirectoryIdentity,
        by: &str,
        now: Timestamp,
    ) -> Result<SourceId, Error> {
        self.opens(permit, &[Grant::EnrollDirectory], &About::Token(token))?;
        let row = sqlx::query(
            "INSERT INTO directory_sources \
                 (domain_guid, domain, domain_sid, enrolled_at, enrolled_by) \
             VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (domain_guid) DO UPDATE SET \
                 domain = excluded.domain, domain_sid = excluded.domain_sid, \
                 enrolled_at = excluded.enrolled_at, enrolled_by = excluded.enrolled_by \
             RETURNING id",
        )
        .bind(directory.domain_guid.to_string())
        .bind(&directory.domain)
        .bind(&directory.domain_sid)
        .bind(now.0)
        .bind(by)
        .fetch_one(self.connection())
        .await?;
        Ok(SourceId(row.number("id")?))
    }

    /// Requests a run. False: there is no such source.
    pub async fn ask_directory_run(
        &mut self,
        permit: &Permit,
        id: SourceId,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::ChangeDirectory], &About::Source(id))?;
        let done = sqlx::query("UPDATE directory_sources SET run_asked = $2 WHERE id = $1")
            .bind(id.0)
            .bind(true)
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Notes a success: the run was applied or is held, and the directory was read completely.
    pub async fn directory_succeeded(
        &mut self,
        permit: &Permit,
        id: SourceId,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::SyncDirectory], &About::Source(id))?;
        sqlx::query("UPDATE directory_sources SET last_success_at = $2 WHERE id = $1")
            .bind(id.0)
            .bind(now.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Ends the source's first run; see `Plan::settles` of `roster`.
    pub async fn settle_directory(&mut self, permit: &Permit, id: SourceId) -> Result<(), Error> {
        self.opens(permit, &Grant::OF_RUNS, &About::Source(id))?;
        sqlx::query(
            "UPDATE directory_sources SET first_run_done = $2, mapping_removed = $3 WHERE id = $1",
        )
        .bind(id.0)
        .bind(true)
        .bind(false)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
