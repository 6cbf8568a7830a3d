//! The Import Summary as files.

use roster::authority::{Act, Caller};
use roster::history::ImportRecord;
use roster::id::ImportId;
use roster::import::{self, FailedRow};
use store::{Reader, StoredRow};

use super::record;
use crate::{Operations, Result, permit};

/// How many rows are read at a time.
const PAGE: u32 = 1000;

/// Which file is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Download {
    /// Every row with its outcome.
    AllCsv,
    AllJson,
    /// The failed rows in the file's own columns: to be mended and imported again.
    FailedCsv,
}

/// A file to be saved.
#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

/// The Import Summary as a file.
pub async fn download(
    operations: &Operations,
    caller: &Caller,
    id: ImportId,
    which: Download,
) -> Result<File> {
    permit(caller, &Act::Import)?;
    let mut reader = operations.store.read().await?;
    let record = record(&mut reader, id).await?;
    let rows = all_rows(&mut reader, id, which == Download::FailedCsv).await?;
    Ok(file(&record, rows, which))
}

async fn all_rows(reader: &mut Reader, id: ImportId, failed: bool) -> Result<Vec<StoredRow>> {
    let mut rows = Vec::new();
    let mut from = Some(0);
    while let Some(place) = from {
        let (part, next) = reader.stored_rows(id, failed, place, PAGE).await?;
        rows.extend(part);
        from = next;
    }
    Ok(rows)
}

fn file(record: &ImportRecord, rows: Vec<StoredRow>, which: Download) -> File {
    let stem = record.file_name.rsplit_once('.').map_or(&*record.file_name, |(stem, _)| stem);
    let results = |rows: Vec<StoredRow>| rows.into_iter().map(|row| row.result).collect::<Vec<_>>();
    match which {
        Download::AllCsv => File {
            name: format!("{stem} - import summary.csv"),
            content_type: "text/csv; charset=utf-8",
            bytes: import::results_csv(&results(rows)),
        },
        Download::AllJson => File {
            name: format!("{stem} - import summary.json"),
            content_type: "application/json",
            bytes: import::results_json(&results(rows)),
        },
        Download::FailedCsv => File {
            name: format!("{stem} - failed rows.csv"),
            content_type: "text/csv; charset=utf-8",
            bytes: failed(record, rows),
        },
    }
}

fn failed(record: &ImportRecord, rows: Vec<StoredRow>) -> Vec<u8> {
    let rows: Vec<FailedRow> = rows
        .into_iter()
        .map(|row| FailedRow {
            line: row.result.line,
            values: row
                .values
                .and_then(|json| serde_json::from_str(&json).ok())
                .unwrap_or_default(),
            problems: row.result.problems,
        })
        .collect();
    import::failed_csv_from(&record.columns, record.delimiter, &rows)
}
