//! The second step of a sign-in. Until its code is right there is no session: who waits is nobody.

use roster::account::PasswordState;
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::secret::Secret;
use roster::two_step::WAIT_SECONDS;

use super::proven;
use crate::sign_in::{Begun, SignedIn, begin};
use crate::{Operations, Result, entropy, permit};

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
    let token_hash = entropy::digest(token);
    let mut tx = operations.store.write().await?;
    let waiting = tx.waiting_sign_in(&token_hash).await?;
    let waiting = waiting
        .filter(|waiting| now.seconds_since(waiting.created_at) < WAIT_SECONDS)
        .ok_or_else(too_late)?;
    let found = tx.credentials(waiting.account).await?.filter(|it| it.enabled);
    let found = found.ok_or_else(too_late)?;
    let policies = tx.settings().await?.policies;
    let mut tx = proven(operations, caller, tx, waiting.account, typed).await?;
    tx.end_waiting(&token_hash, now.plus_seconds(-WAIT_SECONDS)).await?;
    let begun = Begun {
        // A password that was changed meanwhile isn't too old.
        password_expired: waiting.password_expired && found.password == PasswordState::Own,
        two_step_due: false,
    };
    begin(operations, tx, caller, &permit, &found, &policies, begun).await
}

fn too_late() -> Fault {
    Fault::refused("This took too long. Sign in again with your password.")
}
