//! Current problems: one row for each problem, however often it recurs.

use roster::authority::Grant;
use roster::directory::protocol::bounds::KEPT_PROBLEMS;
use roster::directory::protocol::{RunId, SourceId};
use roster::directory::view::ProblemLine;
use roster::id::{AccountId, Timestamp};
use roster::page::{Page, Window};

use crate::batch::{Batch, Table, Type};
use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::{Columns, limit, offset};

const PROBLEMS: Table = Table {
    name: "directory_problems",
    columns: &[
        ("source_id", Type::Number),
        ("code", Type::Text),
        ("subject", Type::Text),
        ("name", Type::Text),
        ("run_id", Type::Text),
        ("account_id", Type::Number),
        ("message", Type::Text),
        ("first_at", Type::Number),
        ("last_at", Type::Number),
        ("times", Type::Number),
    ],
};

/// A problem to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProblem {
    pub code: String,
    /// The GUID of the person or group; empty for the whole source.
    pub subject: String,
    pub name: String,
    /// The account that has the email.
    pub account: Option<AccountId>,
    pub message: String,
}

impl Transaction {
    /// Stores problems, each code and subject once; repeated ones are counted. `run`: the run that found them.
    /// Of those outside runs only the newest are kept.
    pub async fn note_directory_problems(
        &mut self,
        permit: &Permit,
        source: SourceId,
        run: Option<RunId>,
        problems: &[NewProblem],
        now: Timestamp,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::SyncDirectory], &About::Source(source))?;
        let mut batch = Batch::new(&PROBLEMS);
        for problem in problems {
            let plain = |text: &str| text.replace('\0', "");
            batch.push([
                source.0.into(),
                plain(&problem.code).into(),
                plain(&problem.subject).into(),
                plain(&problem.name).into(),
                run.map(|run| run.to_string()).into(),
                problem.account.map(|id| id.0).into(),
                plain(&problem.message).into(),
                now.0.into(),
                now.0.into(),
                1.into(),
            ]);
        }
        let tail = "ON CONFLICT (source_id, code, subject) DO UPDATE SET \
                        name = excluded.name, run_id = excluded.run_id, account_id = excluded.account_id, \
                        message = excluded.message, last_at = excluded.last_at, \
                        times = directory_problems.times + 1";
        batch.insert(self, tail).await?;
        if run.is_some() {
            // Bounded by the run's people and groups.
            return Ok(());
        }
        sqlx::query(
            "DELETE FROM directory_problems \
             WHERE source_id = $1 AND run_id IS NULL AND (code, subject) NOT IN (\
                 SELECT code, subject FROM directory_problems \
                 WHERE source_id = $1 AND run_id IS NULL \
                 ORDER BY last_at DESC, code, subject LIMIT $2)",
        )
        .bind(source.0)
        .bind(KEPT_PROBLEMS)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Stores the problems of a committed run, and removes all others.
    pub async fn renew_directory_problems(
        &mut self,
        permit: &Permit,
        source: SourceId,
        run: RunId,
        problems: &[NewProblem],
        now: Timestamp,
    ) -> Result<(), Error> {
        self.note_directory_problems(permit, source, Some(run), problems, now).await?;
        sqlx::query(
            "DELETE FROM directory_problems \
             WHERE source_id = $1 AND (run_id IS NULL OR run_id <> $2)",
        )
        .bind(source.0)
        .bind(run.to_string())
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

impl Reader {
    /// Current problems, the last seen first.
    pub async fn directory_problems(&mut self, window: Window) -> Result<Page<ProblemLine>, Error> {
        let rows = sqlx::query(
            "SELECT problems.source_id, sources.domain, problems.code, problems.subject, \
                    problems.name, problems.account_id, problems.message, problems.first_at, \
                    problems.last_at, problems.times \
             FROM directory_problems problems \
                  JOIN directory_sources sources ON sources.id = problems.source_id \
             ORDER BY problems.last_at DESC, problems.source_id, problems.code, problems.subject \
             LIMIT $1 OFFSET $2",
        )
        .bind(limit(window))
        .bind(offset(window))
        .fetch_all(self.connection())
        .await?;
        let total = sqlx::query("SELECT COUNT(*) AS total FROM directory_problems")
            .fetch_one(self.connection())
            .await?;
        let items = rows
            .iter()
            .map(|row| {
                Ok(ProblemLine {
                    source: SourceId(row.number("source_id")?),
                    domain: row.text("domain")?,
                    code: row.text("code")?,
                    subject: row.text("subject")?,
                    name: row.text("name")?,
                    account: row.maybe_number("account_id")?.map(AccountId),
                    message: row.text("message")?,
                    first_at: row.moment("first_at")?,
                    last_at: row.moment("last_at")?,
                    times: row.count("times")?,
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Page { items, total: total.count("total")?, offset: window.offset })
    }
}
