//! One table: read once in its order, written in parts, each in a transaction of its own.

use futures::TryStreamExt as _;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::schema::{Column, columns, select};
use super::sum::{Sum, Summing};
use super::tables::Moved;
use super::{MoveError, Step, Transfer, mark};
use crate::batch::{Batch, Table, Type, Value};
use crate::connection::Reader;
use crate::error::Error;
use crate::open::Store;
use crate::sql::Columns as _;

/// So much is written in one transaction, at most: rows, or bytes of their texts.
const PART_ROWS: usize = 4_000;
const PART_BYTES: usize = 4 * 1024 * 1024;

/// Rows between two steps that are told.
const TOLD: u64 = 10_000;

/// Copies a table; gives the sum of what was read.
pub(super) async fn copy(
    table: &Moved,
    transfer: &mut Transfer<'_>,
    told: &mut impl FnMut(Step),
) -> Result<Sum, MoveError> {
    let Transfer { from, target, run, .. } = transfer;
    let wanted = columns(&mut target.read().await?, table.name).await?;
    let given = columns(from, table.name).await?;
    let names = |columns: &[Column]| columns.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    if names(&given) != names(&wanted) {
        let why = "its columns differ between the two databases".to_owned();
        return Err(MoveError::Schema { table: table.name, why });
    }
    // PostgreSQL knows which numbers of SQLite are yes or no.
    let types: Vec<(&str, Type)> =
        wanted.iter().map(|column| (column.name.as_str(), column.kind)).collect();
    let into = Table { name: table.name, columns: &types };
    let all = count(from, table.name).await?;
    let sql = select(from.kind, table, &given);
    let mut summing = Summing::default();
    let mut part = Part::new(&into);
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(from.connection());
    while let Some(row) = rows.try_next().await? {
        let values = values(&row, &given, table.name)?;
        summing.add(&values);
        part.push(values);
        if part.is_full() {
            part.write(target, run).await?;
            part = Part::new(&into);
        }
        if summing.rows() % TOLD == 0 {
            told(Step::Copied { table: table.name, rows: summing.rows(), all });
        }
    }
    drop(rows);
    part.write(target, run).await?;
    told(Step::Copied { table: table.name, rows: summing.rows(), all });
    let sum = summing.end();
    if sum.rows == all {
        return Ok(sum);
    }
    let why = format!("it has {all} rows, and {} of them could be read", sum.rows);
    Err(MoveError::Schema { table: table.name, why })
}

/// The sum of a table as it is.
pub(super) async fn sum(
    table: &Moved,
    reader: &mut Reader,
    all: u64,
    told: &mut impl FnMut(Step),
) -> Result<Sum, MoveError> {
    let given = columns(reader, table.name).await?;
    let sql = select(reader.kind, table, &given);
    let mut summing = Summing::default();
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(reader.connection());
    while let Some(row) = rows.try_next().await? {
        summing.add(&values(&row, &given, table.name)?);
        if summing.rows() % TOLD == 0 {
            told(Step::Compared { table: table.name, rows: summing.rows(), all });
        }
    }
    told(Step::Compared { table: table.name, rows: summing.rows(), all });
    Ok(summing.end())
}

async fn count(reader: &mut Reader, table: &'static str) -> Result<u64, Error> {
    let sql = format!("SELECT COUNT(*) AS found FROM {table}");
    sqlx::query(AssertSqlSafe(sql)).fetch_one(reader.connection()).await?.count("found")
}

fn values(row: &AnyRow, columns: &[Column], table: &'static str) -> Result<Vec<Value>, MoveError> {
    let value = |(place, column): (usize, &Column)| {
        let value = match column.kind {
            Type::Text => row.try_get(place).map(Value::Text),
            Type::Number | Type::Flag => row.try_get(place).map(Value::Number),
        };
        value.map_err(|_| MoveError::Schema {
            table,
            why: format!("a row of it holds something else in the column {}", column.name),
        })
    };
    columns.iter().enumerate().map(value).collect()
}

/// Rows that are written together.
struct Part<'a> {
    batch: Batch<'a>,
    rows: usize,
    bytes: usize,
}

impl<'a> Part<'a> {
    fn new(table: &'a Table<'a>) -> Self {
        Self { batch: Batch::new(table), rows: 0, bytes: 0 }
    }

    fn push(&mut self, values: Vec<Value>) {
        self.rows += 1;
        let bytes = |value: &Value| match value {
            Value::Text(Some(text)) => text.len(),
            _ => 0,
        };
        self.bytes += values.iter().map(bytes).sum::<usize>();
        self.batch.push_row(values);
    }

    fn is_full(&self) -> bool {
        self.rows >= PART_ROWS || self.bytes >= PART_BYTES
    }

    async fn write(self, target: &Store, run: &str) -> Result<(), MoveError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut tx = target.write().await?;
        mark::hold(&mut tx, run).await?;
        self.batch.insert(&mut tx, "").await?;
        tx.commit_bookkeeping().await?;
        Ok(())
    }
}
