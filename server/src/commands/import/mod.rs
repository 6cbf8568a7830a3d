//! `muster import FILE`: the file is read and checked here, sent in chunks like the browser's, and
//! decided on by the same operation. Stopped in the middle, the same command goes on with it.

mod chunks;
mod report;

use std::process::ExitCode;

use futures::{StreamExt, TryStreamExt, stream};
use operations::{Operations, groups, imports};
use roster::authority::Caller;
use roster::history::{ImportRecord, NewImport};
use roster::id::{GroupId, ImportId};
use roster::import::{Checked, Rules, Sheet};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::file::{self, Contents};
use super::{check::exit_code, open};
use crate::arguments::{Existing, Import};
use crate::failure::{Failure, Result};
use report::Report;

/// Chunks on their way at once: while one is written, others are checked and hashed.
const IN_FLIGHT: usize = 4;

pub async fn run(database: String, wish: Import) -> Result<ExitCode> {
    refuse_what_comes_later(&wish)?;
    let contents = file::contents(&wish.file)?;
    let operations = open(&database).await?;
    let result = import(&operations, &wish, contents).await;
    operations.close().await;
    result
}

fn refuse_what_comes_later(wish: &Import) -> Result<()> {
    let flag = match wish {
        Import { existing: Existing::Update, .. } => "--existing update",
        Import { all_or_nothing: true, .. } => "--all-or-nothing",
        Import { .. } => return Ok(()),
    };
    Err(Failure::Usage(format!("{flag} comes with a later version. Nothing was imported.")))
}

async fn import(operations: &Operations, wish: &Import, contents: Contents) -> Result<ExitCode> {
    let caller = Caller::operator();
    let group = match &wish.group {
        Some(group) => Some(chosen_group(operations, &caller, group).await?),
        None => None,
    };
    let known = imports::rules(operations, &caller).await?;
    let rules = Rules {
        group_chosen: group.is_some(),
        strength: known.strength,
        organization: known.organization,
        default_password_set: known.default_password_set,
    };
    let (sheet, checked) = file::check(&contents, &rules, wish.json)?;
    if wish.dry_run {
        let write = if wish.json { file::write_json } else { file::write_table };
        write(&sheet, &checked)?;
        return Ok(exit_code(checked.counts().errors > 0));
    }
    let record = begin(operations, &caller, &contents, &sheet, group).await?;
    let mut report = Report::new(&sheet, wish.json);
    send(operations, &caller, &record, &sheet, &checked, &mut report).await?;
    let record = imports::finish(operations, &caller, record.id).await?;
    report.finish(&record)
}

async fn chosen_group(operations: &Operations, caller: &Caller, group: &str) -> Result<GroupId> {
    let found = groups::find(operations, caller, group).await.map_err(Failure::from);
    let path = found.map_err(|failure| match failure {
        Failure::Failed(sentence) => Failure::Usage(format!("--group: {sentence}")),
        other => other,
    })?;
    path.lineage().last().copied().ok_or_else(|| Failure::usage("--group: This is no group."))
}

/// The import of this very file that was stopped, or a new one.
async fn begin(
    operations: &Operations,
    caller: &Caller,
    contents: &Contents,
    sheet: &Sheet,
    group: Option<GroupId>,
) -> Result<ImportRecord> {
    let digest = Sha256::digest(&contents.bytes);
    let file_sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let rows = u32::try_from(sheet.row_count()).unwrap_or(u32::MAX);
    let stopped = imports::unfinished(operations, caller, &file_sha256).await?;
    if let Some(record) = stopped.filter(|found| found.group == group && found.rows == rows) {
        return Ok(record);
    }
    let wish = NewImport {
        id: ImportId(Uuid::now_v7()),
        file_name: contents.name.clone(),
        file_sha256,
        rows,
        group,
        columns: sheet.headers().iter().map(|header| header.text.clone()).collect(),
        delimiter: sheet.delimiter().map_or(',', roster::import::Delimiter::char),
        existing: roster::import::Existing::Skip,
        all_or_nothing: false,
        plan: String::new(),
    };
    Ok(imports::begin(operations, caller, wish).await?)
}

/// Sends every chunk, several at a time; one that was taken before answers as it did then.
async fn send(
    operations: &Operations,
    caller: &Caller,
    record: &ImportRecord,
    sheet: &Sheet,
    checked: &Checked,
    report: &mut Report,
) -> Result<()> {
    let chunks = (0..).zip(chunks::of(sheet, checked));
    let mut answers = stream::iter(chunks)
        .map(|(number, chunk)| imports::put_chunk(operations, caller, record.id, number, chunk))
        .buffered(IN_FLIGHT);
    while let Some(answer) = answers.try_next().await? {
        report.rows(answer.rows)?;
    }
    Ok(())
}
