//! My Account: what everybody may do with their own.

use roster::account::{AccountPage, PasswordState};
use roster::audit::{Action, Entry};
use roster::authority::{Act, Actor, Caller, Denied, decide};
use roster::fault::Fault;
use roster::fields::Field;
use roster::group::GroupPath;
use roster::id::{AccountId, GroupId, SessionId};
use roster::own::OwnAccount;
use roster::password::{self, Context};
use roster::permission::{self, Effective, Rules, Seen};
use roster::secret::Secret;
use serde_json::{Value, json};

use crate::hashing::Verdict;
use crate::{Operations, Result, permit, subject};

/// The own account, its permissions and its sessions.
pub async fn see(operations: &Operations, caller: &Caller) -> Result<OwnAccount> {
    permit(caller, &Act::OwnAccount)?;
    let actor = person(caller)?;
    let mut reader = operations.store.read().await?;
    let account = reader.account(actor.account).await?.ok_or(Fault::not_found("account"))?;
    let path = match account.group {
        Some(group) => reader.group_path(group).await?,
        None => None,
    };
    let permissions = match &path {
        Some(path) => {
            let rules = reader.group_rules(&path.lineage()).await?;
            effective_lines(path, &rules)
        }
        None => Vec::new(),
    };
    let policies = reader.settings().await?.policies;
    let chosen_at = reader.credentials(actor.account).await?.and_then(|kept| kept.chosen_at);
    let warned = policies.warns(chosen_at, operations.now());
    let directory = reader.account_link(actor.account).await?;
    let mut sessions = reader.sessions_of(actor.account).await?;
    for session in &mut sessions {
        session.current = session.id == actor.session;
    }
    Ok(OwnAccount {
        page: AccountPage {
            password_due: policies.must_change(account.password),
            password_ended: false,
            account,
            path,
            editable: false,
            directory,
        },
        permissions,
        sessions,
        password_expires_at: policies.expires_at(chosen_at).filter(|_| warned),
        may_import: decide(caller, &Act::Import).is_ok(),
        may_see_tree: decide(caller, &Act::SeeTree).is_ok(),
        may_see_settings: decide(caller, &Act::SeeSettings).is_ok(),
    })
}

/// The own email: a password manager asks for it, also while a new password is due.
pub async fn email(operations: &Operations, caller: &Caller) -> Result<String> {
    permit(caller, &Act::OwnPassword)?;
    let actor = person(caller)?;
    let account = operations.store.read().await?.account(actor.account).await?;
    Ok(account.ok_or(Fault::not_found("account"))?.email)
}

/// One's own groups have names, also above the areas of who administers.
fn effective_lines(path: &GroupPath, rules: &[(GroupId, Rules)]) -> Vec<Effective<Seen>> {
    let named = |id| {
        let step = path.0.iter().find(|step| step.id == id).cloned();
        step.map_or(Seen::Above, Seen::Group)
    };
    permission::effective(rules).into_iter().map(|it| it.told(named)).collect()
}

/// Ends one of the own sessions.
pub async fn end_session(
    operations: &Operations,
    caller: &Caller,
    session: SessionId,
) -> Result<()> {
    let permit = permit(caller, &Act::OwnAccount)?;
    let actor = person(caller)?;
    let mut tx = operations.store.write().await?;
    if !tx.end_session(&permit, actor.account, session).await? {
        return Err(Fault::not_found("session").into());
    }
    tx.commit(caller, operations.now(), &[sessions_ended(actor, 1)]).await?;
    Ok(())
}

/// Signs out everywhere, here too. How many sessions ended.
pub async fn end_sessions(operations: &Operations, caller: &Caller) -> Result<u64> {
    let permit = permit(caller, &Act::OwnAccount)?;
    let actor = person(caller)?;
    let mut tx = operations.store.write().await?;
    let ended = tx.end_sessions(&permit, actor.account, None).await?;
    tx.commit(caller, operations.now(), &[sessions_ended(actor, ended)]).await?;
    Ok(ended)
}

fn sessions_ended(actor: &Actor, count: u64) -> Entry {
    Entry {
        action: Action::SessionsEnded,
        subject: subject::account(actor.account, &actor.name),
        before: json!({ "sessions": count }),
        after: Value::Null,
    }
}

/// Somebody's current password, asked for by what a session alone must not do.
pub(crate) async fn check_password(
    operations: &Operations,
    id: AccountId,
    password: &Secret,
) -> Result<()> {
    let mut reader = operations.store.read().await?;
    let kept = reader.credentials(id).await?.ok_or(Fault::not_found("account"))?;
    let hash = match kept.password {
        PasswordState::Default => reader.default_password_hash().await?,
        PasswordState::Own | PasswordState::Temporary | PasswordState::Starting => kept.hash,
    };
    drop(reader);
    if operations.hashing.verify(password.clone(), hash).await? == Verdict::Wrong {
        return Err(Fault::invalid("password", "This is not your current password.").into());
    }
    Ok(())
}

/// Chooses a new password; the other sessions end. The current one is asked for, unless a change
/// is due: then it was given a moment ago, at sign-in.
pub async fn change_password(
    operations: &Operations,
    caller: &Caller,
    current: &Secret,
    new: &Secret,
) -> Result<()> {
    permit(caller, &Act::OwnPassword)?;
    let actor = person(caller)?;
    let mut reader = operations.store.read().await?;
    let kept = reader.credentials(actor.account).await?.ok_or(Fault::not_found("account"))?;
    let account = reader.account(actor.account).await?.ok_or(Fault::not_found("account"))?;
    let settings = reader.settings().await?;
    let earlier = reader.chosen_passwords(actor.account, settings.policies.history).await?;
    let hash = match kept.password {
        PasswordState::Default => reader.default_password_hash().await?,
        PasswordState::Own | PasswordState::Temporary | PasswordState::Starting => kept.hash,
    };
    drop(reader);

    // It was given a moment ago, at sign-in.
    let due = actor.must_change_password;
    if !due && operations.hashing.verify(current.clone(), hash.clone()).await? == Verdict::Wrong {
        return Err(Fault::invalid("currentPassword", "This is not your current password.").into());
    }
    let context = Context {
        name: &account.name,
        email: &account.email,
        organization: &settings.organization,
    };
    if let Err(weakness) = password::check(new.reveal(), settings.strength, &context) {
        return Err(Fault::invalid(Field::Password.key(), weakness.to_string()).into());
    }
    for hash in hash.into_iter().chain(earlier) {
        if operations.hashing.verify(new.clone(), Some(hash)).await? != Verdict::Wrong {
            let message = "Choose one that you didn’t have before.";
            return Err(Fault::invalid(Field::Password.key(), message).into());
        }
    }

    let hash = operations.hashing.hash(new.clone()).await?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (_, permit) = tx.own_account_for(caller, &Act::OwnPassword).await?;
    tx.set_password(&permit, actor.account, PasswordState::Own, Some(&hash), now).await?;
    tx.end_sessions(&permit, actor.account, Some(actor.session)).await?;
    let entry = Entry {
        action: Action::PasswordChanged,
        subject: subject::account(actor.account, &actor.name),
        before: json!({ "password": kept.password }),
        after: json!({ "password": PasswordState::Own }),
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(())
}

pub(crate) fn person(caller: &Caller) -> Result<&Actor> {
    caller.person().ok_or_else(|| Denied::NotSignedIn.into())
}
