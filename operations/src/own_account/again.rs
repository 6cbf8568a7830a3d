//! What is asked again before one's own credentials change: a session that was left open must be no
//! way in for good. One rule for all of them: with a second factor it is asked for, else the
//! password. Only what a fresh sign-in demands asks for nothing.

use roster::authority::{Act, Actor, Caller};
use roster::fault::Fault;
use roster::own::{Again, Asked};
use roster::passkey::Question;
use roster::session::{FRESH_SECONDS, Method};
use store::{Permit, Reader, SessionFacts, Transaction};

use super::{changed_meanwhile, person};
use crate::attempts::Attempt;
use crate::hashing::{Share, Verdict};
use crate::session::{Fingerprint, own_hash};
use crate::{Operations, Result, passkeys, permit, two_step};

/// What is to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Asks for the present one in any case, and for the second factor where there is one.
    Password,
    Email,
    /// The app, passkeys, recovery codes.
    SecondFactor,
    /// A directory is to enroll by this person's word: it asks for as much as a second factor does.
    Enrollment,
}

impl Change {
    fn act(self) -> Act<'static> {
        match self {
            Self::Password => Act::OwnPassword,
            Self::Email => Act::OwnEmail,
            Self::SecondFactor => Act::OwnTwoStep,
            Self::Enrollment => Act::EnrollDirectory,
        }
    }
}

/// What a change asks of the person signed in.
pub async fn asked_for_password(operations: &Operations, caller: &Caller) -> Result<Asked> {
    permit(caller, &Act::OwnPassword)?;
    asked(operations, &mut operations.store.read().await?, person(caller)?, Change::Password).await
}

/// The same for the app, passkeys and recovery codes; the email asks for as much.
pub async fn asked_for_second_factor(operations: &Operations, caller: &Caller) -> Result<Asked> {
    permit(caller, &Act::OwnTwoStep)?;
    let mut reader = operations.store.read().await?;
    asked(operations, &mut reader, person(caller)?, Change::SecondFactor).await
}

/// The question to the browser for a passkey of the person signed in; the answer goes with the change.
pub async fn ask_again(operations: &Operations, caller: &Caller) -> Result<Question> {
    permit(caller, &Act::OwnPassword)?;
    let actor = person(caller)?;
    passkeys::ask_again(operations, actor).await
}

async fn asked(
    operations: &Operations,
    reader: &mut Reader,
    actor: &Actor,
    change: Change,
) -> Result<Asked> {
    let facts = reader.session_facts(actor.account, actor.session).await?;
    let facts = facts.ok_or(Fault::not_found("session"))?;
    let passkey = reader.has_passkeys(actor.account).await?;
    let second = passkey || reader.two_step(actor.account).await?.is_some();
    if is_demanded(operations, &facts, change, second) {
        return Ok(Asked::default());
    }
    Ok(Asked { password: change == Change::Password || !second, code: second, passkey })
}

/// A sign-in a moment ago demanded this very change, and proved as much as would be asked.
fn is_demanded(
    operations: &Operations,
    facts: &SessionFacts,
    change: Change,
    second: bool,
) -> bool {
    let age = operations.now().seconds_since(facts.authenticated_at);
    let fresh = (0..FRESH_SECONDS).contains(&age);
    let by_password = facts.method == Method::Password;
    let due = match change {
        Change::Password => facts.password_due,
        Change::SecondFactor => facts.two_step_due && !second,
        Change::Email | Change::Enrollment => false,
    };
    fresh && by_password && due
}

/// Goes on where all that is asked was given: the account is locked, and stays as it is until the
/// transaction ends. What is wrong counts towards the lock-out like a wrong sign-in.
pub(crate) async fn proven_again(
    operations: &Operations,
    caller: &Caller,
    change: Change,
    given: &Again,
) -> Result<(Transaction, Permit)> {
    let actor = person(caller)?;
    let mut reader = operations.store.read().await?;
    let before = asked(operations, &mut reader, actor, change).await?;
    drop(reader);
    complete(before, given)?;
    let password = if before.password {
        Some(proven_password(operations, caller, actor, given).await?)
    } else {
        None
    };
    let question = if before.passkey && !given.passkey_answer.is_empty() {
        Some(passkeys::taken(operations, caller, actor, given).await?)
    } else {
        None
    };
    let mut tx = operations.store.write().await?;
    let (_, permit) = tx.own_account_for(caller, &change.act()).await?;
    // While a password was hashed, much may have happened.
    let same = asked(operations, &mut tx, actor, change).await? == before;
    let present = present(operations, &mut tx, actor).await?;
    if !same || password.is_some_and(|proven| present.as_ref() != Some(&proven)) {
        return Err(changed_meanwhile().into());
    }
    let tx = match question {
        Some(question) => passkeys::proven(operations, tx, caller, actor, question, given).await?,
        None if before.code => {
            let attempt = Attempt::present_code(actor.account);
            let proof = (attempt, actor.account);
            two_step::proven(operations, caller, tx, proof, given.code.reveal()).await?.0
        }
        None => tx,
    };
    Ok((tx, permit))
}

/// What is missing is no guess, and isn't counted.
fn complete(asked: Asked, given: &Again) -> Result<()> {
    if asked.password && given.current_password.is_empty() {
        return Err(Fault::invalid("currentPassword", "Give your current password.").into());
    }
    if asked.code && given.code.is_empty() && given.passkey_answer.is_empty() {
        return Err(Fault::invalid("code", "Give a code of your app, or a recovery code.").into());
    }
    Ok(())
}

async fn present(
    operations: &Operations,
    tx: &mut Transaction,
    actor: &Actor,
) -> Result<Option<Fingerprint>> {
    let found = tx.credentials(actor.account).await?.ok_or(Fault::not_found("account"))?;
    let hash = own_hash(tx, &found, operations.now()).await?;
    Ok(hash.as_deref().map(Fingerprint::of))
}

/// The present password is right. It is counted as a failure before it is looked at, as at a
/// sign-in: many guesses at once can't pass together.
async fn proven_password(
    operations: &Operations,
    caller: &Caller,
    actor: &Actor,
    given: &Again,
) -> Result<Fingerprint> {
    let attempt = Attempt::present_password(actor.account);
    let mut reader = operations.store.read().await?;
    let lock_out = reader.settings().await?.policies.lock_out;
    attempt.check(&mut reader, lock_out, operations.now()).await?;
    drop(reader);
    let place = operations.hashing.place(&Share::of(caller)).await?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let found = tx.lock_credentials(actor.account).await?.ok_or(Fault::not_found("account"))?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let counted = attempt.count(&mut tx, lock_out, now).await?;
    let hash = own_hash(&mut tx, &found, now).await?;
    tx.commit_bookkeeping().await?;

    let verdict = place.verify(given.current_password.clone(), hash.clone()).await?;
    let mut tx = operations.store.write().await?;
    if let Some(hash) = hash.filter(|_| verdict != Verdict::Wrong) {
        counted.right(&mut tx).await?;
        tx.commit_bookkeeping().await?;
        return Ok(Fingerprint::of(&hash));
    }
    tx.commit(caller, now, &counted.wrong(Some(&found))).await?;
    Err(Fault::invalid("currentPassword", "This is not your current password.").into())
}
