//! The audit trail as it is kept: written with the change, never changed.

use roster::audit::Entry;
use roster::authority::Caller;
use roster::id::Timestamp;
use roster::page::{Page, Window};
use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::sql::{Columns, insert, limit, offset, runs};

/// An entry of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    pub id: i64,
    pub at: Timestamp,
    /// The name at that time.
    pub actor: String,
    /// A word of `roster::audit::Action`.
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub subject_name: String,
    pub address: String,
    pub before: Value,
    pub after: Value,
}

impl Reader {
    /// The trail, newest first.
    pub async fn audit(&mut self, window: Window) -> Result<Page<AuditLine>, Error> {
        let rows = sqlx::query(
            "SELECT id, at, actor, action, subject_kind, subject_id, subject_name, address, was, \
                    became \
             FROM audit ORDER BY id DESC LIMIT $1 OFFSET $2",
        )
        .bind(limit(window))
        .bind(offset(window))
        .fetch_all(self.connection())
        .await?;
        let total =
            sqlx::query("SELECT COUNT(*) AS total FROM audit").fetch_one(self.connection()).await?;
        Ok(Page {
            items: rows.iter().map(line).collect::<Result<_, _>>()?,
            total: total.count("total")?,
            offset: window.offset,
        })
    }
}

impl Transaction {
    pub(crate) async fn write_audit(
        &mut self,
        caller: &Caller,
        now: Timestamp,
        trail: &[Entry],
    ) -> Result<(), Error> {
        for run in runs(trail) {
            let sql = insert(
                self.kind,
                "INSERT INTO audit (at, actor_id, actor, address, agent, action, subject_kind, \
                     subject_id, subject_name, was, became)",
                11,
                run.len(),
                "",
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for entry in run {
                query = query
                    .bind(now.0)
                    .bind(caller.person().map(|actor| actor.account.0))
                    .bind(caller.display_name())
                    .bind(&caller.origin.address)
                    .bind(&caller.origin.agent)
                    .bind(entry.action.as_str())
                    .bind(entry.subject.kind)
                    .bind(&entry.subject.id)
                    .bind(&entry.subject.name)
                    .bind(entry.before.to_string())
                    .bind(entry.after.to_string());
            }
            query.execute(self.connection()).await?;
        }
        Ok(())
    }
}

fn line(row: &AnyRow) -> Result<AuditLine, Error> {
    Ok(AuditLine {
        id: row.number("id")?,
        at: row.moment("at")?,
        actor: row.text("actor")?,
        action: row.text("action")?,
        subject_kind: row.text("subject_kind")?,
        subject_id: row.text("subject_id")?,
        subject_name: row.text("subject_name")?,
        address: row.text("address")?,
        before: row.json("was")?,
        after: row.json("became")?,
    })
}
