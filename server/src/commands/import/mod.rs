//! `muster import FILE`: the file is read and checked here, sent in chunks like the browser's, and
//! decided on by the same operation. Stopped in the middle, the same command goes on with it.

mod chunks;
mod preview;
mod report;
mod starting;

use std::process::ExitCode;

use futures::{StreamExt, TryStreamExt, stream};
use operations::{Operations, groups, imports};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::hexadecimal;
use roster::history::{Chunk, ImportRecord, NewImport};
use roster::id::{GroupId, ImportId};
use roster::import::{Checked, Existing, Rules, Sheet};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::file::{self, Contents};
use super::{open, open_to_read};
use crate::arguments::{self, Import};
use crate::configuration::Database;
use crate::failure::{COMMAND_LINE, Failure, Result};
use report::Report;
use starting::NewFile;

/// Chunks on their way at once: while one is written, others are checked and hashed.
const IN_FLIGHT: usize = 4;

pub async fn run(database: Database, wish: Import) -> Result<ExitCode> {
    let contents = file::contents(&wish.file)?;
    let operations =
        if wish.dry_run { open_to_read(&database).await? } else { open(&database).await? };
    let result = import(&operations, &wish, contents).await;
    operations.close().await;
    result
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
    let mut report = Report::new(&sheet, wish.json, wish.dry_run);
    if wish.dry_run {
        let how = (group, existing(wish));
        preview::rows(operations, &caller, how, &sheet, &checked, &mut report).await?;
        return report.finish(None, None);
    }
    let passwords = wish.starting_passwords.as_deref().map(NewFile::make).transpose()?;
    let record = begin(operations, &caller, &contents, wish, &sheet, group).await?;
    send(operations, &caller, &record, &sheet, &checked, &mut report).await?;
    let record = imports::finish(operations, &caller, record.id).await?;
    if record.all_or_nothing {
        // Only now it is known what became of the rows: a chunk that was taken is answered by its
        // number alone.
        for number in imports::chunks_done(operations, &caller, record.id).await? {
            let known = Chunk { rows: Vec::new() };
            let answer = imports::put_chunk(operations, &caller, record.id, number, known).await?;
            report.rows(answer.rows)?;
        }
    }
    let before = if report.all_skipped() {
        imports::finished(operations, &caller, &record.file_sha256).await?
    } else {
        None
    };
    let before = before.and_then(|before| before.finished_at);
    let code = report.finish(Some(record.id), before)?;
    starting::hand_out(operations, &caller, record.id, passwords).await?;
    Ok(code)
}

async fn chosen_group(operations: &Operations, caller: &Caller, group: &str) -> Result<GroupId> {
    let found = groups::find(operations, caller, group).await.map_err(Failure::from);
    let path = found.map_err(|failure| match failure {
        Failure::Failed(sentence) => Failure::Usage(format!("--group: {sentence}")),
        other => other,
    })?;
    path.lineage().last().copied().ok_or_else(|| Failure::usage("--group: This is no group."))
}

fn existing(wish: &Import) -> Existing {
    match wish.existing {
        arguments::Existing::Skip => Existing::Skip,
        arguments::Existing::Update => Existing::Update,
    }
}

/// The import of this very file, in this very way, that was stopped, or a new one.
async fn begin(
    operations: &Operations,
    caller: &Caller,
    contents: &Contents,
    wish: &Import,
    sheet: &Sheet,
    group: Option<GroupId>,
) -> Result<ImportRecord> {
    let file_sha256 = hexadecimal::of(&Sha256::digest(&contents.bytes));
    let rows = u32::try_from(sheet.row_count()).unwrap_or(u32::MAX);
    let new = NewImport {
        id: ImportId(Uuid::now_v7()),
        file_name: contents.name.clone(),
        file_sha256,
        rows,
        group,
        columns: sheet.headers().iter().map(|header| header.text.clone()).collect(),
        delimiter: sheet.delimiter().map_or(',', roster::import::Delimiter::char),
        existing: existing(wish),
        all_or_nothing: wish.all_or_nothing,
        plan: chunks::plan(sheet),
    };
    let stopped = imports::unfinished(operations, caller, &new.file_sha256).await?;
    match stopped.filter(|stopped| is_same(stopped, &new)) {
        Some(stopped) => Ok(stopped),
        None => Ok(imports::begin(operations, caller, new).await?),
    }
}

fn is_same(stopped: &ImportRecord, new: &NewImport) -> bool {
    stopped.group == new.group
        && stopped.rows == new.rows
        && stopped.existing == new.existing
        && stopped.all_or_nothing == new.all_or_nothing
        && stopped.plan == new.plan
}

/// The chunks before were taken.
fn stopped(error: operations::Error) -> Failure {
    match error.into_fault(COMMAND_LINE) {
        Fault::Unavailable { reason } => Failure::Failed(format!(
            "{}. The rows so far are kept: the same command goes on with the rest.",
            reason.statement()
        )),
        Fault::OutcomeUnknown { .. } => Failure::failed(
            "The database’s answer was lost. What was taken is kept: the same command goes on with the \
             rest, and does nothing twice.",
        ),
        fault => fault.into(),
    }
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
    while let Some(answer) = answers.try_next().await.map_err(stopped)? {
        if record.all_or_nothing {
            report.sent(answer.rows.len());
        } else {
            report.rows(answer.rows)?;
        }
    }
    Ok(())
}
