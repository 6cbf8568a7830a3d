//! The changes of each run.

use roster::authority::Grant;
use roster::directory::protocol::{Guid, RunId, SourceId};
use roster::directory::view::{ChangeFilter, ChangeKind, ChangeLine, FieldChange};
use roster::id::AccountId;
use roster::page::{Page, Window};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::size;
use crate::batch::{Batch, Table, Type};
use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::{Columns, containing_either, limit, offset, unaccented};

const CHANGES: Table = Table {
    name: "directory_changes",
    columns: &[
        ("run_id", Type::Text),
        ("place", Type::Number),
        ("guid", Type::Text),
        ("account_id", Type::Number),
        ("name", Type::Text),
        ("email", Type::Text),
        ("kind", Type::Text),
        ("held", Type::Flag),
        ("reason", Type::Text),
        ("code", Type::Text),
        ("fields", Type::Text),
        ("search", Type::Text),
    ],
};

/// Rows in one statement, which bounds the memory of a large run.
const PART: usize = 5_000;

/// A change to store. Changes are numbered in the order of their run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChange {
    pub guid: Guid,
    pub account: Option<AccountId>,
    pub name: String,
    pub email: String,
    pub kind: ChangeKind,
    /// It waits for approval.
    pub held: bool,
    pub reason: String,
    pub code: Option<String>,
    pub fields: Vec<FieldChange>,
}

impl Transaction {
    /// Appends changes to a run, in the given order.
    pub async fn save_directory_changes(
        &mut self,
        permit: &Permit,
        run: RunId,
        changes: &[NewChange],
    ) -> Result<(), Error> {
        self.opens_run(permit, &Grant::OF_RUNS, run).await?;
        let id = run.to_string();
        let mut place = sqlx::query(
            "SELECT COALESCE(MAX(place) + 1, 0) AS place FROM directory_changes \
             WHERE run_id = $1",
        )
        .bind(&id)
        .fetch_one(self.connection())
        .await?
        .number("place")?;
        let mut bytes = 0;
        for part in changes.chunks(PART) {
            let mut batch = Batch::new(&CHANGES);
            for change in part {
                let fields = serde_json::to_string(&change.fields)
                    .map_err(|cause| Error::Corrupt(cause.to_string()))?;
                // PostgreSQL can't store a NUL, which a directory's text may contain; JSON escapes it.
                let plain = |text: &str| text.replace('\0', "");
                bytes +=
                    change.name.len() + change.email.len() + change.reason.len() + fields.len();
                batch.push([
                    id.as_str().into(),
                    place.into(),
                    change.guid.to_string().into(),
                    change.account.map(|id| id.0).into(),
                    plain(&change.name).into(),
                    plain(&change.email).into(),
                    change.kind.as_str().into(),
                    change.held.into(),
                    plain(&change.reason).into(),
                    change.code.clone().into(),
                    fields.into(),
                    unaccented(&[&change.name, "\u{1f}", &change.email].concat()).into(),
                ]);
                place += 1;
            }
            batch.insert(self, "").await?;
        }
        sqlx::query("UPDATE directory_runs SET kept_bytes = kept_bytes + $2 WHERE id = $1")
            .bind(&id)
            .bind(size(bytes))
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

impl Transaction {
    /// Adds the accounts that an approved run created to its changes.
    pub async fn name_accounts_of_run(
        &mut self,
        permit: &Permit,
        source: SourceId,
        run: RunId,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::DecideDirectoryRun], &About::Source(source))?;
        sqlx::query(
            "UPDATE directory_changes SET account_id = \
                 (SELECT account_id FROM directory_links \
                  WHERE source_id = $1 AND guid = directory_changes.guid) \
             WHERE run_id = $2 AND account_id IS NULL",
        )
        .bind(source.0)
        .bind(run.to_string())
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

impl Reader {
    pub async fn directory_changes(
        &mut self,
        run: RunId,
        filter: &ChangeFilter,
        window: Window,
    ) -> Result<Page<ChangeLine>, Error> {
        let kind = filter.kind.map(|kind| format!("AND kind = '{kind}'")).unwrap_or_default();
        let held = if filter.held { "AND held" } else { "" };
        let text = filter.text.trim();
        let search = match text {
            "" => "",
            _ => r"AND (search LIKE $2 ESCAPE '\' OR search LIKE $3 ESCAPE '\')",
        };
        let condition = format!("run_id = $1 {kind} {held} {search}");
        let id = run.to_string();
        let [pattern, as_once] = containing_either(text);
        let sql = format!("SELECT COUNT(*) AS total FROM directory_changes WHERE {condition}");
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(&id);
        if !text.is_empty() {
            query = query.bind(&pattern).bind(&as_once);
        }
        let total = query.fetch_one(self.connection()).await?.count("total")?;
        let sql = format!(
            "SELECT place, guid, account_id, name, email, kind, held, reason, code, fields \
             FROM directory_changes WHERE {condition} ORDER BY place LIMIT {} OFFSET {}",
            limit(window),
            offset(window)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(&id);
        if !text.is_empty() {
            query = query.bind(&pattern).bind(&as_once);
        }
        let rows = query.fetch_all(self.connection()).await?;
        let items = rows.iter().map(line).collect::<Result<_, _>>()?;
        Ok(Page { items, total, offset: window.offset })
    }
}

fn line(row: &AnyRow) -> Result<ChangeLine, Error> {
    Ok(ChangeLine {
        place: row.count("place")?,
        guid: row.word("guid")?,
        account: row.maybe_number("account_id")?.map(AccountId),
        name: row.text("name")?,
        email: row.text("email")?,
        kind: row.word("kind")?,
        held: row.flag("held")?,
        reason: row.text("reason")?,
        code: row.maybe_text("code")?,
        fields: row.json("fields")?,
    })
}
