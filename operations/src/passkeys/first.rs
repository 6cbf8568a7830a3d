//! Signing in with a passkey alone: it stands for both steps, since its device asks for a finger, a
//! face or a PIN. The same answer whether there is such an account or not.

use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::passkey::Question;
use roster::secret::Secret;
use roster::sign_in::Counter;

use super::question::{self, Answer, Asking};
use crate::pending::{self, Whose};
use crate::session::{self, Proof, Proven, SignedIn};
use crate::sign_in::{address_counter, failed};
use crate::{Operations, Result, permit};

/// What the browser is asked; nobody is named. [`sign_in`] takes its answer.
pub async fn ask(operations: &Operations, caller: &Caller) -> Result<Question> {
    permit(caller, &Act::SignIn)?;
    let webauthn = operations.passkeys.webauthn()?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let failures = tx.failures(&address_counter(caller)).await?;
    let seconds = failures.wait_seconds(Counter::Address, lock_out, now);
    if seconds > 0 {
        return Err(Fault::Wait { seconds }.into());
    }
    let (mut options, state) =
        webauthn.start_discoverable_authentication().map_err(|why| question::failed(&why))?;
    // A button asks, not a field that browsers fill in.
    options.mediation = None;
    let token = pending::keep(&mut tx, Whose::ANYBODY, &Asking(state), now).await?;
    tx.commit_bookkeeping().await?;
    Ok(Question { token, options: question::written(&options)?.to_string() })
}

/// Begins a session for whose passkey answered.
pub async fn sign_in(
    operations: &Operations,
    caller: &Caller,
    token: &Secret,
    answer: &str,
) -> Result<SignedIn> {
    permit(caller, &Act::SignIn)?;
    let now = operations.now();
    let address = address_counter(caller);
    let mut tx = operations.store.write().await?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let failures = tx.failures(&address).await?;
    let seconds = failures.wait_seconds(Counter::Address, lock_out, now);
    if seconds > 0 {
        return Err(Fault::Wait { seconds }.into());
    }
    let state = pending::take::<Asking>(&mut tx, token, Whose::ANYBODY, now).await?;
    // Answered, whatever comes of it.
    tx.commit_bookkeeping().await?;
    let Asking(state) = state.ok_or_else(question::too_late)?;

    let mut tx = operations.store.write().await?;
    let answer = question::look_at(operations, &mut tx, state, answer, None).await?;
    let account = match &answer {
        Answer::Right { passkey, .. } => Some(passkey.account),
        Answer::Wrong(account) => *account,
    };
    let found = match account {
        Some(account) => tx.lock_credentials(account).await?,
        None => None,
    };
    let counter = match account {
        Some(account) => super::counter_of(&mut tx, account).await?,
        None => None,
    };
    let (passkey, credential, found) = match (answer, found) {
        (Answer::Right { passkey, credential }, Some(found)) if found.enabled => {
            (passkey, credential, found)
        }
        (_, found) => {
            for counter in counter.into_iter().chain([address]) {
                let failures = tx.lock_failures(&counter).await?;
                tx.count_failure(&counter, failures.and_one_more(lock_out, now)).await?;
            }
            tx.commit(caller, now, &[failed(found.as_ref())]).await?;
            return Err(not_known().into());
        }
    };
    if let Some(counter) = &counter {
        let failures = tx.failures(counter).await?;
        let seconds = failures.wait_seconds(Counter::Account, lock_out, now);
        if seconds > 0 {
            return Err(Fault::Wait { seconds }.into());
        }
        tx.clear_failures(counter).await?;
    }
    tx.use_passkey(passkey.id, &credential, now).await?;
    let method = Proven::Passkey(passkey.name);
    session::begin(tx, caller, Proof { account: found.id, method, second: None, at: now }).await
}

fn not_known() -> Fault {
    Fault::refused(
        "This passkey is not known here, or its account is disabled. Sign in with email and \
         password, or ask an administrator.",
    )
}
