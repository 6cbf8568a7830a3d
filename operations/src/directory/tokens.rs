//! Creating, listing, rotating and revoking service tokens.

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller, Denied};
use roster::directory::view::TokenLine;
use roster::fault::Fault;
use roster::id::TokenId;
use roster::secret::Secret;
use serde_json::{Value, json};
use store::TokenFor;

use super::{admitted, ours};
use crate::{Operations, Result, entropy, permit, subject};

/// A token expires after this long if no directory enrolls with it.
const TO_ENROLL_SECONDS: i64 = 24 * 60 * 60;

/// The most tokens of a directory within 24 hours, including the one it enrolled with.
const MOST_IN_A_DAY: u64 = 5;

/// How long a rotated token keeps working.
const OLD_LIVES_SECONDS: i64 = 24 * 60 * 60;

/// Creates a token with which one directory can enroll within 24 hours. It is shown only once.
pub async fn create_token(operations: &Operations, caller: &Caller) -> Result<Secret> {
    let now = operations.now();
    let token = entropy::token()?;
    let mut tx = operations.store.write().await?;
    let permit = tx.permit(caller, &Act::MintDirectoryToken).await?;
    let (hash, by) = (entropy::digest(&token), caller.display_name());
    let purpose = TokenFor::Enrolment { until: now.plus_seconds(TO_ENROLL_SECONDS) };
    let id = tx.create_directory_token(&permit, &hash, purpose, by, now).await?;
    let entry = entry(Action::DirectoryTokenCreated, id, Value::Null, Value::Null);
    tx.commit(caller, now, &[entry]).await?;
    Ok(token)
}

/// All tokens, the newest first.
pub async fn tokens(operations: &Operations, caller: &Caller) -> Result<Vec<TokenLine>> {
    permit(caller, &Act::SeeDirectory)?;
    Ok(operations.store.read().await?.directory_tokens(operations.now()).await?)
}

/// Revokes a token; from now on it is refused.
pub async fn revoke_token(operations: &Operations, caller: &Caller, id: TokenId) -> Result<()> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (token, permit) = tx.token_for(caller, id).await?;
    if token.revoked || !tx.revoke_directory_token(&permit, id, now).await? {
        return Err(Fault::conflict("This token is revoked already.").into());
    }
    let domain = token.source.as_ref().map(|(_, domain)| domain);
    let (before, after) = (json!({ "directory": domain }), Value::Null);
    let entry = entry(Action::DirectoryTokenRevoked, id, before, after);
    tx.commit(caller, now, &[entry]).await?;
    Ok(())
}

/// Creates a token that replaces the caller's. The old one works for another 24 hours.
pub async fn rotate_token(operations: &Operations, caller: &Caller) -> Result<Secret> {
    ours(caller)?;
    let Some(directory) = caller.directory() else {
        return Err(Fault::not_found("token").into());
    };
    let now = operations.now();
    let token = entropy::token()?;
    let mut tx = operations.store.write().await?;
    let (source, permit) = admitted(&mut tx, caller, now).await?;
    // Locked, so that it isn't revoked meanwhile: its replacement would keep working.
    let held = tx.lock_directory_token(directory.token).await?;
    if !held.is_some_and(|token| token.works(now)) {
        return Err(Denied::NotSignedIn.into());
    }
    let made = tx.directory_tokens_since(source.id, now.plus_days(-1)).await?;
    if made >= MOST_IN_A_DAY {
        let message = format!(
            "This directory got {MOST_IN_A_DAY} tokens within 24 hours, the most allowed. Rotate its \
             token later, or generate another in Global Settings."
        );
        return Err(Fault::refused(message).into());
    }
    let (by, hash) = (caller.display_name(), entropy::digest(&token));
    let purpose = TokenFor::Source(source.id);
    let id = tx.create_directory_token(&permit, &hash, purpose, by, now).await?;
    let end = now.plus_seconds(OLD_LIVES_SECONDS);
    tx.expire_directory_token(&permit, source.id, directory.token, end).await?;
    let (before, after) = (json!({ "token": directory.token }), json!({ "token": id }));
    let entry = entry(Action::DirectoryTokenRotated, id, before, after);
    tx.commit(caller, now, &[entry]).await?;
    Ok(token)
}

fn entry(action: Action, id: TokenId, before: Value, after: Value) -> Entry {
    Entry { action, subject: subject::directory_token(id), before, after }
}
