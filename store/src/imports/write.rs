//! An import begins, its chunks are saved, it ends.

use roster::authority::Permit;
use roster::history::{Counts, ImportState, NewImport};
use roster::id::{AccountId, ImportId, Timestamp};

use super::{ChunkSaved, StoredRow, first_place};
use crate::batch::{Batch, Table, Type};
use crate::connection::Transaction;
use crate::error::Error;
use crate::sql::folded;

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
    ],
};

impl Transaction {
    /// Begins an import; begun again, nothing changes. `account` is who begins it, `None` for the
    /// operator of this server; `by` is how people read that.
    pub async fn begin_import(
        &mut self,
        _permit: &Permit,
        new: &NewImport,
        account: Option<AccountId>,
        by: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO imports (id, account_id, begun_by, file_name, file_sha256, file_rows, \
                 group_id, file_columns, delimiter, state, started_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING",
        )
        .bind(new.id.to_string())
        .bind(account.map(|account| account.0))
        .bind(by)
        .bind(new.file_name.replace('\0', ""))
        .bind(&new.file_sha256)
        .bind(i64::from(new.rows))
        .bind(new.group.map(|group| group.0))
        .bind(serde_json::Value::from(new.columns.clone()).to_string())
        .bind(new.delimiter.to_string())
        .bind(ImportState::Running.as_str())
        .bind(now.0)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Saves what became of a chunk's rows, and counts them.
    pub async fn save_chunk(
        &mut self,
        _permit: &Permit,
        id: ImportId,
        number: u32,
        rows: &[StoredRow],
        now: Timestamp,
    ) -> Result<ChunkSaved, Error> {
        // The import first: it is locked until the end, so that its chunks are saved one by one
        // and none after its end.
        if !self.count(id, rows).await? {
            return Ok(ChunkSaved::Ended);
        }
        let saved = sqlx::query(
            "INSERT INTO import_chunks (import_id, number, saved_at) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(i64::from(number))
        .bind(now.0)
        .execute(self.connection())
        .await?;
        if saved.rows_affected() == 0 {
            return Ok(ChunkSaved::Already);
        }
        self.save_rows(id, number, rows).await?;
        Ok(ChunkSaved::Saved)
    }

    /// False: the import doesn't run.
    async fn count(&mut self, id: ImportId, rows: &[StoredRow]) -> Result<bool, Error> {
        let mut counts = Counts::default();
        for row in rows {
            counts.add(row.result.outcome);
        }
        let done = sqlx::query(
            "UPDATE imports SET created = created + $2, updated = updated + $3, \
                 unchanged = unchanged + $4, skipped = skipped + $5, failed = failed + $6 \
             WHERE id = $1 AND state = 'running'",
        )
        .bind(id.to_string())
        .bind(i64::from(counts.created))
        .bind(i64::from(counts.updated))
        .bind(i64::from(counts.unchanged))
        .bind(i64::from(counts.skipped))
        .bind(i64::from(counts.failed))
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn save_rows(
        &mut self,
        id: ImportId,
        number: u32,
        rows: &[StoredRow],
    ) -> Result<(), Error> {
        let mut batch = Batch::new(&ROWS);
        let id = id.to_string();
        for (place, StoredRow { result, values }) in (first_place(number)..).zip(rows) {
            // A refused row is kept as it was sent, whatever it holds; PostgreSQL keeps no NUL.
            let name = result.name.replace('\0', "");
            let email = result.email.replace('\0', "");
            let search = format!("{}\u{1f}{}\u{1f}{}", result.line, folded(&name), folded(&email));
            let problems = serde_json::to_string(&result.problems)
                .map_err(|cause| Error::Corrupt(format!("problems: {cause}")))?;
            batch.push([
                id.as_str().into(),
                place.into(),
                i64::from(result.line).into(),
                result.outcome.as_str().into(),
                name.into(),
                email.into(),
                result.account.map(|account| account.0).into(),
                problems.into(),
                values.clone().into(),
                search.into(),
            ]);
        }
        batch.insert(self, "").await?;
        Ok(())
    }

    /// Ends an import that runs; one that has ended stays as it is.
    pub async fn end_import(
        &mut self,
        _permit: &Permit,
        id: ImportId,
        state: ImportState,
        now: Timestamp,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE imports SET state = $2, finished_at = $3 WHERE id = $1 AND state = 'running'",
        )
        .bind(id.to_string())
        .bind(state.as_str())
        .bind(now.0)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
