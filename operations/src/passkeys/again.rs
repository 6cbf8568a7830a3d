//! A passkey that is asked for again before one's own credentials change.

use roster::authority::{Actor, Caller};
use roster::own::Again;
use roster::passkey::Question;
use store::Transaction;

use super::question::{self, Answer, Asking};
use super::second::not_yours;
use crate::attempts::{Attempt, Counted};
use crate::pending::{self, Whose};
use crate::{Operations, Result};

/// The question to the browser for a passkey of the person signed in.
pub(crate) async fn ask_again(operations: &Operations, actor: &Actor) -> Result<Question> {
    let mut tx = operations.store.write().await?;
    let (options, state) = question::for_account(operations, &mut tx, actor.account).await?;
    let whose = Whose::session(actor.account, actor.session);
    let token = pending::keep(&mut tx, whose, &Asking(state), operations.now()).await?;
    tx.commit_bookkeeping().await?;
    Ok(Question { token, options })
}

/// The question that an answer is for, used up whatever comes of it.
pub(crate) async fn taken(
    operations: &Operations,
    caller: &Caller,
    actor: &Actor,
    given: &Again,
) -> Result<(Asking, Counted)> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let whose = Whose::session(actor.account, actor.session);
    let asking = pending::take::<Asking>(&mut tx, &given.passkey_token, whose, now).await?;
    let Some(asking) = asking else {
        tx.commit_bookkeeping().await?;
        return Err(question::too_late().into());
    };
    let attempt = Attempt::passkey(Some(actor.account), &caller.origin);
    let counted = attempt.count(&mut tx, lock_out, now).await?;
    tx.commit_bookkeeping().await?;
    Ok((asking, counted))
}

/// Goes on where the answer is right. A wrong one ends the transaction, and counts towards the
/// lock-out like a wrong code.
pub(crate) async fn proven(
    operations: &Operations,
    mut tx: Transaction,
    caller: &Caller,
    actor: &Actor,
    (Asking(state), counted): (Asking, Counted),
    given: &Again,
) -> Result<Transaction> {
    let (account, answer) = (Some(actor.account), &given.passkey_answer);
    let looked = question::look_at(operations, &mut tx, state, answer, account).await?;
    let Answer::Right { passkey, credential } = looked else {
        let found = tx.credentials(actor.account).await?;
        tx.commit(caller, operations.now(), &counted.wrong(found.as_ref())).await?;
        return Err(not_yours().into());
    };
    counted.right(&mut tx).await?;
    tx.use_passkey(passkey.id, &credential, operations.now()).await?;
    Ok(tx)
}
