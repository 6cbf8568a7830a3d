//! The second step of a sign-in. Until it is done there is no session: who waits is nobody.

use roster::account::PasswordState;
use roster::authority::{Act, Caller, Permit};
use roster::fault::Fault;
use roster::id::Timestamp;
use roster::secret::Secret;
use roster::two_step::{Awaited, WAIT_SECONDS};
use store::{Credentials, Transaction, WaitingSignIn};

use super::proven;
use crate::sign_in::{Begun, SignedIn, attempt, begin, email_key};
use crate::{Operations, Result, entropy, permit};

/// By what a sign-in that waits can go on; of one that doesn't, nothing is told.
pub async fn awaited(operations: &Operations, caller: &Caller, token: &Secret) -> Result<Awaited> {
    permit(caller, &Act::SignIn)?;
    let now = operations.now();
    let mut reader = operations.store.read().await?;
    let waiting = reader.waiting_sign_in(&entropy::digest(token)).await?;
    let waiting = waiting.filter(|it| now.seconds_since(it.created_at) < WAIT_SECONDS);
    let Some(waiting) = waiting else { return Ok(Awaited::default()) };
    Ok(Awaited { passkey: reader.has_passkeys(waiting.account).await? })
}

/// Gives the code for a sign-in that waits: `token` is what the right password got. Failures count
/// towards the lock-out like wrong passwords.
pub async fn confirm(
    operations: &Operations,
    caller: &Caller,
    token: &Secret,
    typed: &str,
) -> Result<SignedIn> {
    let permit = permit(caller, &Act::SignIn)?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (waiting, found) = waiting(&mut tx, token, now).await?;
    let account = tx.account(waiting.account).await?.ok_or(Fault::not_found("account"))?;
    let key = email_key(&account.email);
    let attempt = attempt(operations, &mut tx, caller, &key, Some(&found)).await?;
    let tx = proven(operations, caller, tx, (attempt, waiting.account), typed).await?;
    end_waiting(operations, tx, caller, &permit, (token, waiting, found), None).await
}

/// The sign-in that waits under this token, and whose it is.
pub(crate) async fn waiting(
    tx: &mut Transaction,
    token: &Secret,
    now: Timestamp,
) -> Result<(WaitingSignIn, Credentials)> {
    let waiting = tx.waiting_sign_in(&entropy::digest(token)).await?;
    let waiting = waiting
        .filter(|waiting| now.seconds_since(waiting.created_at) < WAIT_SECONDS)
        .ok_or_else(too_late)?;
    let found = tx.credentials(waiting.account).await?.filter(|it| it.enabled);
    Ok((waiting, found.ok_or_else(too_late)?))
}

/// The second step is done: the session begins, and the transaction ends.
pub(crate) async fn end_waiting(
    operations: &Operations,
    mut tx: Transaction,
    caller: &Caller,
    permit: &Permit,
    (token, waiting, found): (&Secret, WaitingSignIn, Credentials),
    passkey: Option<String>,
) -> Result<SignedIn> {
    let now = operations.now();
    let policies = tx.settings().await?.policies;
    tx.end_waiting(&entropy::digest(token), now.plus_seconds(-WAIT_SECONDS)).await?;
    let begun = Begun {
        // A password that was changed meanwhile isn't too old.
        password_expired: waiting.password_expired && found.password == PasswordState::Own,
        two_step_due: false,
        passkey,
    };
    begin(operations, tx, caller, permit, &found, &policies, begun).await
}

fn too_late() -> Fault {
    Fault::refused("This took too long. Sign in again with your password.")
}
