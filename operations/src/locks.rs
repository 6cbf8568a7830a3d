//! Locks of the sign-in: seen and lifted by administrators.

use std::collections::HashMap;

use roster::audit::{Action, Entry};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::id::{AccountId, Timestamp};
use roster::sign_in::{Failures, Lock, LockOut};
use serde_json::{Value, json};
use store::{AccountAct, Reader};

use crate::{Operations, Result, subject};

/// Those of these accounts that are locked now.
pub(crate) async fn of(
    reader: &mut Reader,
    accounts: &[AccountId],
    now: Timestamp,
) -> Result<HashMap<AccountId, Lock>> {
    let counted = reader.failures_of(accounts).await?;
    if counted.is_empty() {
        return Ok(HashMap::new());
    }
    let lock_out = reader.settings().await?.policies.lock_out;
    let locks = counted.into_iter();
    Ok(locks.filter_map(|(id, it)| Some((id, Lock::longest(&it, lock_out, now)?))).collect())
}

/// Lifts the locks of an account: whatever was counted for it is forgotten.
pub async fn unlock(operations: &Operations, caller: &Caller, id: AccountId) -> Result<()> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let (found, permit) = tx.account_for(caller, id, AccountAct::ManageAccess).await?;
    let counted = tx.lock_failures_of(id).await?;
    // Else a session that was left open could go on guessing.
    if caller.person().is_some_and(|actor| actor.account == id) {
        return Err(Fault::refused("Nobody unlocks themself. Ask another administrator.").into());
    }
    if counted.is_empty() {
        return Err(Fault::refused("Nothing is locked: no sign-in failed lately.").into());
    }
    tx.clear_failures_of(&permit, id).await?;
    let entry = unlocked(id, &found.person.name, &counted, lock_out, now);
    tx.commit(caller, now, &[entry]).await?;
    Ok(())
}

/// That the locks were lifted.
pub(crate) fn unlocked(
    id: AccountId,
    name: &str,
    counted: &[Failures],
    lock_out: LockOut,
    now: Timestamp,
) -> Entry {
    let failures: u32 = counted.iter().map(|counted| counted.count).sum();
    let locked = Lock::longest(counted, lock_out, now).is_some();
    Entry {
        action: Action::SignInUnlocked,
        subject: subject::account(id, name),
        before: json!({ "failures": failures, "locked": locked }),
        after: Value::Null,
    }
}
