//! What the import's pages ask of the server. The rows themselves go from the worker to plain
//! routes (`/api/imports/…`), never through here.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
#[cfg(feature = "ssr")]
use roster::fault::{Fault, FieldProblem};
#[cfg(feature = "ssr")]
use roster::fields::Field;
use roster::group::GroupPath;
use roster::history::{ImportRecord, ImportRules, Retried, RowToMend, UndoProgress};
use roster::id::{GroupId, ImportId};
use roster::import::{Outcome, RowResult, SubmittedValues};
use roster::page::Page;
#[cfg(feature = "ssr")]
use roster::problem::Problem;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::server::context;
use roster::starting::Waiting;

/// What the check in the browser needs to know.
#[server(prefix = "/api/fn", endpoint = "import_rules", input = Json)]
pub async fn see_rules() -> Result<ImportRules, AppError> {
    let (operations, caller) = context()?;
    Ok(operations::imports::rules(&operations, &caller).await?)
}

/// The way to a group, where one is chosen.
#[server(prefix = "/api/fn", endpoint = "import_group", input = Json)]
pub async fn see_group(id: Option<GroupId>) -> Result<Option<GroupPath>, AppError> {
    let (operations, caller) = context()?;
    let Some(id) = id else { return Ok(None) };
    Ok(Some(operations::groups::see(&operations, &caller, id).await?.path))
}

/// The caller's own import of this file that did not end.
#[server(prefix = "/api/fn", endpoint = "import_unfinished", input = Json)]
pub async fn unfinished_import(sha256: Option<String>) -> Result<Option<ImportRecord>, AppError> {
    let (operations, caller) = context()?;
    let Some(sha256) = sha256 else { return Ok(None) };
    Ok(operations::imports::unfinished(&operations, &caller, &sha256).await?)
}

#[server(prefix = "/api/fn", endpoint = "import", input = Json)]
pub async fn see_import(id: ImportId) -> Result<ImportRecord, AppError> {
    let (operations, caller) = context()?;
    Ok(operations::imports::see(&operations, &caller, id).await?)
}

/// How many starting passwords of an import can be downloaded.
#[server(prefix = "/api/fn", endpoint = "import_starting_passwords", input = Json)]
pub async fn import_starting_passwords(id: ImportId) -> Result<Option<Waiting>, AppError> {
    let (operations, caller) = context()?;
    Ok(operations::imports::starting_passwords(&operations, &caller, id).await?)
}

/// Rows of an import by line, a page at a time.
#[server(prefix = "/api/fn", endpoint = "import_rows", input = Json)]
pub async fn import_rows(
    id: ImportId,
    outcome: Option<Outcome>,
    search: String,
    offset: u64,
) -> Result<Page<RowResult>, AppError> {
    let (operations, caller) = context()?;
    let window = roster::page::Window { offset, ..Default::default() };
    Ok(operations::imports::rows(&operations, &caller, id, outcome, &search, window).await?)
}

/// All imports, the newest first, a page at a time.
#[server(prefix = "/api/fn", endpoint = "imports", input = Json)]
pub async fn list_imports(offset: u64) -> Result<Page<ImportRecord>, AppError> {
    let (operations, caller) = context()?;
    let window = roster::page::Window { offset, ..Default::default() };
    Ok(operations::imports::list(&operations, &caller, window).await?)
}

/// A failed row as it was understood, without its password: to be mended.
#[server(prefix = "/api/fn", endpoint = "import_row", input = Json)]
pub async fn see_row(id: ImportId, place: i64) -> Result<RowToMend, AppError> {
    let (operations, caller) = context()?;
    Ok(operations::imports::row_values(&operations, &caller, id, place).await?)
}

/// Imports one row that failed, with other values; what is still wrong stands at the fields.
#[server(prefix = "/api/fn", endpoint = "retry_row")]
pub async fn retry_row(
    id: ImportId,
    place: i64,
    form: SubmittedValues,
) -> Result<RowResult, AppError> {
    let (operations, caller) = context()?;
    let mut values = SubmittedValues::default();
    for field in Field::ALL {
        // What a form leaves empty is not there.
        values.set(field, form.get(field).unwrap_or_default());
    }
    let result = operations::imports::retry_row(&operations, &caller, id, place, values).await?;
    match result.outcome {
        Outcome::Failed => Err(Fault::Invalid { problems: problems(result.problems) }.into()),
        _ => Ok(result),
    }
}

#[cfg(feature = "ssr")]
fn problems(problems: Vec<Problem>) -> Vec<FieldProblem> {
    let at = |problem: Problem| FieldProblem {
        field: problem.column.unwrap_or_else(|| Field::Name.key().to_owned()),
        message: problem.message,
    };
    problems.into_iter().filter(Problem::is_error).map(at).collect()
}

/// Imports some of the rows that failed once more, from this place on; and the place to go on
/// from, where there are more.
#[server(prefix = "/api/fn", endpoint = "retry_failed", input = Json)]
pub async fn retry_failed(id: ImportId, from: i64) -> Result<Retried, AppError> {
    let (operations, caller) = context()?;
    Ok(operations::imports::retry_failed(&operations, &caller, id, from).await?)
}

/// Undoes a part of an import; and how many rows are left.
#[server(prefix = "/api/fn", endpoint = "undo_import", input = Json)]
pub async fn undo_import(id: ImportId) -> Result<UndoProgress, AppError> {
    let (operations, caller) = context()?;
    Ok(operations::imports::undo(&operations, &caller, id).await?)
}
