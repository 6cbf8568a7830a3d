//! The second step of a sign-in. Until it is done there is no session: who waits is nobody.

use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::id::Timestamp;
use roster::secret::Secret;
use roster::two_step::Awaited;
use store::{Credentials, PendingKind, Transaction};

use super::proven;
use crate::pending;
use crate::session::{self, Proof, Proven, Second, SignedIn};
use crate::sign_in::{Waiting, attempt, email_key};
use crate::{Operations, Result, entropy, permit};

/// By what a sign-in that waits can go on; of one that doesn't, nothing is told.
pub async fn awaited(operations: &Operations, caller: &Caller, token: &Secret) -> Result<Awaited> {
    permit(caller, &Act::SignIn)?;
    let now = operations.now();
    let mut reader = operations.store.read().await?;
    let waiting = pending::look::<Waiting>(&mut reader, token, now).await?;
    let Some((whose, _)) = waiting else { return Ok(Awaited::default()) };
    Ok(Awaited { passkey: reader.has_passkeys(whose.account).await? })
}

/// Gives the code for a sign-in that waits: `token` is what the right password got. Failures count
/// towards the lock-out like wrong passwords.
pub async fn confirm(
    operations: &Operations,
    caller: &Caller,
    token: &Secret,
    typed: &str,
) -> Result<SignedIn> {
    permit(caller, &Act::SignIn)?;
    let mut tx = operations.store.write().await?;
    let (waiting, found) = waiting(&mut tx, token, operations.now()).await?;
    let account = tx.account(found.id).await?.ok_or_else(too_late)?;
    let key = email_key(&account.email);
    let attempt = attempt(operations, &mut tx, caller, &key, Some(&found)).await?;
    let (tx, second) = proven(operations, caller, tx, (attempt, found.id), typed).await?;
    end_waiting(operations, tx, caller, (token, waiting, found), second).await
}

/// The sign-in that waits under this token, and whose it is; their credentials are locked.
pub(crate) async fn waiting(
    tx: &mut Transaction,
    token: &Secret,
    now: Timestamp,
) -> Result<(Waiting, Credentials)> {
    let found = pending::look::<Waiting>(tx, token, now).await?;
    let (whose, waiting) = found.ok_or_else(too_late)?;
    let found = tx.lock_credentials(whose.account).await?.filter(|found| found.enabled);
    Ok((waiting, found.ok_or_else(too_late)?))
}

/// The second step is done: the session begins, and the transaction ends.
pub(crate) async fn end_waiting(
    operations: &Operations,
    mut tx: Transaction,
    caller: &Caller,
    (token, waiting, found): (&Secret, Waiting, Credentials),
    second: Second,
) -> Result<SignedIn> {
    let now = operations.now();
    // Who came first has it; and it may have ended before the account was locked.
    let waited = tx.take_pending(PendingKind::SignIn, &entropy::digest(token), now).await?;
    waited.ok_or_else(too_late)?;
    let method = Proven::Password(waiting.password);
    session::begin(tx, caller, Proof { account: found.id, method, second: Some(second), at: now })
        .await
}

fn too_late() -> Fault {
    Fault::refused("This took too long. Sign in again with your password.")
}
