//! How a person gets in: their password and their sessions, as an administrator manages them.

use roster::account::Account;
use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller, Permit};
use roster::fault::Fault;
use roster::fields::Field;
use roster::id::{AccountId, SessionId};
use roster::password::{self, Context};
use roster::secret::Secret;
use roster::session::SessionLine;
use roster::settings::Settings;
use roster::starting::StartingPassword;
use serde_json::{Value, json};
use store::Reader;

use super::{find, lineage};
use crate::{Operations, Result, permit, starting, subject};

/// The living sessions of a person, the last used first.
pub async fn sessions(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
) -> Result<Vec<SessionLine>> {
    permit(caller, &Act::SeeTree)?;
    let mut reader = operations.store.read().await?;
    may_manage(&mut reader, caller, id).await?;
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
    permit(caller, &Act::SeeTree)?;
    let mut tx = operations.store.write().await?;
    let (account, permit) = may_manage(&mut tx, caller, id).await?;
    if !tx.end_session(&permit, id, session).await? {
        return Err(Fault::not_found("session").into());
    }
    tx.commit(caller, operations.now(), &[sessions_ended(&account, 1)]).await?;
    Ok(())
}

/// Ends all of a person's sessions, but the one that asks. How many ended.
pub async fn end_sessions(operations: &Operations, caller: &Caller, id: AccountId) -> Result<u64> {
    permit(caller, &Act::SeeTree)?;
    let mut tx = operations.store.write().await?;
    let (account, permit) = may_manage(&mut tx, caller, id).await?;
    let own = caller.person().map(|actor| actor.session);
    let ended = tx.end_sessions(&permit, id, own).await?;
    tx.commit(caller, operations.now(), &[sessions_ended(&account, ended)]).await?;
    Ok(ended)
}

fn sessions_ended(account: &Account, count: u64) -> Entry {
    Entry {
        action: Action::SessionsEnded,
        subject: subject::account(account.id, &account.name),
        before: json!({ "sessions": count }),
        after: Value::Null,
    }
}

/// Gives a person a temporary password or, without one, the organization's default password or a
/// starting password of their own, which is answered: then they choose their own. Their sessions
/// end.
pub async fn reset_password(
    operations: &Operations,
    caller: &Caller,
    id: AccountId,
    temporary: Option<Secret>,
) -> Result<Option<StartingPassword>> {
    permit(caller, &Act::SeeTree)?;
    let mut reader = operations.store.read().await?;
    let (account, permit) = may_manage(&mut reader, caller, id).await?;
    if caller.person().is_some_and(|actor| actor.account == id) {
        return Err(Fault::refused("Change your own password in My Account.").into());
    }
    let settings = reader.settings().await?;
    drop(reader);
    let now = operations.now();
    let temporary = temporary.filter(|secret| !secret.is_empty());
    if let Some(secret) = &temporary {
        strong_enough(secret, &account, &settings)?;
    }
    let made = starting::given(operations, &settings, account.role, temporary).await?;
    let mut tx = operations.store.write().await?;
    tx.set_password(&permit, id, made.state, made.hash.as_deref(), now).await?;
    let ended = tx.end_sessions(&permit, id, None).await?;
    let entry = Entry {
        action: Action::PasswordReset,
        subject: subject::account(id, &account.name),
        before: json!({ "password": account.password, "sessions": ended }),
        after: json!({ "password": made.state, "sessions": 0 }),
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(made.shown)
}

/// A password for somebody satisfies the policy.
pub(crate) fn strong_enough(secret: &Secret, account: &Account, settings: &Settings) -> Result<()> {
    let context = Context {
        name: &account.name,
        email: &account.email,
        organization: &settings.organization,
    };
    password::check(secret.reveal(), settings.strength, &context)
        .map_err(|weakness| Fault::invalid(Field::Password.key(), weakness.to_string()).into())
}

async fn may_manage(
    reader: &mut Reader,
    caller: &Caller,
    id: AccountId,
) -> Result<(Account, Permit)> {
    let (account, path) = find(reader, id).await?;
    let lineage = lineage(path.as_ref());
    let act = Act::EditTechnician { lineage: &lineage, subject: id, role: account.role };
    let permit = permit(caller, &act)?;
    Ok((account, permit))
}
