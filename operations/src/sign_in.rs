//! Signing in by a password. The same answer, in the same time, whether the account exists or not;
//! failures are counted by `attempts`.

use roster::authority::{Act, Caller};
use roster::email::Email;
use roster::fault::Fault;
use roster::password::MAX_CHARS;
use roster::policy::Policies;
use roster::secret::Secret;
use roster::two_step::WAIT_SECONDS;
use serde::{Deserialize, Serialize};
use store::{Credentials, PendingKind, Reader};

use crate::attempts::{Attempt, Counted};
use crate::hashing::{Share, Verdict};
use crate::pending::{self, Awaits, Whose};
use crate::session::{self, Fingerprint, Proof, Proven as ProvenBy, refused};
use crate::{Error, Operations, Result, devices, permit, two_step};

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
    permit(caller, &Act::SignIn)?;
    let proven = prove(operations, caller, email, password).await?;
    go_on(operations, caller, proven).await
}

/// Whose password is right.
pub(crate) struct Proven {
    pub found: Credentials,
    pub password: Fingerprint,
    pub policies: Policies,
    /// Counted as a failure, which it was not.
    pub counted: Counted,
}

/// Compares a password. The same answer, in the same time, whatever is wrong; a failure is counted
/// and audited.
pub(crate) async fn prove(
    operations: &Operations,
    caller: &Caller,
    email: &str,
    password: &Secret,
) -> Result<Proven> {
    let email_key = email_key(email);
    let mut reader = operations.store.read().await?;
    let lock_out = reader.settings().await?.policies.lock_out;
    let found = reader.credentials_by_email(&email_key).await?;
    let attempt = attempt(operations, &mut reader, caller, &email_key, found.as_ref()).await?;
    attempt.check(&mut reader, lock_out, operations.now()).await?;
    drop(reader);
    let share = Share::sign_in(&caller.origin, &email_key, attempt.is_from_known_device());
    let place = operations.hashing.place(&share).await?;
    // Not before: the wait for a place must not make the failure an old one.
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let settings = tx.settings().await?;
    let found = tx.credentials_by_email(&email_key).await?;
    let attempt = self::attempt(operations, &mut tx, caller, &email_key, found.as_ref()).await?;
    let counted = attempt.count(&mut tx, settings.policies.lock_out, now).await?;
    let hash = match found.as_ref().filter(|found| found.enabled) {
        Some(found) => session::present_hash(&mut tx, found, now).await?,
        None => None,
    };
    tx.commit_bookkeeping().await?;

    let password_in_bounds = password.reveal().chars().count() <= MAX_CHARS;
    let hash = hash.filter(|_| password_in_bounds);
    let verdict = place.verify(password.clone(), hash.clone()).await?;
    match (found, hash) {
        (Some(found), Some(mut hash)) if verdict != Verdict::Wrong => {
            if verdict == Verdict::RightButOld {
                let rehashed = rehash(operations, caller, &found, (&share, password)).await?;
                hash = rehashed.unwrap_or(hash);
            }
            let password = Fingerprint::of(&hash);
            Ok(Proven { found, password, policies: settings.policies, counted })
        }
        (found, _) => {
            let tx = operations.store.write().await?;
            tx.commit(caller, operations.now(), &counted.wrong(found.as_ref())).await?;
            Err(refused().into())
        }
    }
}

/// How a guess at this account's password, and at the code after it, is counted.
pub(crate) async fn attempt(
    operations: &Operations,
    reader: &mut Reader,
    caller: &Caller,
    email_key: &str,
    found: Option<&Credentials>,
) -> Result<Attempt> {
    let account = found.map(|found| found.id);
    let device = devices::known(reader, caller, account, operations.now()).await?;
    Ok(Attempt::sign_in(email_key, account, device.as_deref(), &caller.origin))
}

/// The password is right: a session, or another step before it.
async fn go_on(operations: &Operations, caller: &Caller, proven: Proven) -> Result<SignedIn> {
    let Proven { found, password, counted, .. } = proven;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    // Locked before the failures are: the order of locks.
    let locked = tx.lock_credentials(found.id).await?.ok_or_else(refused)?;
    if !two_step::has_second_factor(&mut tx, found.id).await? {
        counted.right(&mut tx).await?;
        let method = ProvenBy::Password(password);
        let proof = Proof { account: found.id, method, second: None, at: now };
        return session::begin(tx, caller, proof).await;
    }
    let current = session::current(&mut tx, &locked, now).await?;
    if !locked.enabled || current.as_ref() != Some(&password) {
        return Err(refused().into());
    }
    counted.take_back(&mut tx).await?;
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
        device: None,
    })
}

/// The hash that is kept from now on, if it is another.
async fn rehash(
    operations: &Operations,
    caller: &Caller,
    found: &Credentials,
    (share, password): (&Share, &Secret),
) -> Result<Option<String>> {
    let Some(old) = &found.hash else { return Ok(None) };
    let hash = match operations.hashing.hash(share, password.clone()).await {
        // Too many wait: at the next sign-in, then.
        Err(Error::Fault(Fault::Busy { .. })) => return Ok(None),
        hash => hash?,
    };
    let mut tx = operations.store.write().await?;
    let Some((_, permit)) = tx.sign_in_for(caller, found.id).await? else { return Ok(None) };
    let done = tx.rehash_password(&permit, found.id, old, &hash).await?;
    tx.commit_bookkeeping().await?;
    Ok(done.then_some(hash))
}

/// In which form emails are compared, also of what is none.
pub(crate) fn email_key(email: &str) -> String {
    Email::parse(email).map_or_else(|_| String::new(), |email| email.key)
}
