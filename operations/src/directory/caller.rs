//! Authenticates a service by its token.

use roster::audit::{Action, Entry, Subject};
use roster::authority::{Caller, DirectoryCaller, Origin, Who};
use roster::directory::view::caller_name;
use roster::id::Timestamp;
use roster::secret::Secret;
use roster::session::TOUCH_SECONDS;
use serde_json::{Value, json};
use store::LiveToken;

use crate::attempts::{Attempt, told};
use crate::{Operations, Result, entropy, subject};

/// The directory whose token this is; `None` if the token doesn't work. Wrong tokens are counted for each
/// address and delay the next, like failed sign-ins; some of them are audited.
pub async fn authenticate(
    operations: &Operations,
    token: &Secret,
    origin: Origin,
) -> Result<Option<Caller>> {
    let now = operations.now();
    let mut reader = operations.store.read().await?;
    let found = reader.directory_token(&entropy::digest(token)).await?;
    drop(reader);
    let found = match found {
        Some(found) if found.works(now) => found,
        found => {
            refuse(operations, origin, found.as_ref()).await?;
            return Ok(None);
        }
    };
    touch(operations, &found, now).await?;
    let (source, name) = match found.source {
        Some((source, domain)) => (Some(source), caller_name(&domain)),
        None => (None, caller_name("(not enrolled)")),
    };
    let who = Who::Directory(DirectoryCaller { token: found.id, source, name });
    Ok(Some(Caller { who, origin }))
}

async fn refuse(operations: &Operations, origin: Origin, found: Option<&LiveToken>) -> Result<()> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let counted = Attempt::directory_token(&origin).count(&mut tx, lock_out, now).await;
    let mut entries = Vec::new();
    if let Some(refusals) = told::due(&mut tx, "directory", &origin, now).await? {
        entries.push(refused(found, refusals));
    }
    let answer = counted.map(|counted| entries.extend(counted.locks(None)));
    if !entries.is_empty() {
        tx.commit(&Caller::anonymous(origin), now, &entries).await?;
    } else if answer.is_ok() {
        tx.commit_bookkeeping().await?;
    }
    // Of a try that must wait, only the audit entry is written.
    answer
}

/// The audit entry of refused tokens: which token, if known, and the `refusals` from this network since
/// the last entry.
fn refused(found: Option<&LiveToken>, refusals: u32) -> Entry {
    let (subject, why) = match found {
        None => {
            (Subject { kind: "token", id: String::new(), name: "unknown".to_owned() }, "unknown")
        }
        Some(token) => {
            let why = if token.revoked { "revoked" } else { "expired" };
            (subject::directory_token(token.id), why)
        }
    };
    let after = json!({ "token": why, "refusals": refusals });
    Entry { action: Action::TokenRefused, subject, before: Value::Null, after }
}

/// Notes the token's use, unless the store is busy: a run that is being written must not delay requests.
async fn touch(operations: &Operations, token: &LiveToken, now: Timestamp) -> Result<()> {
    if token.last_used_at.is_some_and(|last| now.seconds_since(last) < TOUCH_SECONDS) {
        return Ok(());
    }
    let noted = async {
        let mut tx = operations.store.write().await?;
        tx.touch_directory_token(token.id, now).await?;
        tx.commit_bookkeeping().await
    };
    match noted.await {
        Err(cause) if !cause.is_unavailable() => Err(cause.into()),
        _ => Ok(()),
    }
}
