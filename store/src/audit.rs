//! The audit trail as it is kept: written with the change, never changed.

use roster::audit::Entry;
use roster::authority::Caller;
use roster::id::Timestamp;
use roster::page::{Page, Window};
use serde_json::Value;
use sqlx::any::AnyRow;

use crate::batch::{Batch, Table, Type};
use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::sql::{Columns, limit, offset};

const AUDIT: Table = Table {
    name: "audit",
    columns: &[
        ("at", Type::Number),
        ("actor_id", Type::Number),
        ("actor", Type::Text),
        ("address", Type::Text),
        ("agent", Type::Text),
        ("action", Type::Text),
        ("subject_kind", Type::Text),
        ("subject_id", Type::Text),
        ("subject_name", Type::Text),
        ("was", Type::Text),
        ("became", Type::Text),
    ],
};

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
        let mut batch = Batch::new(&AUDIT);
        for entry in trail {
            batch.push([
                now.0.into(),
                caller.person().map(|actor| actor.account.0).into(),
                caller.display_name().into(),
                caller.origin.address.as_str().into(),
                caller.origin.agent.as_str().into(),
                entry.action.as_str().into(),
                entry.subject.kind.into(),
                entry.subject.id.as_str().into(),
                entry.subject.name.as_str().into(),
                entry.before.to_string().into(),
                entry.after.to_string().into(),
            ]);
        }
        batch.insert(self, "").await?;
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
