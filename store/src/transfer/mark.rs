//! The mark of a move that did not end: it is made before the first row and removed with the last.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::{MoveError, tables};
use crate::connection::{Kind, Transaction};
use crate::error::Error;
use crate::open::Store;
use crate::sql::Columns;

pub(super) const TABLE: &str = "muster_move";

/// What an empty database has from its migration.
const FROM_THE_START: [&str; 5] =
    ["settings", tables::GROUPS, "group_rules", "directory_settings", "audit_head"];

/// Whether a move into this database did not end.
pub(crate) async fn is_marked(kind: Kind, connection: &mut AnyConnection) -> Result<bool, Error> {
    let sql = match kind {
        Kind::Sqlite => {
            "SELECT COUNT(*) AS tables FROM sqlite_schema WHERE type = 'table' AND name = $1"
        }
        Kind::Postgres => {
            "SELECT COUNT(*) AS tables FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name::text = $1"
        }
    };
    let row = sqlx::query(sql).bind(TABLE).fetch_one(connection).await?;
    Ok(row.number("tables")? > 0)
}

/// Marks the target, and empties it of what an earlier move from the same source left.
pub(super) async fn begin(target: &Store, origin: &str, run: &str) -> Result<(), MoveError> {
    let mut tx = target.write().await?;
    tx.no_time_limits().await?;
    if is_marked(tx.kind, tx.connection()).await? {
        let row = sqlx::query("SELECT source FROM muster_move WHERE id = 1")
            .fetch_optional(tx.connection())
            .await?;
        let source = row.map(|row| row.text("source")).transpose()?;
        if source.is_some_and(|source| source != origin) {
            return Err(MoveError::AnotherSource);
        }
    } else {
        refuse_unless_empty(&mut tx).await?;
    }
    for sql in [
        "CREATE TABLE IF NOT EXISTS muster_move \
         (id BIGINT PRIMARY KEY, source TEXT NOT NULL, run TEXT NOT NULL)",
        "DELETE FROM muster_move",
    ] {
        sqlx::query(sql).execute(tx.connection()).await?;
    }
    sqlx::query("INSERT INTO muster_move (id, source, run) VALUES (1, $1, $2)")
        .bind(origin)
        .bind(run)
        .execute(tx.connection())
        .await?;
    clear(&mut tx).await?;
    tx.commit_bookkeeping().await?;
    Ok(())
}

/// This move is the one that goes on in the target, until the transaction ends.
pub(super) async fn hold(tx: &mut Transaction, run: &str) -> Result<(), MoveError> {
    tx.no_time_limits().await?;
    if !is_marked(tx.kind, tx.connection()).await? {
        return Err(MoveError::TakenOver);
    }
    let sql = match tx.kind {
        // There is one writer.
        Kind::Sqlite => "SELECT run FROM muster_move WHERE id = 1",
        Kind::Postgres => "SELECT run FROM muster_move WHERE id = 1 FOR UPDATE",
    };
    let row = sqlx::query(sql).fetch_optional(tx.connection()).await?;
    let found = row.map(|row| row.text("run")).transpose()?;
    if found.as_deref() == Some(run) { Ok(()) } else { Err(MoveError::TakenOver) }
}

pub(super) async fn remove(tx: &mut Transaction) -> Result<(), MoveError> {
    sqlx::query("DROP TABLE muster_move").execute(tx.connection()).await?;
    Ok(())
}

/// One row of what there is once, no row of anything else.
async fn refuse_unless_empty(tx: &mut Transaction) -> Result<(), MoveError> {
    let left_out = ["sessions", "pending"];
    for table in tables::MOVED.iter().map(|table| table.name).chain(left_out) {
        let sql = format!("SELECT COUNT(*) AS found FROM {table}");
        let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(tx.connection()).await?;
        let rows = row.count("found")?;
        let most = match table {
            // The root's rules.
            "group_rules" => u64::MAX,
            name if FROM_THE_START.contains(&name) => 1,
            _ => 0,
        };
        if rows > most {
            return Err(MoveError::NotEmpty { table, rows });
        }
    }
    Ok(())
}

async fn clear(tx: &mut Transaction) -> Result<(), MoveError> {
    let names: Vec<&str> = ["pending", "sessions"]
        .into_iter()
        .chain(tables::MOVED.iter().rev().map(|table| table.name))
        .collect();
    match tx.kind {
        Kind::Sqlite => {
            for name in names {
                let sql = format!("DELETE FROM {name}");
                sqlx::query(AssertSqlSafe(sql)).execute(tx.connection()).await?;
            }
        }
        Kind::Postgres => {
            let sql = format!("TRUNCATE technician_group_parts, {}", names.join(", "));
            sqlx::query(AssertSqlSafe(sql)).execute(tx.connection()).await?;
        }
    }
    Ok(())
}
