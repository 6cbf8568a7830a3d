//! Signing in with a passkey alone: it stands for both steps, since its device asks for a finger, a
//! face or a PIN. The same answer whether there is such an account or not.

use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::passkey::Question;
use roster::secret::Secret;

use super::question::{self, Answer, Asking};
use crate::attempts::Attempt;
use crate::pending::sealed;
use crate::session::{self, Proof, Proven, SignedIn};
use crate::{Operations, Result, permit};

/// What the browser is asked; nobody is named, and nothing is kept. [`sign_in`] takes its answer.
pub async fn ask(operations: &Operations, caller: &Caller) -> Result<Question> {
    permit(caller, &Act::SignIn)?;
    let webauthn = operations.passkeys.webauthn()?;
    let now = operations.now();
    let mut reader = operations.store.read().await?;
    let lock_out = reader.settings().await?.policies.lock_out;
    Attempt::passkey(None, &caller.origin).check(&mut reader, lock_out, now).await?;
    let (mut options, state) =
        webauthn.start_discoverable_authentication().map_err(|why| question::failed(&why))?;
    // A button asks, not a field that browsers fill in.
    options.mediation = None;
    let token = sealed::seal(&mut reader, &operations.keys, &Asking(state), now).await?;
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
    let mut reader = operations.store.read().await?;
    let opened = sealed::open::<Asking>(&mut reader, &operations.keys, token, now).await?;
    let opened = opened.ok_or_else(question::too_late)?;
    drop(reader);
    let mut tx = operations.store.write().await?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let account = question::whose(&mut tx, answer).await?;
    let attempt = Attempt::passkey(account, &caller.origin);
    let counted = attempt.count(&mut tx, lock_out, now).await?;
    let Asking(state) = opened.take(&mut tx).await?.ok_or_else(question::too_late)?;
    // Answered, whatever comes of it.
    tx.commit_bookkeeping().await?;

    let mut tx = operations.store.write().await?;
    let answer = question::look_at(operations, &mut tx, state, answer, None).await?;
    let found = match account {
        Some(account) => tx.lock_credentials(account).await?,
        None => None,
    };
    let (passkey, credential, found) = match (answer, found) {
        (Answer::Right { passkey, credential }, Some(found)) if found.enabled => {
            (passkey, credential, found)
        }
        (_, found) => {
            tx.commit(caller, now, &counted.wrong(found.as_ref())).await?;
            return Err(not_known().into());
        }
    };
    counted.right(&mut tx).await?;
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
