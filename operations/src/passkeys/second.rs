//! A passkey in place of a code, after the right password.

use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::passkey::Question;
use roster::secret::Secret;

use super::question::{self, Answer, Asking};
use crate::attempts::Attempt;
use crate::pending::{self, Whose};
use crate::session::{Second, SignedIn};
use crate::two_step::{end_waiting, waiting};
use crate::{Operations, Result, permit};

/// What the browser is asked: for a passkey of who gave the password. `waiting_token` is what it got
/// for that. [`confirm`] takes the answer.
pub async fn ask_second(
    operations: &Operations,
    caller: &Caller,
    waiting_token: &Secret,
) -> Result<Question> {
    permit(caller, &Act::SignIn)?;
    operations.passkeys.webauthn()?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (_, found) = waiting(&mut tx, waiting_token, now).await?;
    let (options, state) = question::for_account(operations, &mut tx, found.id).await?;
    let token = pending::keep(&mut tx, Whose::account(found.id), &Asking(state), now).await?;
    tx.commit_bookkeeping().await?;
    Ok(Question { token, options })
}

/// Begins the session of a sign-in that waits. Wrong answers count as those of a passkey alone do.
pub async fn confirm(
    operations: &Operations,
    caller: &Caller,
    waiting_token: &Secret,
    token: &Secret,
    answer: &str,
) -> Result<SignedIn> {
    permit(caller, &Act::SignIn)?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (_, found) = waiting(&mut tx, waiting_token, now).await?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let state = pending::take::<Asking>(&mut tx, token, Whose::account(found.id), now).await?;
    let Some(Asking(state)) = state else {
        tx.commit_bookkeeping().await?;
        return Err(question::too_late().into());
    };
    let attempt = Attempt::passkey(Some(found.id), &caller.origin);
    let counted = attempt.count(&mut tx, lock_out, now).await?;
    // Answered, whatever comes of it.
    tx.commit_bookkeeping().await?;

    let mut tx = operations.store.write().await?;
    let (waiting, found) = waiting(&mut tx, waiting_token, now).await?;
    let looked = question::look_at(operations, &mut tx, state, answer, Some(found.id)).await?;
    let Answer::Right { passkey, credential } = looked else {
        tx.commit(caller, now, &counted.wrong(Some(&found))).await?;
        return Err(not_yours().into());
    };
    counted.right(&mut tx).await?;
    tx.use_passkey(passkey.id, &credential, now).await?;
    let asked = (waiting_token, waiting, found);
    end_waiting(operations, tx, caller, asked, Second::Passkey(passkey.name)).await
}

pub(super) fn not_yours() -> Fault {
    Fault::refused("This is no passkey of your account. Try again, or type a code.")
}
