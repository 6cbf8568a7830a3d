//! Beginning, ending, deciding and reading runs.

use roster::authority::Grant;
use roster::directory::protocol::bounds::{KEPT_BYTES, KEPT_RUNS};
use roster::directory::protocol::{BeginRun, Committed, Held, Mode, RunId, SourceId};
use roster::directory::view::{Decided, RunCounts, RunLine, RunState};
use roster::id::Timestamp;
use roster::page::{Page, Window};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::size;
use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::{Columns, limit, offset};

/// A run with the state that its commit needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRun {
    pub line: RunLine,
    /// The time of the last request.
    pub alive_at: Timestamp,
    /// The answer to its commit.
    pub answer: Option<Committed>,
    /// People in the received batches.
    pub people: u64,
}

/// How a run ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunEnd<'a> {
    pub state: RunState,
    pub counts: RunCounts,
    pub held: Option<Held>,
    /// For a held run: the waiting steps as JSON, and their digest.
    pub waiting: Option<(&'a str, &'a str)>,
    pub message: Option<&'a str>,
    pub answer: Option<&'a Committed>,
    /// For a held run: its commit request as JSON.
    pub wish: Option<&'a str>,
}

const COLUMNS: &str = "runs.id, runs.source_id, sources.domain, runs.mode, runs.state, \
                       runs.began_at, runs.alive_at, runs.ended_at, runs.agent, runs.controller, \
                       runs.created, runs.updated, runs.disabled, runs.enabled, runs.unchanged, \
                       runs.failed, runs.held_reason, runs.held_count, runs.message, \
                       runs.decided_by, runs.decided_at, runs.sent_people \
                       FROM directory_runs runs \
                            JOIN directory_sources sources ON sources.id = runs.source_id";

