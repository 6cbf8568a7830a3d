//! Signing in and out. The same answer, in the same time, whether the account exists or not;
//! failures are counted per account and per address, in the database.

use roster::account::{PasswordState, Role};
use roster::audit::{Action, Entry, Subject};
use roster::authority::{Act, Actor, Caller, Origin, Permit, Who};
use roster::email::Email;
use roster::fault::Fault;
use roster::password::MAX_CHARS;
use roster::secret::Secret;
use roster::session;
use roster::sign_in::{Counter, Failures};
use serde_json::Value;
use store::{Credentials, NewSession};

use crate::hashing::Verdict;
use crate::{Operations, Result, entropy, permit, subject};

/// A session has begun.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// For the cookie; kept nowhere.
    pub token: Secret,
    pub must_change_password: bool,
}

/// Begins a session.
pub async fn sign_in(
    operations: &Operations,
    caller: &Caller,
    email: &str,
    password: &Secret,
) -> Result<SignedIn> {
    let permit = permit(caller, &Act::SignIn)?;
    let counters = Counters::new(email, caller);
    let now = operations.now();
    let mut reader = operations.store.read().await?;
    let failures = counters.read(&mut reader).await?;
    let seconds = failures
        .iter()
        .map(|(counter, failures)| failures.wait_seconds(*counter, now))
        .max()
        .unwrap_or(0);
    if seconds > 0 {
        return Err(Fault::Wait { seconds }.into());
    }
    let found = reader.credentials_by_email(&counters.email_key).await?;
    let settings = reader.settings().await?;
    let default_hash = reader.default_password_hash().await?;
    drop(reader);

    let hash =
        found.as_ref().filter(|found| found.enabled).and_then(|found| match found.password {
            PasswordState::Own | PasswordState::Temporary => found.hash.clone(),
            PasswordState::Default => default_hash.filter(|_| settings.default_password_works(now)),
        });
    let password_in_bounds = password.reveal().chars().count() <= MAX_CHARS;
    let hash = hash.filter(|_| password_in_bounds);
    let verdict = operations.hashing.verify(password.clone(), hash).await?;
    match found {
        Some(found) if verdict != Verdict::Wrong => {
            if verdict == Verdict::RightButOld && found.password == PasswordState::Own {
                rehash(operations, &permit, &found, password).await?;
            }
            begin(operations, caller, &permit, &found, &counters).await
        }
        found => Err(refuse(operations, caller, found, &counters).await?.into()),
    }
}

async fn begin(
    operations: &Operations,
    caller: &Caller,
    permit: &Permit,
    found: &Credentials,
    counters: &Counters,
) -> Result<SignedIn> {
    let now = operations.now();
    let token = entropy::token()?;
    let session = NewSession {
        token_hash: entropy::digest(&token),
        account: found.id,
        created_at: now,
        address: caller.origin.address.clone(),
        agent: caller.origin.agent.clone(),
    };
    let mut tx = operations.store.write().await?;
    let session = tx.create_session(permit, &session).await?;
    tx.signed_in(permit, found.id, now).await?;
    tx.clear_failures(&counters.account).await?;
    let entry = Entry {
        action: Action::SignIn,
        subject: subject::account(found.id, &found.name),
        before: Value::Null,
        after: Value::Null,
    };
    // Written down as the person's own doing, not as an unknown's.
    let who = Who::Person(Actor {
        account: found.id,
        name: found.name.clone(),
        role: found.role,
        areas: Vec::new(),
        session,
        must_change_password: found.password.must_change(),
    });
    let person = Caller { who, origin: caller.origin.clone() };
    tx.commit(&person, now, &[entry]).await?;
    Ok(SignedIn { token, must_change_password: found.password.must_change() })
}

async fn refuse(
    operations: &Operations,
    caller: &Caller,
    found: Option<Credentials>,
    counters: &Counters,
) -> Result<Fault> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    for (counter, failures) in counters.read(&mut tx).await? {
        tx.count_failure(counters.key(counter), failures.and_one_more(now)).await?;
    }
    // What was typed is not written down: it may be a password in the wrong field.
    let unknown = Subject { kind: "account", id: String::new(), name: "unknown".to_owned() };
    let entry = Entry {
        action: Action::SignInFailed,
        subject: found.map_or(unknown, |found| subject::account(found.id, &found.name)),
        before: Value::Null,
        after: Value::Null,
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(Fault::refused(
        "Email or password is wrong, or the account is disabled. Check both and try again, or ask \
         an administrator.",
    ))
}

async fn rehash(
    operations: &Operations,
    permit: &Permit,
    found: &Credentials,
    password: &Secret,
) -> Result<()> {
    let hash = operations.hashing.hash(password.clone()).await?;
    let mut tx = operations.store.write().await?;
    tx.set_password(permit, found.id, found.password, Some(&hash), operations.now()).await?;
    tx.commit_bookkeeping().await?;
    Ok(())
}

/// The caller whose session this token is; `None` where it is no living session of an enabled
/// account.
pub async fn authenticate(
    operations: &Operations,
    token: &Secret,
    origin: Origin,
) -> Result<Option<Caller>> {
    let now = operations.now();
    let mut reader = operations.store.read().await?;
    let Some(live) = reader.session(&entropy::digest(token)).await? else { return Ok(None) };
    if !live.enabled || !session::is_alive(live.created_at, live.last_seen_at, now) {
        return Ok(None);
    }
    let areas = match live.role {
        Role::Administrator => reader.areas(live.account).await?,
        Role::Technician | Role::Master | Role::Holder => Vec::new(),
    };
    drop(reader);
    if now.seconds_since(live.last_seen_at) >= session::TOUCH_SECONDS {
        let mut tx = operations.store.write().await?;
        tx.touch_session(live.id, now).await?;
        tx.commit_bookkeeping().await?;
    }
    let actor = Actor {
        account: live.account,
        name: live.name,
        role: live.role,
        areas,
        session: live.id,
        must_change_password: live.password.must_change(),
    };
    Ok(Some(Caller { who: Who::Person(actor), origin }))
}

/// Ends the session that asks.
pub async fn sign_out(operations: &Operations, caller: &Caller) -> Result<()> {
    let Some(actor) = caller.person() else { return Ok(()) };
    let permit = permit(caller, &Act::SignIn)?;
    let mut tx = operations.store.write().await?;
    tx.end_session(&permit, actor.account, actor.session).await?;
    let entry = Entry {
        action: Action::SignOut,
        subject: subject::account(actor.account, &actor.name),
        before: Value::Null,
        after: Value::Null,
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

/// Whose failures count for a try.
struct Counters {
    email_key: String,
    account: String,
    address: String,
}

impl Counters {
    fn new(email: &str, caller: &Caller) -> Self {
        let email_key = Email::parse(email).map_or_else(|_| String::new(), |email| email.key);
        Self {
            account: format!("account:{email_key}"),
            address: format!("address:{}", caller.origin.address),
            email_key,
        }
    }

    fn key(&self, counter: Counter) -> &str {
        match counter {
            Counter::Account => &self.account,
            Counter::Address => &self.address,
        }
    }

    async fn read(&self, reader: &mut store::Reader) -> Result<[(Counter, Failures); 2]> {
        Ok([
            (Counter::Account, reader.failures(&self.account).await?),
            (Counter::Address, reader.failures(&self.address).await?),
        ])
    }
}
