//! Signing in and out. The same answer, in the same time, whether the account exists or not;
//! failures are counted per account and per address, in the database.

use roster::account::{PasswordState, Role};
use roster::audit::{Action, Entry, Subject};
use roster::authority::{Act, Actor, Caller, Origin, Permit, Who};
use roster::email::Email;
use roster::fault::Fault;
use roster::id::Timestamp;
use roster::password::MAX_CHARS;
use roster::policy::Policies;
use roster::secret::Secret;
use roster::session::TOUCH_SECONDS;
use roster::sign_in::{Counter, Failures, LockOut};
use roster::two_step::WAIT_SECONDS;
use serde_json::{Value, json};
use store::{Credentials, NewSession, Transaction, WaitingSignIn};

use crate::hashing::Verdict;
use crate::{Operations, Result, entropy, permit, subject, two_step};

/// A session has begun.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// For the cookie; kept nowhere.
    pub token: Secret,
    /// The session lives so long at most.
    pub seconds: i64,
    pub must_change_password: bool,
    /// There is no session yet: the token is for [`confirm`](crate::two_step::confirm).
    pub waits_for_code: bool,
    pub two_step_due: bool,
}

/// Begins a session, or asks for a code first.
pub async fn sign_in(
    operations: &Operations,
    caller: &Caller,
    email: &str,
    password: &Secret,
) -> Result<SignedIn> {
    let permit = permit(caller, &Act::SignIn)?;
    let proven = prove(operations, caller, &permit, email, password).await?;
    go_on(operations, caller, &permit, &proven).await
}

/// Whose password is right.
pub(crate) struct Proven {
    pub found: Credentials,
    pub policies: Policies,
    /// What their failures are counted under, and those before this try.
    pub counter: String,
    pub failures: Failures,
    /// As it was typed.
    email: String,
}

/// Compares a password. The same answer, in the same time, whatever is wrong; a failure is counted
/// and audited.
pub(crate) async fn prove(
    operations: &Operations,
    caller: &Caller,
    permit: &Permit,
    email: &str,
    password: &Secret,
) -> Result<Proven> {
    let counters = Counters::new(email, caller);
    let place = operations.hashing.place().await?;
    // Not before: the wait for a place must not make the failure an old one.
    let now = operations.now();
    // Counted as a failure before it is looked at: many guesses at once can't pass together.
    let mut tx = operations.store.write().await?;
    let settings = tx.settings().await?;
    let lock_out = settings.policies.lock_out;
    let failures = tx.lock_failures(&counters.account).await?;
    let seconds = failures
        .wait_seconds(Counter::Account, lock_out, now)
        .max(tx.failures(&counters.address).await?.wait_seconds(Counter::Address, lock_out, now));
    if seconds > 0 {
        return Err(Fault::Wait { seconds }.into());
    }
    tx.count_failure(&counters.account, failures.and_one_more(lock_out, now)).await?;
    let found = tx.credentials_by_email(&counters.email_key).await?;
    let default_hash = tx.default_password_hash().await?;
    tx.commit_bookkeeping().await?;

    let hash = found.as_ref().filter(|found| found.enabled && found.opens(now)).and_then(|found| {
        match found.password {
            PasswordState::Own | PasswordState::Temporary | PasswordState::Starting => {
                found.hash.clone()
            }
            PasswordState::Default => default_hash,
        }
    });
    let password_in_bounds = password.reveal().chars().count() <= MAX_CHARS;
    let hash = hash.filter(|_| password_in_bounds);
    let verdict = place.verify(password.clone(), hash).await?;
    match found {
        Some(found) if verdict != Verdict::Wrong => {
            if verdict == Verdict::RightButOld {
                rehash(operations, permit, &found, password).await?;
            }
            Ok(Proven {
                found,
                policies: settings.policies,
                counter: counters.account,
                failures,
                email: email.to_owned(),
            })
        }
        found => Err(refuse(operations, caller, found, &counters, lock_out).await?.into()),
    }
}

/// What a session begins with.
pub(crate) struct Begun {
    pub password_expired: bool,
    /// The person must set up two-step verification before anything else.
    pub two_step_due: bool,
    /// The passkey that was used, by its name.
    pub passkey: Option<String>,
}

