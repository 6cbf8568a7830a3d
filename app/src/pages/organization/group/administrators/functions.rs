//! What the administrators of a group ask the server for.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::administrator::{AdministratorLine, GroupAdministrators};
use roster::id::{AccountId, GroupId};

use crate::error::AppError;

/// Who is assigned to a group, and to the groups above it.
#[server(prefix = "/api/fn", endpoint = "group_administrators", input = Json)]
pub async fn see_group_administrators(group: GroupId) -> Result<GroupAdministrators, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::administrators::of_group(&operations, &caller, group).await?)
}

/// Administrators who could be assigned to a group.
#[server(prefix = "/api/fn", endpoint = "administrators_search", input = Json)]
pub async fn search_administrators(
    group: GroupId,
    text: String,
) -> Result<Vec<AdministratorLine>, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::administrators::search(&operations, &caller, group, &text).await?)
}

/// Assigns an Administrator to a group.
#[server(prefix = "/api/fn", endpoint = "administrator_assign")]
pub async fn assign_administrator(group: GroupId, id: AccountId) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::administrators::assign(&operations, &caller, group, id).await?)
}

/// Takes a group away from an Administrator.
#[server(prefix = "/api/fn", endpoint = "administrator_unassign")]
pub async fn unassign_administrator(group: GroupId, id: AccountId) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::administrators::unassign(&operations, &caller, group, id).await?)
}
