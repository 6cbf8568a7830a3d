//! My Account: what everybody may do with their own. What it asks again is in `again`.

mod again;

use roster::account::{AccountPage, PasswordState};
use roster::audit::{Action, Entry};
use roster::authority::{Act, Actor, Caller, Denied, decide};
use roster::fault::Fault;
use roster::fields::{Draft, Field};
use roster::group::GroupPath;
use roster::id::{GroupId, SessionId, Timestamp};
use roster::own::{Again, OwnAccount};
use roster::password::{self, Context};
use roster::permission::{self, Effective, Rules, Seen};
use roster::secret::Secret;
use serde_json::json;
use store::{Permit, Transaction};

use crate::hashing::{Share, Verdict};
use crate::session::{own_hash, sessions_ended};
use crate::technicians::{checked, conflicting};
use crate::{Operations, Result, entropy, permit, subject};

pub(crate) use again::{Change, proven_again};
pub use again::{ask_again, asked_for_password, asked_for_second_factor};

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
            locked: None,
        },
        permissions,
        sessions,
        password_expires_at: policies.expires_at(chosen_at).filter(|_| warned),
        may_import: decide(caller, &Act::Import).is_ok(),
        may_change_email: decide(caller, &Act::OwnEmail).is_ok(),
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
    let mut tx = operations.store.write().await?;
    let (own, permit) = tx.own_account_for(caller, &Act::OwnAccount).await?;
    if !tx.end_session(&permit, own.id, session).await? {
        return Err(Fault::not_found("session").into());
    }
    tx.commit(caller, operations.now(), &[sessions_ended(own.id, &own.person.name, 1)]).await?;
    Ok(())
}

/// Signs out everywhere, here too. How many sessions ended.
pub async fn end_sessions(operations: &Operations, caller: &Caller) -> Result<u64> {
    let mut tx = operations.store.write().await?;
    let (own, permit) = tx.own_account_for(caller, &Act::OwnAccount).await?;
    let ended = tx.end_sessions(&permit, own.id, None).await?;
    tx.commit(caller, operations.now(), &[sessions_ended(own.id, &own.person.name, ended)]).await?;
    Ok(ended)
}

/// A session goes on under another token.
#[derive(Clone, Debug)]
pub struct Renewed {
    /// For the cookie; kept nowhere.
    pub token: Secret,
    /// The session lives so long from now at most.
    pub seconds: i64,
}

/// Chooses a new password; the other sessions end, and this one goes on under a new token. What is
/// asked again is [`asked_for_password`]'s to say.
pub async fn change_password(
    operations: &Operations,
    caller: &Caller,
    again: &Again,
    new: &Secret,
) -> Result<Renewed> {
    permit(caller, &Act::OwnPassword)?;
    let actor = person(caller)?;
    let (mut tx, _) = proven_again(operations, caller, Change::Password, again).await?;
    let kept = tx.credentials(actor.account).await?.ok_or(Fault::not_found("account"))?;
    let account = tx.account(actor.account).await?.ok_or(Fault::not_found("account"))?;
    let settings = tx.settings().await?;
    let earlier = tx.chosen_passwords(actor.account, settings.policies.history).await?;
    let before = own_hash(&mut tx, &kept, operations.now()).await?;
    // Nothing is locked while passwords are hashed; what was given to prove it is used up.
    tx.commit_bookkeeping().await?;

    let context = Context {
        name: &account.name,
        email: &account.email,
        organization: &settings.organization,
    };
    if let Err(weakness) = password::check(new.reveal(), settings.strength, &context) {
        return Err(Fault::invalid(Field::Password.key(), weakness.to_string()).into());
    }
    // One by one, so that nobody waits for all of them.
    let share = Share::of(caller);
    for hash in before.iter().cloned().chain(earlier) {
        if operations.hashing.verify(&share, new.clone(), Some(hash)).await? != Verdict::Wrong {
            let message = "Choose one that you didn’t have before.";
            return Err(Fault::invalid(Field::Password.key(), message).into());
        }
    }
    let hash = operations.hashing.hash(&share, new.clone()).await?;

    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (_, permit) = tx.own_account_for(caller, &Act::OwnPassword).await?;
    let present = tx.credentials(actor.account).await?.ok_or(Denied::NotSignedIn)?;
    let facts = tx.session_facts(actor.account, actor.session).await?;
    let facts = facts.ok_or(Denied::NotSignedIn)?;
    if own_hash(&mut tx, &present, now).await? != before {
        return Err(changed_meanwhile().into());
    }
    let (own, keep) = (PasswordState::Own, Some(actor.session));
    tx.set_password(&permit, actor.account, own, Some(&hash), now, keep).await?;
    let renewed = renew(&mut tx, &permit, actor, facts.created_at, now).await?;
    let entry = Entry {
        action: Action::PasswordChanged,
        subject: subject::account(actor.account, &actor.name),
        before: json!({ "password": kept.password }),
        after: json!({ "password": own }),
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(renewed)
}

/// Gives the session a new token: a cookie that was stolen before the change is worth nothing.
pub(crate) async fn renew(
    tx: &mut Transaction,
    permit: &Permit,
    actor: &Actor,
    began: Timestamp,
    now: Timestamp,
) -> Result<Renewed> {
    let token = entropy::token()?;
    tx.renew_session(permit, actor.account, actor.session, &entropy::digest(&token)).await?;
    let absolute = tx.settings().await?.policies.sessions.absolute_seconds();
    Ok(Renewed { token, seconds: (absolute - now.seconds_since(began)).max(0) })
}

/// Changes the own email, by which administrators sign in; a technician's is their administrators' to
/// change. The other sessions end.
pub async fn change_email(
    operations: &Operations,
    caller: &Caller,
    again: &Again,
    typed: &str,
) -> Result<()> {
    permit(caller, &Act::OwnEmail)?;
    let actor = person(caller)?;
    let (mut tx, permit) = proven_again(operations, caller, Change::Email, again).await?;
    let account = tx.account(actor.account).await?.ok_or(Fault::not_found("account"))?;
    let settings = tx.settings().await?;
    let draft = Draft {
        name: account.name,
        nickname: account.nickname,
        email: typed.to_owned(),
        password: None,
        sso_id: account.sso_id.unwrap_or_default(),
        description: account.description,
        enabled: account.enabled,
        standard_license: account.standard_license,
        mobile_license: account.mobile_license,
    };
    let person = checked(&draft, settings.strength, &settings.organization)?;
    if account.email == person.email.as_typed {
        return Err(Fault::invalid(Field::Email.key(), "This is your email already.").into());
    }
    tx.set_email(&permit, actor.account, &person, Some(actor.session))
        .await?
        .map_err(|conflict| conflicting(conflict, &person))?;
    let entry = Entry {
        action: Action::TechnicianEdited,
        subject: subject::account(actor.account, &actor.name),
        before: json!({ "email": account.email }),
        after: json!({ "email": person.email.as_typed }),
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

fn changed_meanwhile() -> Fault {
    Fault::conflict("Your account was changed meanwhile. Load the page again.")
}

pub(crate) fn person(caller: &Caller) -> Result<&Actor> {
    caller.person().ok_or_else(|| Denied::NotSignedIn.into())
}
