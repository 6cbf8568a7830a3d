//! What became of an import's rows, page by page.

use std::collections::HashMap;

use roster::id::{AccountId, ImportId};
use roster::import::{Outcome, RowResult};
use roster::page::{Page, Window};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::{PLACES, StoredRow, first_place};
use crate::batch::Type;
use crate::connection::Reader;
use crate::error::Error;
use crate::sql::{Columns, containing_either, limit, offset};

const RESULT: &str = "place, line, outcome, name, email, account_id, problems, changes, reversal";

impl Reader {
    /// What became of a chunk's rows, in their order; `None`: it was not done.
    pub async fn chunk(
        &mut self,
        id: ImportId,
        number: u32,
    ) -> Result<Option<Vec<RowResult>>, Error> {
        let chunk =
            sqlx::query("SELECT number FROM import_chunks WHERE import_id = $1 AND number = $2")
                .bind(id.to_string())
                .bind(i64::from(number))
                .fetch_optional(self.connection())
                .await?;
        if chunk.is_none() {
            return Ok(None);
        }
        let sql = format!(
            "SELECT {RESULT} FROM import_rows \
             WHERE import_id = $1 AND place >= $2 AND place < $3 ORDER BY place"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .bind(first_place(number))
            .bind(first_place(number) + PLACES)
            .fetch_all(self.connection())
            .await?;
        if rows.is_empty() {
            // No chunk is empty: it waits for the end of its import.
            return self.staged_results(id, number).await.map(Some);
        }
        rows.iter().map(result).collect::<Result<_, _>>().map(Some)
    }

    /// How the rows at these places ended.
    pub async fn outcomes_at(
        &mut self,
        id: ImportId,
        places: &[i64],
    ) -> Result<HashMap<i64, Outcome>, Error> {
        let sql = format!(
            "SELECT place, outcome FROM import_rows WHERE import_id = $1 AND {}",
            self.kind.among("place", Type::Number, "$2")
        );
        let list = self.kind.list(places.iter().map(|place| (*place).into()));
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .bind(list)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(|row| Ok((row.number("place")?, row.word("outcome")?))).collect()
    }

    /// One row by its place.
    pub async fn stored_row(
        &mut self,
        id: ImportId,
        place: i64,
    ) -> Result<Option<StoredRow>, Error> {
        let (mut rows, _) = self.stored_rows(id, false, place, 1).await?;
        Ok(rows.pop().filter(|row| row.result.place == place))
    }

    /// The rows in the file's order: of one outcome, or all; those whose line, name or email has the
    /// text in it, in any case and with any accents.
    pub async fn import_rows(
        &mut self,
        id: ImportId,
        outcome: Option<Outcome>,
        search: &str,
        window: Window,
    ) -> Result<Page<RowResult>, Error> {
        let condition = condition(outcome);
        let searched = match search {
            "" => "",
            _ => r"AND (search LIKE $4 ESCAPE '\' OR search LIKE $5 ESCAPE '\')",
        };
        let sql = format!(
            "SELECT {RESULT} FROM import_rows WHERE import_id = $1 AND place IN ( \
                 SELECT place FROM import_rows WHERE import_id = $1 {condition} {searched} \
                 ORDER BY place LIMIT $2 OFFSET $3) \
             ORDER BY place"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .bind(limit(window))
            .bind(offset(window));
        if !search.is_empty() {
            let [pattern, as_once] = containing_either(search);
            query = query.bind(pattern).bind(as_once);
        }
        let rows = query.fetch_all(self.connection()).await?;
        let total = if search.is_empty() {
            self.rows_counted(id, outcome).await?
        } else {
            self.rows_found(id, outcome, search).await?
        };
        let items = rows.iter().map(result).collect::<Result<_, _>>()?;
        Ok(Page { items, total, offset: window.offset })
    }

    /// Counted with every chunk: nothing is read through.
    async fn rows_counted(&mut self, id: ImportId, outcome: Option<Outcome>) -> Result<u64, Error> {
        let record = self.import(id).await?;
        let counts = record.map(|record| record.counts).unwrap_or_default();
        Ok(u64::from(match outcome {
            None => counts.done(),
            Some(Outcome::Created) => counts.created,
            Some(Outcome::Updated) => counts.updated,
            Some(Outcome::Unchanged) => counts.unchanged,
            Some(Outcome::Skipped) => counts.skipped,
            Some(Outcome::Failed) => counts.failed,
        }))
    }

    async fn rows_found(
        &mut self,
        id: ImportId,
        outcome: Option<Outcome>,
        search: &str,
    ) -> Result<u64, Error> {
        let sql = format!(
            r"SELECT COUNT(*) AS total FROM import_rows
              WHERE import_id = $1 {}
                AND (search LIKE $2 ESCAPE '\' OR search LIKE $3 ESCAPE '\')",
            condition(outcome)
        );
        let [pattern, as_once] = containing_either(search);
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .bind(pattern)
            .bind(as_once)
            .fetch_one(self.connection())
            .await?;
        row.count("total")
    }

    /// The rows in the file's order, for files: all, or the failed ones alone; from a place on, and
    /// the place from which to go on, where there is more.
    pub async fn stored_rows(
        &mut self,
        id: ImportId,
        only_failed: bool,
        from: i64,
        limit: u32,
    ) -> Result<(Vec<StoredRow>, Option<i64>), Error> {
        let failed = condition(only_failed.then_some(Outcome::Failed));
        let sql = format!(
            "SELECT {RESULT}, row_values, had_password, account_version, account_before \
             FROM import_rows \
             WHERE import_id = $1 AND place >= $2 {failed} ORDER BY place LIMIT $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .bind(from)
            .bind(i64::from(limit))
            .fetch_all(self.connection())
            .await?;
        let next = match rows.last() {
            Some(last) if rows.len() == limit as usize => Some(last.number("place")? + 1),
            _ => None,
        };
        Ok((rows.iter().map(stored).collect::<Result<_, Error>>()?, next))
    }
}

/// Written into the statement, so that the index of the rows that need mending is found: SQLite
/// wants to read the index's own condition.
fn condition(outcome: Option<Outcome>) -> String {
    let Some(outcome) = outcome else { return String::new() };
    let index = match outcome {
        Outcome::Skipped | Outcome::Failed => "AND outcome IN ('skipped', 'failed')",
        Outcome::Created | Outcome::Updated | Outcome::Unchanged => "",
    };
    format!("AND outcome = '{}' {index}", outcome.as_str())
}

fn stored(row: &AnyRow) -> Result<StoredRow, Error> {
    let before = row.maybe_text("account_before")?;
    Ok(StoredRow {
        result: result(row)?,
        values: row.maybe_text("row_values")?,
        had_password: row.flag("had_password")?,
        version: row.maybe_number("account_version")?,
        before: before.map(|_| row.json("account_before")).transpose()?,
    })
}

fn result(row: &AnyRow) -> Result<RowResult, Error> {
    let (changes, reversal) = (row.maybe_text("changes")?, row.maybe_text("reversal")?);
    Ok(RowResult {
        line: row.small("line")?,
        outcome: row.word("outcome")?,
        name: row.text("name")?,
        email: row.text("email")?,
        account: row.maybe_number("account_id")?.map(AccountId),
        problems: row.json("problems")?,
        place: row.number("place")?,
        changes: changes.map_or_else(|| Ok(Vec::new()), |_| row.json("changes"))?,
        reversal: reversal.map(|_| row.json("reversal")).transpose()?,
    })
}
