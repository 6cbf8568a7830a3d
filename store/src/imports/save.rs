//! What became of rows is saved, and counted in their import.

use roster::authority::Grant;
use roster::history::Counts;
use roster::id::ImportId;
use roster::import::Outcome;

use super::StoredRow;
use crate::batch::{Batch, Table, Type, Value};
use crate::connection::Transaction;
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::unaccented;

const ROWS: Table = Table {
    name: "import_rows",
    columns: &[
        ("import_id", Type::Text),
        ("place", Type::Number),
        ("line", Type::Number),
        ("outcome", Type::Text),
        ("name", Type::Text),
        ("email", Type::Text),
        ("account_id", Type::Number),
        ("problems", Type::Text),
        ("row_values", Type::Text),
        ("search", Type::Text),
        ("account_version", Type::Number),
        ("changes", Type::Text),
        ("account_before", Type::Text),
        ("had_password", Type::Flag),
    ],
};

impl Transaction {
    /// Saves what became of rows of an import that runs, each at its place, and counts them.
    /// False: it doesn't run, and nothing was saved.
    pub async fn save_rows(
        &mut self,
        permit: &Permit,
        id: ImportId,
        rows: &[StoredRow],
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::Import], &About::Import(id))?;
        // The import first: it is locked until the end, so that its chunks are saved one by one
        // and none after its end.
        if !self.count(id, &[], rows, "state = 'running'").await? {
            return Ok(false);
        }
        self.insert_rows(id, rows).await?;
        Ok(true)
    }

    pub(super) async fn insert_rows(
        &mut self,
        id: ImportId,
        rows: &[StoredRow],
    ) -> Result<(), Error> {
        batch(id, rows)?.insert(self, "").await?;
        Ok(())
    }

    /// Rows of an import that has ended, tried again: what became of them takes the place of what
    /// became of them before. False: the import isn't one that has just ended, nothing was saved.
    pub async fn replace_rows(
        &mut self,
        permit: &Permit,
        id: ImportId,
        before: &[Outcome],
        rows: &[StoredRow],
    ) -> Result<bool, Error> {
        const SET: &str = "outcome = new.outcome, name = new.name, email = new.email, \
             account_id = new.account_id, problems = new.problems, row_values = new.row_values, \
             search = new.search, account_version = new.account_version, changes = new.changes, \
             account_before = new.account_before, had_password = new.had_password";
        const CONDITION: &str =
            "import_rows.import_id = new.import_id AND import_rows.place = new.place";
        self.opens(permit, &[Grant::Import], &About::Import(id))?;
        if !self.count(id, before, rows, "state IN ('finished', 'canceled')").await? {
            return Ok(false);
        }
        batch(id, rows)?.update(self, SET, CONDITION, "RETURNING import_rows.place").await?;
        Ok(true)
    }

    /// Counts these rows, and no longer those that ended as in `before`. False: the import is not
    /// in such a state.
    pub(super) async fn count(
        &mut self,
        id: ImportId,
        before: &[Outcome],
        rows: &[StoredRow],
        state: &'static str,
    ) -> Result<bool, Error> {
        let (mut less, mut more) = (Counts::default(), Counts::default());
        for outcome in before {
            less.add(*outcome);
        }
        for row in rows {
            more.add(row.result.outcome);
        }
        let change = |of: fn(&Counts) -> u32| i64::from(of(&more)) - i64::from(of(&less));
        let done = sqlx::query(sqlx::AssertSqlSafe(format!(
            "UPDATE imports SET created = created + $2, updated = updated + $3, \
                 unchanged = unchanged + $4, skipped = skipped + $5, failed = failed + $6 \
             WHERE id = $1 AND {state}"
        )))
        .bind(id.to_string())
        .bind(change(|counts| counts.created))
        .bind(change(|counts| counts.updated))
        .bind(change(|counts| counts.unchanged))
        .bind(change(|counts| counts.skipped))
        .bind(change(|counts| counts.failed))
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }
}

fn batch(id: ImportId, rows: &[StoredRow]) -> Result<Batch<'static>, Error> {
    let mut batch = Batch::new(&ROWS);
    let id = id.to_string();
    for row in rows {
        batch.push(values(&id, row)?);
    }
    Ok(batch)
}

/// One row, in the order of [`ROWS`].
fn values(id: &str, row: &StoredRow) -> Result<[Value; 14], Error> {
    let result = &row.result;
    // A refused row is kept as it was sent, whatever it holds; PostgreSQL keeps no NUL.
    let name = result.name.replace('\0', "");
    let email = result.email.replace('\0', "");
    let search = format!("{}\u{1f}{}\u{1f}{}", result.line, unaccented(&name), unaccented(&email));
    let changes = (!result.changes.is_empty()).then(|| json(&result.changes)).transpose()?;
    Ok([
        id.into(),
        result.place.into(),
        i64::from(result.line).into(),
        result.outcome.as_str().into(),
        name.into(),
        email.into(),
        result.account.map(|account| account.0).into(),
        json(&result.problems)?.into(),
        row.values.clone().into(),
        search.into(),
        row.version.into(),
        changes.into(),
        row.before.as_ref().map(json).transpose()?.into(),
        row.had_password.into(),
    ])
}

pub(super) fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|cause| Error::Corrupt(format!("no JSON: {cause}")))
}