/// The password is right: a session, or another step before it.
async fn go_on(
    operations: &Operations,
    caller: &Caller,
    permit: &Permit,
    proven: &Proven,
) -> Result<SignedIn> {
    let Proven { found, policies, counter, .. } = proven;
    let now = operations.now();
    let password_expired = password_expired(found, policies, now);
    let mut tx = operations.store.write().await?;
    if !tx.password_used(permit, found, !policies.change_after_reset).await? {
        drop(tx);
        let counters = Counters::new(&proven.email, caller);
        let lock_out = policies.lock_out;
        let found = Some(found.clone());
        return Err(refuse(operations, caller, found, &counters, lock_out).await?.into());
    }
    let has_app = tx.two_step(found.id).await?.is_some_and(|it| it.since.is_some());
    if has_app || tx.has_passkeys(found.id).await? {
        // Its failures are not forgotten before the code is right, too.
        let token = entropy::token()?;
        let waiting = WaitingSignIn { account: found.id, created_at: now, password_expired };
        tx.wait_for_code(permit, &entropy::digest(&token), waiting).await?;
        tx.commit_bookkeeping().await?;
        return Ok(SignedIn {
            token,
            seconds: WAIT_SECONDS,
            must_change_password: false,
            waits_for_code: true,
            two_step_due: false,
        });
    }
    tx.clear_failures(counter).await?;
    let two_step_due = two_step::is_required(&mut tx, found.id).await?;
    let begun = Begun { password_expired, two_step_due, passkey: None };
    begin(operations, tx, caller, permit, found, policies, begun).await
}

/// The own password is too old.
pub(crate) fn password_expired(found: &Credentials, policies: &Policies, now: Timestamp) -> bool {
    found.password == PasswordState::Own && policies.is_expired(found.chosen_at, now)
}

/// Begins the session, and ends the transaction.
pub(crate) async fn begin(
    operations: &Operations,
    mut tx: Transaction,
    caller: &Caller,
    permit: &Permit,
    found: &Credentials,
    policies: &Policies,
    begun: Begun,
) -> Result<SignedIn> {
    let now = operations.now();
    let Begun { password_expired, two_step_due, passkey } = begun;
    let must_change_password = password_expired || policies.must_change(found.password);
    let token = entropy::token()?;
    let session = NewSession {
        token_hash: entropy::digest(&token),
        account: found.id,
        created_at: now,
        address: caller.origin.address.clone(),
        agent: caller.origin.agent.clone(),
        password_expired,
        two_step_due,
    };
    let session = tx.create_session(permit, &session).await?;
    tx.signed_in(permit, found.id, now).await?;
    // Whoever saw it in another session may not be this person.
    tx.forget_offer(permit, found.id).await?;
    let entry = Entry {
        action: Action::SignIn,
        subject: subject::account(found.id, &found.name),
        before: Value::Null,
        after: passkey.map_or(Value::Null, |name| json!({ "passkey": name })),
    };
    // Written down as the person's own doing, not as an unknown's.
    let who = Who::Person(Actor {
        account: found.id,
        name: found.name.clone(),
        role: found.role,
        areas: Vec::new(),
        session,
        must_change_password,
        two_step_due,
    });
    let person = Caller { who, origin: caller.origin.clone() };
    tx.commit(&person, now, &[entry]).await?;
    let seconds = policies.sessions.absolute_seconds();
    Ok(SignedIn { token, seconds, must_change_password, waits_for_code: false, two_step_due })
}

/// That a sign-in failed. What was typed is not written down: it may be a password in the wrong
/// field.
pub(crate) fn failed(found: Option<&Credentials>) -> Entry {
    let unknown = || Subject { kind: "account", id: String::new(), name: "unknown".to_owned() };
    Entry {
        action: Action::SignInFailed,
        subject: found.map_or_else(unknown, |found| subject::account(found.id, &found.name)),
        before: Value::Null,
        after: Value::Null,
    }
}

async fn refuse(
    operations: &Operations,
    caller: &Caller,
    found: Option<Credentials>,
    counters: &Counters,
    lock_out: LockOut,
) -> Result<Fault> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let failures = tx.lock_failures(&counters.address).await?;
    tx.count_failure(&counters.address, failures.and_one_more(lock_out, now)).await?;
    let entry = failed(found.as_ref());
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
    let Some(old) = &found.hash else { return Ok(()) };
    let hash = operations.hashing.hash(password.clone()).await?;
    let mut tx = operations.store.write().await?;
    tx.rehash_password(permit, found.id, old, &hash).await?;
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
    if !live.enabled || !live.policies.sessions.allow(live.created_at, live.last_seen_at, now) {
        return Ok(None);
    }
    let areas = match live.role {
        Role::Administrator => reader.areas(live.account).await?,
        Role::Technician | Role::Master | Role::Holder => Vec::new(),
    };
    drop(reader);
    if now.seconds_since(live.last_seen_at) >= TOUCH_SECONDS {
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
        must_change_password: live.password_expired || live.policies.must_change(live.password),
        two_step_due: live.two_step_due,
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
        let email_key = email_key(email);
        Self { account: account_counter(email), address: address_counter(caller), email_key }
    }
}

fn email_key(email: &str) -> String {
    Email::parse(email).map_or_else(|_| String::new(), |email| email.key)
}

/// What the failures of a network address are counted under.
pub(crate) fn address_counter(caller: &Caller) -> String {
    format!("address:{}", caller.origin.address)
}

/// What the failures of the account with this email are counted under.
pub(crate) fn account_counter(email: &str) -> String {
    format!("account:{}", email_key(email))
}
