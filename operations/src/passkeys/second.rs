//! A passkey in place of a code, after the right password.

use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::id::AccountId;
use roster::passkey::Question;
use roster::secret::Secret;
use roster::sign_in::Counter;
use store::Transaction;

use super::counter_of;
use super::question::{self, Answer, Asking};
use crate::pending::{self, Whose};
use crate::session::{Second, SignedIn};
use crate::sign_in::failed;
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

/// Begins the session of a sign-in that waits. Wrong answers count towards the lock-out like wrong
/// codes.
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
    let counter = counted(operations, &mut tx, found.id).await?;
    let state = pending::take::<Asking>(&mut tx, token, Whose::account(found.id), now).await?;
    // Answered, whatever comes of it.
    tx.commit_bookkeeping().await?;
    let Asking(state) = state.ok_or_else(question::too_late)?;

    let mut tx = operations.store.write().await?;
    let (waiting, found) = waiting(&mut tx, waiting_token, now).await?;
    let looked = question::look_at(operations, &mut tx, state, answer, Some(found.id)).await?;
    let Answer::Right { passkey, credential } = looked else {
        count_wrong(operations, tx, caller, found.id, &counter).await?;
        return Err(not_yours().into());
    };
    tx.clear_failures(&counter).await?;
    tx.use_passkey(passkey.id, &credential, now).await?;
    let asked = (waiting_token, waiting, found);
    end_waiting(operations, tx, caller, asked, Second::Passkey(passkey.name)).await
}

/// What the failures of an account are counted under; while they are too many, nothing is looked at.
pub(super) async fn counted(
    operations: &Operations,
    tx: &mut Transaction,
    account: AccountId,
) -> Result<String> {
    let lock_out = tx.settings().await?.policies.lock_out;
    let counter = counter_of(tx, account).await?.ok_or_else(|| Fault::not_found("account"))?;
    let failures = tx.failures(&counter).await?;
    let seconds = failures.wait_seconds(Counter::Account, lock_out, operations.now());
    if seconds > 0 { Err(Fault::Wait { seconds }.into()) } else { Ok(counter) }
}

/// A wrong answer is counted, and ends the transaction.
pub(super) async fn count_wrong(
    operations: &Operations,
    mut tx: Transaction,
    caller: &Caller,
    account: AccountId,
    counter: &str,
) -> Result<()> {
    let now = operations.now();
    let lock_out = tx.settings().await?.policies.lock_out;
    let found = tx.lock_credentials(account).await?;
    let failures = tx.lock_failures(counter).await?;
    tx.count_failure(counter, failures.and_one_more(lock_out, now)).await?;
    tx.commit(caller, now, &[failed(found.as_ref())]).await?;
    Ok(())
}

pub(super) fn not_yours() -> Fault {
    Fault::refused("This is no passkey of your account. Try again, or type a code.")
}
