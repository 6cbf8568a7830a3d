//! Imports, and which of their chunks are done.

use roster::history::{Counts, ImportRecord, UndoCounts, Undone};
use roster::id::{AccountId, GroupId, ImportId};
use roster::page::{Page, Window};
use sqlx::any::AnyRow;

use crate::connection::Reader;
use crate::error::Error;
use crate::sql::{Columns, limit, offset};

macro_rules! select_imports {
    ($rest:literal) => {
        concat!(
            "SELECT id, begun_by, file_name, file_sha256, file_rows, group_id, file_columns, \
                    delimiter, state, created, updated, unchanged, skipped, failed, started_at, \
                    finished_at, existing, all_or_nothing, plan, undone_by, undone_at, \
                    undo_reversed, undo_kept, undo_failed \
             FROM imports ",
            $rest
        )
    };
}

impl Reader {
    pub async fn import(&mut self, id: ImportId) -> Result<Option<ImportRecord>, Error> {
        let rows = sqlx::query(select_imports!("WHERE id = $1"))
            .bind(id.to_string())
            .fetch_all(self.connection())
            .await?;
        Ok(self.records(&rows).await?.pop())
    }

    /// Who began an import; `None`: the operator of this server, or there is no such import.
    pub async fn import_owner(&mut self, id: ImportId) -> Result<Option<AccountId>, Error> {
        let row = sqlx::query("SELECT account_id FROM imports WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(self.connection())
            .await?;
        row.map_or(Ok(None), |row| Ok(row.maybe_number("account_id")?.map(AccountId)))
    }

    /// All imports, the newest first.
    pub async fn imports(&mut self, window: Window) -> Result<Page<ImportRecord>, Error> {
        let rows =
            sqlx::query(select_imports!("ORDER BY started_at DESC, id DESC LIMIT $1 OFFSET $2"))
                .bind(limit(window))
                .bind(offset(window))
                .fetch_all(self.connection())
                .await?;
        let total = sqlx::query("SELECT COUNT(*) AS total FROM imports")
            .fetch_one(self.connection())
            .await?;
        Ok(Page {
            items: self.records(&rows).await?,
            total: total.count("total")?,
            offset: window.offset,
        })
    }

    /// The newest import of a file with this digest that this person began and that did not end;
    /// `None` is the operator of this server.
    pub async fn unfinished_import(
        &mut self,
        account: Option<AccountId>,
        sha256: &str,
    ) -> Result<Option<ImportRecord>, Error> {
        let rows = sqlx::query(select_imports!(
            "WHERE state = 'running' AND file_sha256 = $1 AND account_id IS NOT DISTINCT FROM $2 \
             ORDER BY started_at DESC, id DESC LIMIT 1"
        ))
        .bind(sha256)
        .bind(account.map(|account| account.0))
        .fetch_all(self.connection())
        .await?;
        Ok(self.records(&rows).await?.pop())
    }

    /// The newest import of a file with this digest that ended and created or changed anybody.
    pub async fn finished_import(&mut self, sha256: &str) -> Result<Option<ImportRecord>, Error> {
        let rows = sqlx::query(select_imports!(
            "WHERE state = 'finished' AND file_sha256 = $1 AND created + updated > 0 \
             ORDER BY started_at DESC, id DESC LIMIT 1"
        ))
        .bind(sha256)
        .fetch_all(self.connection())
        .await?;
        Ok(self.records(&rows).await?.pop())
    }

    /// The numbers of the chunks that are done, going up.
    pub async fn chunk_numbers(&mut self, id: ImportId) -> Result<Vec<u32>, Error> {
        let rows =
            sqlx::query("SELECT number FROM import_chunks WHERE import_id = $1 ORDER BY number")
                .bind(id.to_string())
                .fetch_all(self.connection())
                .await?;
        rows.iter().map(|row| row.small("number")).collect()
    }

    /// The imports of these rows, with the ways to their groups.
    async fn records(&mut self, rows: &[AnyRow]) -> Result<Vec<ImportRecord>, Error> {
        let mut records = rows.iter().map(record).collect::<Result<Vec<_>, _>>()?;
        let groups: Vec<GroupId> = records.iter().filter_map(|record| record.group).collect();
        let paths = self.group_paths(&groups).await?;
        for record in &mut records {
            record.group_path = record.group.and_then(|group| paths.get(&group).cloned());
        }
        Ok(records)
    }
}

fn record(row: &AnyRow) -> Result<ImportRecord, Error> {
    let delimiter = row.text("delimiter")?;
    Ok(ImportRecord {
        id: row.word("id")?,
        by: row.text("begun_by")?,
        file_name: row.text("file_name")?,
        file_sha256: row.text("file_sha256")?,
        rows: row.small("file_rows")?,
        group: row.maybe_number("group_id")?.map(GroupId),
        group_path: None,
        columns: row.json("file_columns")?,
        delimiter: delimiter
            .parse()
            .map_err(|_| Error::Corrupt(format!("delimiter is “{delimiter}”")))?,
        state: row.word("state")?,
        counts: Counts {
            created: row.small("created")?,
            updated: row.small("updated")?,
            unchanged: row.small("unchanged")?,
            skipped: row.small("skipped")?,
            failed: row.small("failed")?,
        },
        existing: row.word("existing")?,
        all_or_nothing: row.flag("all_or_nothing")?,
        plan: row.text("plan")?,
        undone: undone(row)?,
        started_at: row.moment("started_at")?,
        finished_at: row.maybe_moment("finished_at")?,
    })
}

fn undone(row: &AnyRow) -> Result<Option<Undone>, Error> {
    let (Some(by), Some(at)) = (row.maybe_text("undone_by")?, row.maybe_moment("undone_at")?)
    else {
        return Ok(None);
    };
    let counts = UndoCounts {
        reversed: row.small("undo_reversed")?,
        kept: row.small("undo_kept")?,
        failed: row.small("undo_failed")?,
    };
    Ok(Some(Undone { by, at, counts }))
}
