//! Going back: which rows are to be undone, and what became of them then.

use roster::authority::Grant;
use roster::history::{ImportState, Reversal, UndoCounts};
use roster::id::{AccountId, ImportId, Timestamp};

use super::Before;
use super::save::json;
use crate::batch::{Batch, Table, Type};
use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::Columns;

/// A row that created or updated somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToUndo {
    pub place: i64,
    pub account: AccountId,
    /// The version in which the row left the account.
    pub version: i64,
    /// What it was before; `None`: the row created it.
    pub before: Option<Before>,
}

/// Some rows of an import, undone.
#[derive(Clone, Debug)]
pub struct UndoStep<'a> {
    pub by: &'a str,
    pub at: Timestamp,
    pub rows: &'a [(i64, Reversal)],
    /// No row is left.
    pub last: bool,
}

const REVERSALS: Table = Table {
    name: "import_rows",
    columns: &[("import_id", Type::Text), ("place", Type::Number), ("reversal", Type::Text)],
};

impl Reader {
    /// The next rows that are to be undone, in the order of the file.
    pub async fn rows_to_undo(&mut self, id: ImportId, limit: u32) -> Result<Vec<ToUndo>, Error> {
        let rows = sqlx::query(
            "SELECT place, account_id, account_version, account_before FROM import_rows \
             WHERE import_id = $1 AND outcome IN ('created', 'updated') \
               AND place >= (SELECT undo_place FROM imports WHERE id = $1) \
             ORDER BY place LIMIT $2",
        )
        .bind(id.to_string())
        .bind(i64::from(limit))
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                let before = row.maybe_text("account_before")?;
                Ok(ToUndo {
                    place: row.number("place")?,
                    account: AccountId(row.number("account_id")?),
                    // Rows of an older Muster created, and have no version: it was the first.
                    version: row.maybe_number("account_version")?.unwrap_or(1),
                    before: before.map(|_| row.json("account_before")).transpose()?,
                })
            })
            .collect()
    }
}

impl Transaction {
    /// Saves what became of rows that were undone. False: the import can't be undone now, and
    /// nothing was saved.
    pub async fn save_undone(
        &mut self,
        permit: &Permit,
        id: ImportId,
        step: &UndoStep<'_>,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::Import], &About::Import(id))?;
        let mut counts = UndoCounts::default();
        for (_, reversal) in step.rows {
            match reversal {
                Reversal::Reversed => counts.reversed += 1,
                Reversal::Kept(_) => counts.kept += 1,
                Reversal::Failed(_) => counts.failed += 1,
            }
        }
        let state = if step.last { ImportState::Undone } else { ImportState::Undoing };
        let saved = sqlx::query(
            "UPDATE imports SET state = $2, undone_by = COALESCE(undone_by, $3), \
                 undone_at = COALESCE(undone_at, $4), undo_reversed = undo_reversed + $5, \
                 undo_kept = undo_kept + $6, undo_failed = undo_failed + $7, \
                 undo_place = CASE WHEN $8 > undo_place THEN $8 ELSE undo_place END \
             WHERE id = $1 AND state IN ('finished', 'canceled', 'undoing')",
        )
        .bind(id.to_string())
        .bind(state.as_str())
        .bind(step.by)
        .bind(step.at.0)
        .bind(i64::from(counts.reversed))
        .bind(i64::from(counts.kept))
        .bind(i64::from(counts.failed))
        .bind(step.rows.last().map_or(0, |(place, _)| place + 1))
        .execute(self.connection())
        .await?;
        if saved.rows_affected() == 0 {
            return Ok(false);
        }
        let mut batch = Batch::new(&REVERSALS);
        let id = id.to_string();
        for (place, reversal) in step.rows {
            batch.push([id.as_str().into(), (*place).into(), json(reversal)?.into()]);
        }
        let condition = "import_rows.import_id = new.import_id AND import_rows.place = new.place";
        let set = "reversal = new.reversal";
        batch.update(self, set, condition, "RETURNING import_rows.place").await?;
        Ok(true)
    }
}
