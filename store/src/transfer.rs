//! Moving a whole database into another one, of either kind: which tables, read in one consistent
//! view, written in parts, counted and compared by checksums on both sides. Until all of it is there
//! and compared, the target bears a mark, and no program serves it.

mod copy;
mod mark;
mod schema;
mod sequences;
mod sum;
mod tables;

use roster::authority::{Decision, Grant};

use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::open::Store;

pub(crate) use mark::is_marked;
pub use sum::Sum;

/// How far a move is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many rows of the table are written.
    Copied { table: &'static str, rows: u64, all: u64 },
    /// So many rows of the table are read again in the target.
    Compared { table: &'static str, rows: u64, all: u64 },
}

/// A table that was moved: what both sides have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedTable {
    pub table: &'static str,
    pub sum: Sum,
}

/// Why a database was not moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error(
        "The target is not empty: its table {table} has {rows} rows. Nothing in it was changed; name \
         an empty database."
    )]
    NotEmpty { table: &'static str, rows: u64 },
    #[error(
        "The target holds half of another database, from a move that did not end. Nothing in it was \
         changed; end that move, or name an empty database."
    )]
    AnotherSource,
    #[error("Another `muster move` into the same target began meanwhile, and this one stopped.")]
    TakenOver,
    #[error(
        "The old database was changed while it was moved: its audit trail has {entries} more entries. \
         Stop the servers over it, and run the same command again: it begins anew."
    )]
    SourceChanged { entries: i64 },
    #[error(
        "The table {table} differs after the move: {source_rows} rows with the checksum {source_sum} in \
         the old database, {target_rows} with {target_sum} in the new one. The new one can’t be used; \
         run the same command again: it begins anew."
    )]
    Differs {
        table: &'static str,
        source_rows: u64,
        source_sum: String,
        target_rows: u64,
        target_sum: String,
    },
    #[error(
        "The numbers that {table} gives next differ after the move. The new database can’t be used; run \
         the same command again: it begins anew."
    )]
    Numbers { table: String },
    #[error("The table {table} can’t be moved: {why}.")]
    Schema { table: &'static str, why: String },
    #[error(transparent)]
    Database(#[from] Error),
}

impl From<sqlx::Error> for MoveError {
    fn from(cause: sqlx::Error) -> Self {
        Self::Database(cause.into())
    }
}

/// A move under way.
pub struct Transfer<'a> {
    from: Reader,
    /// Of the source's audit trail, in that view.
    last_entry: i64,
    source: &'a Store,
    target: &'a Store,
    /// Which of several moves into the target is this one.
    run: String,
}

impl<'a> Transfer<'a> {
    /// Takes a consistent view of the source and marks the target, which must be empty or bear the
    /// mark of the same source; what an earlier move left there is removed. `origin` tells the
    /// source from others, `run` this move.
    pub async fn begin(
        decided: &Decision,
        (source, target): (&'a Store, &'a Store),
        origin: &str,
        run: String,
    ) -> Result<Self, MoveError> {
        if decided.grant() != Grant::Operate {
            return Err(Error::WrongPermit(decided.grant()).into());
        }
        let mut from = source.snapshot().await?;
        // The view is that of its first question.
        let last_entry = from.audit_head().await?.last;
        mark::begin(target, origin, &run).await?;
        Ok(Self { from, last_entry, source, target, run })
    }

    /// Copies every table, then reads the target and compares.
    pub async fn run(&mut self, mut told: impl FnMut(Step)) -> Result<Vec<MovedTable>, MoveError> {
        let mut moved = Vec::with_capacity(tables::MOVED.len());
        for table in tables::MOVED {
            let sum = copy::copy(table, self, &mut told).await?;
            moved.push(MovedTable { table: table.name, sum });
        }
        let sequences = sequences::copy(self).await?;
        let mut target = self.target.snapshot().await?;
        for (table, moved) in tables::MOVED.iter().zip(&moved) {
            let found = copy::sum(table, &mut target, moved.sum.rows, &mut told).await?;
            if found != moved.sum {
                return Err(MoveError::Differs {
                    table: table.name,
                    source_rows: moved.sum.rows,
                    source_sum: moved.sum.sha256.clone(),
                    target_rows: found.rows,
                    target_sum: found.sha256,
                });
            }
        }
        sequences::compare(&mut target, &sequences).await?;
        Ok(moved)
    }

    /// Takes the mark away, within the transaction that writes the audit entry of the move. Refuses
    /// where the source was changed since its view was taken.
    pub async fn end(self) -> Result<Transaction, MoveError> {
        drop(self.from);
        let now = self.source.read().await?.audit_head().await?.last;
        if now != self.last_entry {
            return Err(MoveError::SourceChanged { entries: now - self.last_entry });
        }
        let mut tx = self.target.write().await?;
        mark::hold(&mut tx, &self.run).await?;
        mark::remove(&mut tx).await?;
        Ok(tx)
    }
}
