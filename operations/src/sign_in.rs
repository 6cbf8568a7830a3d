//! Signing in by a password. The same answer, in the same time, whether the account exists or not;
//! failures are counted per account and per address, in the database.

use roster::audit::{Action, Entry, Subject};
use roster::authority::{Act, Caller, Permit};
use roster::email::Email;
use roster::fault::Fault;
use roster::password::MAX_CHARS;
use roster::policy::Policies;
use roster::secret::Secret;
use roster::sign_in::{Counter, LockOut};
use roster::two_step::WAIT_SECONDS;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Credentials, PendingKind};

use crate::hashing::Verdict;
use crate::pending::{self, Awaits, Whose};
use crate::session::{self, Fingerprint, Proof, Proven as ProvenBy, refused};
use crate::{Operations, Result, permit, subject, two_step};

pub use crate::session::SignedIn;

/// A sign-in whose password was right.
#[derive(Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub password: Fingerprint,
}

impl Awaits for Waiting {
    const KIND: PendingKind = PendingKind::SignIn;
    const VERSION: u32 = 1;
    const SECONDS: i64 = WAIT_SECONDS;
    const MOST: u32 = 10;
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
    go_on(operations, caller, proven).await
}

/// Whose password is right.
pub(crate) struct Proven {
    pub found: Credentials,
    pub password: Fingerprint,
    pub policies: Policies,
    /// What their failures are counted under.
    pub counter: String,
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
    let hash = match found.as_ref().filter(|found| found.enabled) {
        Some(found) => session::present_hash(&mut tx, found, &settings, now).await?,
        None => None,
    };
    tx.commit_bookkeeping().await?;

    let password_in_bounds = password.reveal().chars().count() <= MAX_CHARS;
    let hash = hash.filter(|_| password_in_bounds);
    let verdict = place.verify(password.clone(), hash.clone()).await?;
    match (found, hash) {
        (Some(found), Some(mut hash)) if verdict != Verdict::Wrong => {
            if verdict == Verdict::RightButOld {
                hash = rehash(operations, permit, &found, password).await?.unwrap_or(hash);
            }
            let (password, counter) = (Fingerprint::of(&hash), counters.account);
            Ok(Proven { found, password, policies: settings.policies, counter })
        }
        (found, _) => Err(refuse(operations, caller, found, &counters, lock_out).await?.into()),
    }
}

/// The password is right: a session, or another step before it.
async fn go_on(operations: &Operations, caller: &Caller, proven: Proven) -> Result<SignedIn> {
    let Proven { found, password, counter, .. } = proven;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    // Locked before the failures are: the order of locks.
    let locked = tx.lock_credentials(found.id).await?.ok_or_else(refused)?;
    if !two_step::has_second_factor(&mut tx, found.id).await? {
        tx.clear_failures(&counter).await?;
        let method = ProvenBy::Password(password);
        let proof = Proof { account: found.id, method, second: None, at: now };
        return session::begin(tx, caller, proof).await;
    }
    let settings = tx.settings().await?;
    let current = session::current(&mut tx, &locked, &settings, now).await?;
    if !locked.enabled || current.as_ref() != Some(&password) {
        return Err(refused().into());
    }
    // The password was counted as a failure before it was looked at, and was none. Those before it
    // are not forgotten before the code is right, too.
    tx.uncount_failure(&counter).await?;
    let token =
        pending::keep(&mut tx, Whose::account(found.id), &Waiting { password }, now).await?;
    match session::replace(&mut tx, caller).await? {
        Some(entry) => tx.commit(caller, now, &[entry]).await?,
        None => tx.commit_bookkeeping().await?,
    }
    Ok(SignedIn {
        token,
        seconds: WAIT_SECONDS,
        must_change_password: false,
        waits_for_code: true,
        two_step_due: false,
    })
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
    Ok(refused())
}

/// The hash that is kept from now on, if it is another.
async fn rehash(
    operations: &Operations,
    permit: &Permit,
    found: &Credentials,
    password: &Secret,
) -> Result<Option<String>> {
    let Some(old) = &found.hash else { return Ok(None) };
    let hash = operations.hashing.hash(password.clone()).await?;
    let mut tx = operations.store.write().await?;
    let done = tx.rehash_password(permit, found.id, old, &hash).await?;
    tx.commit_bookkeeping().await?;
    Ok(done.then_some(hash))
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
