//! A passkey in place of a code, after the right password.

use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::passkey::Question;
use roster::secret::Secret;
use webauthn_rs::prelude::DiscoverableAuthentication;

use super::question::{self, Answer};
use super::read;
use crate::attempts::Attempt;
use crate::sign_in::SignedIn;
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
    let webauthn = operations.passkeys.webauthn()?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (waiting, _) = waiting(&mut tx, waiting_token, now).await?;
    let kept = tx.passkeys(waiting.account).await?;
    let known = kept.iter().map(read).collect::<Result<Vec<_>>>()?;
    if known.is_empty() {
        return Err(Fault::refused("There is no passkey for this account.").into());
    }
    let (mut options, state) =
        webauthn.start_discoverable_authentication().map_err(|why| question::failed(&why))?;
    options.mediation = None;
    let mut options = question::written(&options)?;
    // Only for the list of those that may answer: the question itself is the same as without a name,
    // so that the answer is compared with what is kept when it comes.
    let (named, _) =
        webauthn.start_passkey_authentication(&known).map_err(|why| question::failed(&why))?;
    options["publicKey"]["allowCredentials"] =
        question::written(&named)?["publicKey"]["allowCredentials"].take();
    let token = question::keep(&mut tx, Some(waiting.account), &state, now).await?;
    tx.commit_bookkeeping().await?;
    Ok(Question { token, options: options.to_string() })
}

/// Begins the session of a sign-in that waits. Wrong answers count as those of a passkey alone do.
pub async fn confirm(
    operations: &Operations,
    caller: &Caller,
    waiting_token: &Secret,
    token: &Secret,
    answer: &str,
) -> Result<SignedIn> {
    let permit = permit(caller, &Act::SignIn)?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (asked, found) = waiting(&mut tx, waiting_token, now).await?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let state: DiscoverableAuthentication =
        question::taken(&mut tx, token, Some(asked.account), now).await?;
    let attempt = Attempt::passkey(Some(asked.account), &caller.origin);
    let counted = attempt.count(&mut tx, lock_out, now).await?;
    // Answered, whatever comes of it.
    tx.commit_bookkeeping().await?;

    let mut tx = operations.store.write().await?;
    let looked = question::look_at(operations, &mut tx, state, answer, Some(asked.account)).await?;
    let Answer::Right { passkey, credential } = looked else {
        tx.commit(caller, now, &counted.wrong(Some(&found))).await?;
        let why = "This is no passkey of your account. Try again, or type a code.";
        return Err(Fault::refused(why).into());
    };
    counted.right(&mut tx).await?;
    tx.use_passkey(passkey.id, &credential, now).await?;
    let asked = (waiting_token, asked, found);
    end_waiting(operations, tx, caller, &permit, asked, Some(passkey.name)).await
}
