//! What became of an import's rows, page by page.

use roster::id::{AccountId, ImportId};
use roster::import::{Outcome, RowResult};
use roster::page::{Page, Window};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::StoredRow;
use crate::connection::Reader;
use crate::error::Error;
use crate::sql::{Columns, containing, limit, offset};

const RESULT: &str = "line, outcome, name, email, account_id, problems";

impl Reader {
    /// What became of a chunk's rows, in their order; `None`: it was not done.
    pub async fn chunk(
        &mut self,
        id: ImportId,
        number: u32,
    ) -> Result<Option<Vec<RowResult>>, Error> {
        let chunk = sqlx::query(
            "SELECT first_line, last_line FROM import_chunks WHERE import_id = $1 AND number = $2",
        )
        .bind(id.to_string())
        .bind(i64::from(number))
        .fetch_optional(self.connection())
        .await?;
        let Some(chunk) = chunk else { return Ok(None) };
        let sql = format!(
            "SELECT {RESULT} FROM import_rows \
             WHERE import_id = $1 AND line BETWEEN $2 AND $3 AND chunk = $4 ORDER BY line"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .bind(chunk.number("first_line")?)
            .bind(chunk.number("last_line")?)
            .bind(i64::from(number))
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(result).collect::<Result<_, _>>().map(Some)
    }

    /// The rows by line: of one outcome, or all; those whose name or email has the text in it, in
    /// any case.
    pub async fn import_rows(
        &mut self,
        id: ImportId,
        outcome: Option<Outcome>,
        search: &str,
        window: Window,
    ) -> Result<Page<RowResult>, Error> {
        let outcome = condition(outcome);
        let searched = if search.is_empty() { "" } else { r"AND search LIKE $4 ESCAPE '\'" };
        let sql = format!(
            "SELECT {RESULT} FROM import_rows WHERE import_id = $1 AND line IN ( \
                 SELECT line FROM import_rows WHERE import_id = $1 {outcome} {searched} \
                 ORDER BY line LIMIT $2 OFFSET $3) \
             ORDER BY line"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .bind(limit(window))
            .bind(offset(window));
        let searched = if search.is_empty() { "" } else { r"AND search LIKE $2 ESCAPE '\'" };
        let sql = format!(
            "SELECT COUNT(*) AS total FROM import_rows WHERE import_id = $1 {outcome} {searched}"
        );
        let mut total = sqlx::query(AssertSqlSafe(sql)).bind(id.to_string());
        if !search.is_empty() {
            query = query.bind(containing(search));
            total = total.bind(containing(search));
        }
        let rows = query.fetch_all(self.connection()).await?;
        let total = total.fetch_one(self.connection()).await?;
        Ok(Page {
            items: rows.iter().map(result).collect::<Result<_, _>>()?,
            total: total.count("total")?,
            offset: window.offset,
        })
    }

    /// The rows by line, for files: all, or the failed ones alone; `after_line` is the last line of
    /// the part before.
    pub async fn stored_rows(
        &mut self,
        id: ImportId,
        only_failed: bool,
        after_line: u32,
        limit: u32,
    ) -> Result<Vec<StoredRow>, Error> {
        let failed = condition(only_failed.then_some(Outcome::Failed));
        let sql = format!(
            "SELECT {RESULT}, row_values FROM import_rows \
             WHERE import_id = $1 AND line > $2 {failed} ORDER BY line LIMIT $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .bind(i64::from(after_line))
            .bind(i64::from(limit))
            .fetch_all(self.connection())
            .await?;
        rows.iter()
            .map(|row| {
                Ok(StoredRow { result: result(row)?, values: row.maybe_text("row_values")? })
            })
            .collect()
    }
}

/// Written into the statement, so that the index of the rows that need mending is found.
fn condition(outcome: Option<Outcome>) -> String {
    outcome.map_or_else(String::new, |outcome| format!("AND outcome = '{}'", outcome.as_str()))
}

fn result(row: &AnyRow) -> Result<RowResult, Error> {
    Ok(RowResult {
        line: row.small("line")?,
        outcome: row.word("outcome")?,
        name: row.text("name")?,
        email: row.text("email")?,
        account: row.maybe_number("account_id")?.map(AccountId),
        problems: row.json("problems")?,
    })
}
