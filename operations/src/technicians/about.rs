//! What there is to know of a technician beside their fields: how the account came to be, and what
//! they may do.

use roster::account::CreatedBy;
use roster::authority::{Act, Caller, decide};
use roster::fault::Fault;
use roster::id::AccountId;
use roster::permission::{self, Effective, Seen};

use crate::groups::seen;
use crate::{Operations, Result, sight};

/// Who made the account; the import by which it was made is told to who may import.
pub async fn created_by(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
) -> Result<CreatedBy> {
    let mut reader = operations.store.read().await?;
    sight::account(&mut reader, caller, id).await?;
    let found = reader.created_by(id).await?.ok_or_else(|| Fault::not_found("technician"))?;
    let import = found.import.filter(|_| decide(caller, &Act::Import).is_ok());
    Ok(CreatedBy { import, ..found })
}

/// What a technician may do, and which group says so; empty for who is in no group.
pub async fn permissions(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
) -> Result<Vec<Effective<Seen>>> {
    let mut reader = operations.store.read().await?;
    let (_, path) = sight::account(&mut reader, caller, id).await?;
    let Some(path) = path else { return Ok(Vec::new()) };
    let rules = reader.group_rules(&path.lineage()).await?;
    let seen = seen(caller, &path);
    Ok(permission::effective(&rules).into_iter().map(|it| it.told(&seen)).collect())
}
