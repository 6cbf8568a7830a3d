//! An import begins, its chunks are saved, it ends.

use roster::authority::Grant;
use roster::history::{ImportState, NewImport};
use roster::id::{AccountId, ImportId, Timestamp};

use super::{ChunkSaved, StoredRow};
use crate::connection::Transaction;
use crate::error::Error;
use crate::permit::{About, Permit};

impl Transaction {
    /// Begins an import; begun again, nothing changes. `account` is who begins it, `None` for the
    /// operator of this server; `by` is how people read that.
    pub async fn begin_import(
        &mut self,
        permit: &Permit,
        new: &NewImport,
        account: Option<AccountId>,
        by: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.opens(permit, &[Grant::Import], &About::Act)?;
        sqlx::query(
            "INSERT INTO imports (id, account_id, begun_by, file_name, file_sha256, file_rows, \
                 group_id, file_columns, delimiter, state, started_at, existing, all_or_nothing, \
                 plan) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
             ON CONFLICT (id) DO NOTHING",
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
        .bind(new.existing.as_str())
        .bind(new.all_or_nothing)
        .bind(new.plan.replace('\0', ""))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Saves what became of a chunk's rows, and counts them.
    pub async fn save_chunk(
        &mut self,
        permit: &Permit,
        id: ImportId,
        number: u32,
        rows: &[StoredRow],
        now: Timestamp,
    ) -> Result<ChunkSaved, Error> {
        self.opens(permit, &[Grant::Import], &About::Import(id))?;
        // The import first: it is locked until the end, so that its chunks are saved one by one
        // and none after its end.
        if !self.count(id, &[], rows, "state = 'running'").await? {
            return Ok(ChunkSaved::Ended);
        }
        if !self.note_chunk(id, number, now).await? {
            return Ok(ChunkSaved::Already);
        }
        self.insert_rows(id, rows).await?;
        Ok(ChunkSaved::Saved)
    }

    /// False: it was sent before.
    pub(super) async fn note_chunk(
        &mut self,
        id: ImportId,
        number: u32,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let noted = sqlx::query(
            "INSERT INTO import_chunks (import_id, number, saved_at) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(i64::from(number))
        .bind(now.0)
        .execute(self.connection())
        .await?;
        Ok(noted.rows_affected() == 1)
    }

    /// Ends an import that runs. False: it has ended already, and stays as it is.
    pub async fn end_import(
        &mut self,
        permit: &Permit,
        id: ImportId,
        state: ImportState,
        now: Timestamp,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::Import], &About::Import(id))?;
        let ended = sqlx::query(
            "UPDATE imports SET state = $2, finished_at = $3 WHERE id = $1 AND state = 'running'",
        )
        .bind(id.to_string())
        .bind(state.as_str())
        .bind(now.0)
        .execute(self.connection())
        .await?;
        Ok(ended.rows_affected() == 1)
    }
}