impl Reader {
    pub async fn directory_run(&mut self, id: RunId) -> Result<Option<KeptRun>, Error> {
        let sql = format!("SELECT runs.answer, {COLUMNS} WHERE runs.id = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(kept).transpose()
    }

    /// The source's run in this state. There is at most one under way and one held.
    pub async fn open_directory_run(
        &mut self,
        source: SourceId,
        state: RunState,
    ) -> Result<Option<KeptRun>, Error> {
        let sql = format!(
            "SELECT runs.answer, {COLUMNS} WHERE runs.source_id = $1 AND runs.state = $2 \
             AND runs.state IN ('under_way', 'held') LIMIT 1"
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(source.0)
            .bind(state.as_str())
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(kept).transpose()
    }

    /// All runs, or one source's, the newest first.
    pub async fn directory_runs(
        &mut self,
        source: Option<SourceId>,
        window: Window,
    ) -> Result<Page<RunLine>, Error> {
        let condition = source.map(|source| format!("WHERE source_id = {source}"));
        let condition = condition.unwrap_or_default();
        let sql = format!(
            "SELECT {COLUMNS} {condition} ORDER BY runs.began_at DESC, runs.id DESC \
             LIMIT $1 OFFSET $2"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(limit(window))
            .bind(offset(window))
            .fetch_all(self.connection())
            .await?;
        let sql = format!("SELECT COUNT(*) AS total FROM directory_runs {condition}");
        let total = sqlx::query(AssertSqlSafe(sql)).fetch_one(self.connection()).await?;
        let items = rows.iter().map(line).collect::<Result<_, _>>()?;
        Ok(Page { items, total: total.count("total")?, offset: window.offset })
    }

    /// The digest of the steps that wait in a run; `None` without such steps.
    pub async fn held_directory_digest(&mut self, id: RunId) -> Result<Option<String>, Error> {
        let row = sqlx::query("SELECT held_digest FROM directory_runs WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(self.connection())
            .await?;
        row.map_or(Ok(None), |row| row.maybe_text("held_digest"))
    }

    /// The steps that wait in a run, and its commit request, both as JSON.
    pub async fn held_directory_steps(
        &mut self,
        id: RunId,
    ) -> Result<Option<(String, String)>, Error> {
        let row = sqlx::query("SELECT held_steps, wish FROM directory_runs WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(self.connection())
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(row.maybe_text("held_steps")?.zip(row.maybe_text("wish")?))
    }
}

impl Transaction {
    /// Begins a run. The source is locked and has no run under way.
    pub async fn begin_directory_run(
        &mut self,
        permit: &Permit,
        source: SourceId,
        wish: &BeginRun,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::SyncDirectory], &About::Source(source))?;
        let plain = |text: &str| text.replace('\0', "");
        sqlx::query(
            "INSERT INTO directory_runs \
                 (id, source_id, mode, state, agent, controller, began_at, alive_at) \
             VALUES ($1, $2, $3, 'under_way', $4, $5, $6, $6)",
        )
        .bind(wish.run_id.to_string())
        .bind(source.0)
        .bind(mode_word(wish.mode))
        .bind(plain(&wish.agent))
        .bind(plain(&wish.controller))
        .bind(now.0)
        .execute(self.connection())
        .await?;
        sqlx::query(
            "UPDATE directory_sources SET agent = $2, controller = $3, \
                 run_asked = CASE WHEN $4 THEN FALSE ELSE run_asked END \
             WHERE id = $1",
        )
        .bind(source.0)
        .bind(plain(&wish.agent))
        .bind(plain(&wish.controller))
        .bind(wish.mode == Mode::Apply)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Ends a run that is under way. Removes its batches unless it is held, and the oldest runs beyond the
    /// limits of the source. The source is locked.
    pub async fn end_directory_run(
        &mut self,
        permit: &Permit,
        id: RunId,
        end: &RunEnd<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.opens_run(permit, &[Grant::SyncDirectory], id).await?;
        let counts = end.counts;
        let answer = end.answer.map(serde_json::to_string).transpose();
        let answer = answer.map_err(|cause| Error::Corrupt(cause.to_string()))?;
        let steps = end.waiting.map(|(steps, _)| steps);
        let texts = [answer.as_deref(), steps, end.message, end.wish];
        let bytes = texts.into_iter().flatten().map(str::len).sum();
        let reason = end.held.as_ref().map(|held| held_word(held.reason)).transpose()?;
        sqlx::query(
            "UPDATE directory_runs SET state = $2, ended_at = $3, created = $4, updated = $5, \
                 disabled = $6, enabled = $7, unchanged = $8, failed = $9, held_reason = $10, \
                 held_count = $11, held_steps = $12, held_digest = $13, message = $14, \
                 answer = $15, wish = $16, kept_bytes = kept_bytes + $17 \
             WHERE id = $1 AND state = 'under_way'",
        )
        .bind(id.to_string())
        .bind(end.state.as_str())
        .bind(now.0)
        .bind(number(counts.created))
        .bind(number(counts.updated))
        .bind(number(counts.disabled))
        .bind(number(counts.enabled))
        .bind(number(counts.unchanged))
        .bind(number(counts.failed))
        .bind(reason)
        .bind(number(end.held.as_ref().map_or(0, |held| held.count)))
        .bind(steps)
        .bind(end.waiting.map(|(_, digest)| digest))
        .bind(end.message.map(|message| message.replace('\0', "")))
        .bind(answer)
        .bind(end.wish)
        .bind(size(bytes))
        .execute(self.connection())
        .await?;
        if end.state != RunState::Held {
            self.drop_batches(id).await?;
        }
        self.keep_newest_directory_runs(id, KEPT_BYTES, KEPT_RUNS).await
    }

    /// Ends a held run and removes its batches; `more` is what the decision changed. The source is locked.
    /// False: the run is not held.
    pub async fn decide_directory_run(
        &mut self,
        permit: &Permit,
        id: RunId,
        state: RunState,
        more: RunCounts,
        decided: Option<Decided>,
    ) -> Result<bool, Error> {
        self.opens_run(permit, &Grant::OF_RUNS, id).await?;
        let done = sqlx::query(
            "UPDATE directory_runs SET state = $2, created = created + $3, \
                 updated = updated + $4, disabled = disabled + $5, enabled = enabled + $6, \
                 failed = failed + $7, decided_by = $8, decided_at = $9, held_steps = NULL, \
                 wish = NULL \
             WHERE id = $1 AND state = 'held'",
        )
        .bind(id.to_string())
        .bind(state.as_str())
        .bind(number(more.created))
        .bind(number(more.updated))
        .bind(number(more.disabled))
        .bind(number(more.enabled))
        .bind(number(more.failed))
        .bind(decided.as_ref().map(|decided| decided.by.clone()))
        .bind(decided.as_ref().map(|decided| decided.at.0))
        .execute(self.connection())
        .await?;
        self.drop_batches(id).await?;
        Ok(done.rows_affected() == 1)
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Apply => "apply",
        Mode::Preview => "preview",
    }
}

/// The reason's word in JSON.
fn held_word(reason: roster::directory::protocol::HeldReason) -> Result<String, Error> {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(Error::Corrupt("a reason is no word".to_owned())),
    }
}

fn kept(row: &AnyRow) -> Result<KeptRun, Error> {
    let answer = row.maybe_text("answer")?.map(|_| row.json("answer")).transpose()?;
    let (line, people) = (line(row)?, row.count("sent_people")?);
    Ok(KeptRun { line, alive_at: row.moment("alive_at")?, answer, people })
}

fn line(row: &AnyRow) -> Result<RunLine, Error> {
    let word = |name| Ok::<_, Error>(serde_json::Value::from(row.text(name)?));
    let corrupt = |cause: serde_json::Error| Error::Corrupt(cause.to_string());
    let held = row.maybe_text("held_reason")?.map(|_| {
        let reason = serde_json::from_value(word("held_reason")?).map_err(corrupt)?;
        Ok::<_, Error>(Held { reason, count: row.count("held_count")? })
    });
    let decided = row
        .maybe_text("decided_by")?
        .map(|by| Ok::<_, Error>(Decided { by, at: row.moment("decided_at")? }));
    Ok(RunLine {
        id: row.word("id")?,
        source: SourceId(row.number("source_id")?),
        domain: row.text("domain")?,
        mode: serde_json::from_value(word("mode")?).map_err(corrupt)?,
        state: row.word("state")?,
        began_at: row.moment("began_at")?,
        ended_at: row.maybe_moment("ended_at")?,
        agent: row.text("agent")?,
        controller: row.text("controller")?,
        counts: RunCounts {
            created: row.count("created")?,
            updated: row.count("updated")?,
            disabled: row.count("disabled")?,
            enabled: row.count("enabled")?,
            unchanged: row.count("unchanged")?,
            failed: row.count("failed")?,
        },
        held: held.transpose()?,
        message: row.maybe_text("message")?,
        decided: decided.transpose()?,
    })
}
