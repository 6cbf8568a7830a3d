//! How a person gets in: their password and their sessions, as an administrator manages them.

use roster::account::PasswordState;
use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::fields::Field;
use roster::id::{AccountId, SessionId, Timestamp};
use roster::password::{self, Context};
use roster::secret::Secret;
use roster::session::SessionLine;
use serde_json::{Value, json};
use store::{AccountAct, Permit, StoredPerson, Transaction};

use crate::hashing::Share;
use crate::{Operations, Result, permit, sight, subject};

/// The living sessions of a person, the last used first.
pub async fn sessions(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
) -> Result<Vec<SessionLine>> {
    let mut reader = operations.store.read().await?;
    let (account, path) = sight::account(&mut reader, caller, id).await?;
    let lineage = sight::lineage(path.as_ref());
    permit(caller, &Act::ManageAccess { lineage: &lineage, subject: id, role: account.role })?;
    let now = operations.now();
    let mut sessions = reader.sessions_of(id).await?;
    let limits = reader.settings().await?.policies.sessions;
    sessions.retain(|session| limits.allow(session.created_at, session.last_seen_at, now));
    let own = caller.person().map(|actor| actor.session);
    for session in &mut sessions {
        session.current = own == Some(session.id);
    }
    Ok(sessions)
}

/// Ends one of a person's sessions.
pub async fn end_session(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
    session: SessionId,
) -> Result<()> {
    let mut tx = operations.store.write().await?;
    let (found, permit) = tx.account_for(caller, id, AccountAct::ManageAccess).await?;
    if !tx.end_session(&permit, id, session).await? {
        return Err(Fault::not_found("session").into());
    }
    tx.commit(caller, operations.now(), &[sessions_ended(&found, 1)]).await?;
    Ok(())
}

/// Ends all of a person's sessions, but the one that asks. How many ended.
pub async fn end_sessions(operations: &Operations, caller: &Caller, id: AccountId) -> Result<u64> {
    let mut tx = operations.store.write().await?;
    let (found, permit) = tx.account_for(caller, id, AccountAct::ManageAccess).await?;
    let own = caller.person().map(|actor| actor.session);
    let ended = tx.end_sessions(&permit, id, own).await?;
    tx.commit(caller, operations.now(), &[sessions_ended(&found, ended)]).await?;
    Ok(ended)
}

fn sessions_ended(found: &StoredPerson, count: u64) -> Entry {
    Entry {
        action: Action::SessionsEnded,
        subject: subject::account(found.id, &found.person.name),
        before: json!({ "sessions": count }),
        after: Value::Null,
    }
}

/// Gives a person a temporary password or, without one, the organization's default password: it
/// works until they choose their own. Their sessions end.
pub async fn reset_password(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
    temporary: Option<Secret>,
) -> Result<()> {
    let hash = match temporary.filter(|secret| !secret.is_empty()) {
        Some(secret) => Some(hash_for(operations, caller, id, secret).await?),
        None => None,
    };
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (found, permit) = tx.account_for(caller, id, AccountAct::ManageAccess).await?;
    of_another(caller, id)?;
    let state = match &hash {
        Some(_) => PasswordState::Temporary,
        None if tx.settings().await?.default_password_works(now) => PasswordState::Default,
        None => {
            let message = "No default password works now: give a temporary one, or set the \
                           default in Global Settings.";
            return Err(Fault::invalid(Field::Password.key(), message).into());
        }
    };
    let ended = give(&mut tx, &permit, id, (state, hash.as_deref()), now).await?;
    let entry = Entry {
        action: Action::PasswordReset,
        subject: subject::account(id, &found.person.name),
        before: json!({ "password": found.password, "sessions": ended }),
        after: json!({ "password": state, "sessions": 0 }),
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(())
}

/// The hash of a password that the caller may give to this person now. It is decided again where the
/// password is written: meanwhile the person may have become another's to manage.
pub(super) async fn hash_for(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
    secret: Secret,
) -> Result<String> {
    let mut tx = operations.store.write().await?;
    let (found, _) = tx.account_for(caller, id, AccountAct::ManageAccess).await?;
    of_another(caller, id)?;
    let settings = tx.settings().await?;
    drop(tx);
    let context = Context {
        name: &found.person.name,
        email: &found.person.email.as_typed,
        organization: &settings.organization,
    };
    if let Err(weakness) = password::check(secret.reveal(), settings.strength, &context) {
        return Err(Fault::invalid(Field::Password.key(), weakness.to_string()).into());
    }
    operations.hashing.hash(&Share::of(caller), secret).await
}

/// Gives a temporary password within another change of the same person. How many sessions ended.
pub(super) async fn give_temporary(
    tx: &mut Transaction,
    caller: &Caller,
    id: AccountId,
    hash: &str,
    now: Timestamp,
) -> Result<u64> {
    let (_, permit) = tx.account_for(caller, id, AccountAct::ManageAccess).await?;
    of_another(caller, id)?;
    give(tx, &permit, id, (PasswordState::Temporary, Some(hash)), now).await
}

async fn give(
    tx: &mut Transaction,
    permit: &Permit,
    id: AccountId,
    (state, hash): (PasswordState, Option<&str>),
    now: Timestamp,
) -> Result<u64> {
    Ok(tx.set_password(permit, id, state, hash, now, None).await?)
}

fn of_another(caller: &Caller, id: AccountId) -> Result<()> {
    match caller.person() {
        Some(actor) if actor.account == id => {
            let message = "Change your own password in My Account.";
            Err(Fault::invalid(Field::Password.key(), message).into())
        }
        _ => Ok(()),
    }
}
