//! The run of a directory by which something was done, and whether it is still kept.

use std::collections::{HashMap, HashSet};

use roster::audit::{Action, Line, Through};
use roster::directory::protocol::RunId;
use roster::directory::view::caller_name;
use roster::id::{AccountId, Timestamp};
use sqlx::AssertSqlSafe;

use crate::batch::Type;
use crate::connection::{Kind, Reader};
use crate::error::Error;
use crate::sql::Columns;

/// What runs do to people who are there, each an entry about that person.
const BY_RUNS: [Action; 4] = [
    Action::TechnicianLinked,
    Action::TechnicianEdited,
    Action::TechnicianDisabled,
    Action::TechnicianEnabled,
];

/// Whose entry it is, and of when.
type Moment = (AccountId, Timestamp);

impl Reader {
    /// Adds the run to entries that don't say it, since an earlier version wrote them; and which runs
    /// are gone.
    pub(super) async fn find_runs(&mut self, lines: &mut [Line]) -> Result<(), Error> {
        let moments: Vec<Moment> = lines.iter().filter_map(unsaid).collect();
        if !moments.is_empty() {
            let runs = self.runs_at(&moments).await?;
            for line in lines.iter_mut() {
                let Some(moment) = unsaid(line) else { continue };
                line.through = match runs.get(&moment) {
                    Some(id) => Some(Through::Run { id: *id }),
                    None => is_of_service(line).then_some(Through::RunGone { id: None }),
                };
            }
        }
        let ids: HashSet<RunId> = lines.iter().filter_map(run).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let kept = self.runs_kept(&ids).await?;
        for line in lines {
            if let Some(id) = run(line).filter(|id| !kept.contains(id)) {
                line.through = Some(Through::RunGone { id: Some(id) });
            }
        }
        Ok(())
    }

    /// The runs that changed these accounts at these moments.
    async fn runs_at(&mut self, moments: &[Moment]) -> Result<HashMap<Moment, RunId>, Error> {
        let rows = sqlx::query(AssertSqlSafe(changes_at(self.kind)))
            .bind(self.kind.list(moments.iter().map(|(account, _)| account.0.into())))
            .bind(self.kind.list(moments.iter().map(|(_, at)| at.0.into())))
            .fetch_all(self.connection())
            .await?;
        rows.iter()
            .map(|row| {
                let moment = (AccountId(row.number("account_id")?), row.moment("done_at")?);
                Ok((moment, row.word("id")?))
            })
            .collect()
    }

    async fn runs_kept(&mut self, ids: &HashSet<RunId>) -> Result<HashSet<RunId>, Error> {
        let wanted = self.kind.among("id", Type::Text, "$1");
        let rows =
            sqlx::query(AssertSqlSafe(format!("SELECT id FROM directory_runs WHERE {wanted}")))
                .bind(self.kind.list(ids.iter().map(|id| id.to_string().into())))
                .fetch_all(self.connection())
                .await?;
        rows.iter().map(|row| row.word("id")).collect()
    }
}

/// What runs did to accounts (`$1`) at some moments (`$2`).
fn changes_at(kind: Kind) -> String {
    // What waited was done when somebody approved it; all else at the end of its run.
    const DONE_AT: &str = "CASE WHEN held THEN decided_at ELSE ended_at END";
    // The accounts first: there are few of them, and of a large database few changes of each.
    format!(
        "SELECT account_id, id, {DONE_AT} AS done_at \
         FROM directory_changes CROSS JOIN directory_runs \
         WHERE {} AND kind IN ('linked', 'updated', 'disabled', 'enabled') AND id = run_id \
           AND mode = 'apply' AND (NOT held OR state = 'approved') AND {}",
        kind.among("account_id", Type::Number, "$1"),
        kind.among(DONE_AT, Type::Number, "$2"),
    )
}

fn run(line: &Line) -> Option<RunId> {
    match line.through {
        Some(Through::Run { id }) => Some(id),
        _ => None,
    }
}

/// Where a run may have done this, and the entry doesn't say so.
fn unsaid(line: &Line) -> Option<Moment> {
    let action = Action::of_word(&line.action)?;
    if line.through.is_some() || line.subject_kind != "account" || !BY_RUNS.contains(&action) {
        return None;
    }
    Some((AccountId(line.subject_id.parse().ok()?), line.at))
}

/// The service does what it does in runs alone; people have an account.
fn is_of_service(line: &Line) -> bool {
    line.actor_id.is_none() && line.actor.starts_with(&caller_name(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::check;

    #[tokio::test]
    async fn changes_are_found_by_their_accounts() {
        let never = ["SCAN directory_changes", "SCAN directory_runs"];
        check(&changes_at(Kind::Sqlite), "INDEX directory_changes_account", &never).await;
    }
}
