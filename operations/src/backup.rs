//! A consistent copy of the database while it is in use.

use std::path::Path;

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use serde_json::{Value, json};

use crate::{Operations, Result, permit, subject};

/// Copies the SQLite file to a path at which nothing is yet.
pub async fn back_up(operations: &Operations, caller: &Caller, to: &Path) -> Result<()> {
    let permit = permit(caller, &Act::Operate)?;
    operations
        .store
        .back_up(&permit, to)
        .await
        .map_err(|cause| Fault::refused(cause.to_string()))?;
    let entry = Entry {
        action: Action::BackedUp,
        subject: subject::database(),
        before: Value::Null,
        after: json!({ "to": to.display().to_string() }),
    };
    operations.store.write().await?.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}
