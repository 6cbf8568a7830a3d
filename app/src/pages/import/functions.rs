//! What the import's pages ask of the server. The rows themselves go from the worker to plain
//! routes (`/api/imports/…`), never through here.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::group::GroupPath;
use roster::history::{ImportRecord, ImportRules};
use roster::id::{GroupId, ImportId};
use roster::import::{Outcome, RowResult};
use roster::page::Page;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::server::context;

/// What the check in the browser needs to know.
#[server(prefix = "/api/fn", endpoint = "import_rules", input = Json)]
pub async fn see_rules() -> Result<ImportRules, AppError> {
    let (operations, caller) = context()?;
    Ok(operations::imports::rules(&operations, &caller).await?)
}

/// Groups whose name has the text in it, or whose ID it is; the best first, twenty at most.
#[server(prefix = "/api/fn", endpoint = "import_groups", input = Json)]
pub async fn search_groups(text: String) -> Result<Vec<GroupPath>, AppError> {
    let (operations, caller) = context()?;
    Ok(operations::groups::search(&operations, &caller, &text).await?)
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
