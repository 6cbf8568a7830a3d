//! Service tokens: made, shown once, renewed, revoked.

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::directory::view::{TokenLine, TokenState};
use roster::fault::Fault;
use roster::id::TokenId;
use roster::secret::Secret;
use serde_json::{Value, json};

use super::ours;
use crate::{Operations, Result, entropy, permit, subject};

/// The old token lives so long beside the one that takes its place.
const OLD_LIVES_SECONDS: i64 = 24 * 60 * 60;

/// A token for one directory to enroll with. It is shown this once.
pub async fn create_token(operations: &Operations, caller: &Caller) -> Result<Secret> {
    let permit = permit(caller, &Act::MintDirectoryToken)?;
    let now = operations.now();
    let token = entropy::token()?;
    let mut tx = operations.store.write().await?;
    let by = caller.display_name();
    let id = tx.create_directory_token(&permit, &entropy::digest(&token), None, by, now).await?;
    let entry = entry(Action::DirectoryTokenCreated, id, Value::Null, Value::Null);
    tx.commit(caller, now, &[entry]).await?;
    Ok(token)
}

/// All tokens, the newest first.
pub async fn tokens(operations: &Operations, caller: &Caller) -> Result<Vec<TokenLine>> {
    permit(caller, &Act::SeeDirectory)?;
    Ok(operations.store.read().await?.directory_tokens(operations.now()).await?)
}

/// Whoever comes with it is turned away from now on.
pub async fn revoke_token(operations: &Operations, caller: &Caller, id: TokenId) -> Result<()> {
    let permit = permit(caller, &Act::ChangeDirectory)?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let tokens = tx.directory_tokens(now).await?;
    let token = tokens.iter().find(|token| token.id == id);
    let token = token.ok_or_else(|| Fault::not_found("token"))?;
    if token.state == TokenState::Revoked || !tx.revoke_directory_token(&permit, id, now).await? {
        return Err(Fault::conflict("This token is revoked already.").into());
    }
    let domain = token.source.as_ref().map(|(_, domain)| domain);
    let (before, after) = (json!({ "directory": domain }), Value::Null);
    let entry = entry(Action::DirectoryTokenRevoked, id, before, after);
    tx.commit(caller, now, &[entry]).await?;
    Ok(())
}

/// A new token in the place of the one with which the service comes; that one lives another 24
/// hours.
pub async fn rotate_token(operations: &Operations, caller: &Caller) -> Result<Secret> {
    let (source, permit) = ours(caller)?;
    let Some(directory) = caller.directory() else {
        return Err(Fault::not_found("token").into());
    };
    let now = operations.now();
    let token = entropy::token()?;
    let mut tx = operations.store.write().await?;
    let (by, hash) = (caller.display_name(), entropy::digest(&token));
    let id = tx.create_directory_token(&permit, &hash, Some(source), by, now).await?;
    let end = now.plus_seconds(OLD_LIVES_SECONDS);
    tx.expire_directory_token(&permit, directory.token, end).await?;
    let (before, after) = (json!({ "token": directory.token }), json!({ "token": id }));
    let entry = entry(Action::DirectoryTokenRotated, id, before, after);
    tx.commit(caller, now, &[entry]).await?;
    Ok(token)
}

fn entry(action: Action, id: TokenId, before: Value, after: Value) -> Entry {
    Entry { action, subject: subject::directory_token(id), before, after }
}
