//! The numbers that tables give: whoever was deleted keeps theirs, so the next one is moved along.

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;

use super::{MoveError, Transfer, mark};
use crate::connection::{Kind, Reader, Transaction};
use crate::sql::Columns;

/// Tables, and the last number that each gave.
pub(super) type Numbers = BTreeMap<String, i64>;

pub(super) async fn copy(transfer: &mut Transfer<'_>) -> Result<Numbers, MoveError> {
    let mut numbers = read(&mut transfer.from).await?;
    for (table, last) in &mut numbers {
        // Some rows are given their numbers, and the sequence knows nothing of them.
        let sql = format!("SELECT COALESCE(MAX(id), 0) AS last FROM {table}");
        let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(transfer.from.connection()).await?;
        *last = row.number("last")?.max(*last);
    }
    let mut tx = transfer.target.write().await?;
    mark::hold(&mut tx, &transfer.run).await?;
    for (table, last) in &numbers {
        set(&mut tx, table, *last).await?;
    }
    tx.commit_bookkeeping().await?;
    Ok(numbers)
}

pub(super) async fn compare(target: &mut Reader, wanted: &Numbers) -> Result<(), MoveError> {
    let found = read(target).await?;
    let differs = |table: &&String| found.get(*table) != wanted.get(*table);
    match wanted.keys().chain(found.keys()).find(differs) {
        Some(table) => Err(MoveError::Numbers { table: table.clone() }),
        None => Ok(()),
    }
}

async fn read(reader: &mut Reader) -> Result<Numbers, MoveError> {
    let sql = match reader.kind {
        Kind::Sqlite => {
            "SELECT name, CAST(COALESCE((SELECT seq FROM sqlite_sequence \
                                         WHERE sqlite_sequence.name = tables.name), 0) \
                               AS INTEGER) AS last \
             FROM sqlite_schema tables WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
        }
        Kind::Postgres => {
            "SELECT columns.table_name::text AS name, \
                    COALESCE(pg_sequence_last_value(numbers.seqrelid::regclass), \
                             numbers.seqstart - 1) AS last \
             FROM information_schema.columns columns \
             JOIN pg_sequence numbers ON numbers.seqrelid = \
                 pg_get_serial_sequence(columns.table_name::text, columns.column_name::text)::regclass \
             WHERE columns.table_schema = current_schema() AND columns.is_identity = 'YES'"
        }
    };
    let rows = sqlx::query(sql).fetch_all(reader.connection()).await?;
    let numbers = rows.iter().map(|row| Ok((row.text("name")?, row.number("last")?)));
    numbers.collect()
}

async fn set(tx: &mut Transaction, table: &str, last: i64) -> Result<(), MoveError> {
    match tx.kind {
        Kind::Sqlite => {
            sqlx::query("DELETE FROM sqlite_sequence WHERE name = $1")
                .bind(table)
                .execute(tx.connection())
                .await?;
            sqlx::query("INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)")
                .bind(table)
                .bind(last)
                .execute(tx.connection())
                .await?;
        }
        Kind::Postgres => {
            sqlx::query("SELECT setval(pg_get_serial_sequence($1, 'id')::regclass, $2, $3)")
                .bind(table)
                .bind(last.max(1))
                .bind(last > 0)
                .execute(tx.connection())
                .await?;
        }
    }
    Ok(())
}
