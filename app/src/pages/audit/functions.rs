//! What the pages of the trail ask the server.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use roster::audit::{Line, TrailPage, Wish};
use roster::id::AccountId;

use super::history::HistoryOf;
use crate::error::AppError;

/// Entries, the newest first; `after` is where the page begins, empty for the first.
#[server(prefix = "/api/fn", endpoint = "audit_list", input = Json)]
pub async fn list_audit(wish: Wish, after: String) -> Result<TrailPage, AppError> {
    let (operations, caller) = crate::server::context()?;
    let after = after.parse().ok();
    Ok(operations::audit::list(&operations, &caller, &wish.filter(), after).await?)
}

/// One entry; `of`: what it says of this account, where it is about many.
#[server(prefix = "/api/fn", endpoint = "audit_see", input = Json)]
pub async fn see_audit_entry(id: i64, of: Option<AccountId>) -> Result<Line, AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::audit::see(&operations, &caller, id, of).await?)
}

/// What was done to one group or person.
#[server(prefix = "/api/fn", endpoint = "audit_of", input = Json)]
pub async fn list_history(of: HistoryOf, after: String) -> Result<TrailPage, AppError> {
    let (operations, caller) = crate::server::context()?;
    let after = after.parse().ok();
    Ok(match of {
        HistoryOf::Account(id) => {
            operations::audit::of_account(&operations, &caller, id, after).await?
        }
        HistoryOf::Group(id) => {
            operations::audit::of_group(&operations, &caller, id, after).await?
        }
    })
}
