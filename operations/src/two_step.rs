//! Two-step verification: setting it up, ending it, resetting somebody's. The second step of a
//! sign-in is in `code`.

mod code;
mod group;

use roster::audit::{Action, Entry};
use roster::authority::{Act, Actor, Caller};
use roster::fault::Fault;
use roster::id::{AccountId, Timestamp};
use roster::secret::Secret;
use roster::sign_in::Counter;
use roster::two_step::{self, OFFER_SECONDS, Offer, OwnTwoStep, RECOVERY_CODES, SECRET_BYTES};
use serde_json::{Value, json};
use store::{AccountAct, Reader, Transaction};

use crate::own_account::{check_password, person};
use crate::sign_in::{account_counter, failed};
use crate::{Operations, Result, entropy, permit, subject};

pub use code::{awaited, confirm};
pub(crate) use code::{end_waiting, waiting};
pub use group::{of_group, set_of_group};

/// Whether the own account has it, and must.
pub async fn see(operations: &Operations, caller: &Caller) -> Result<OwnTwoStep> {
    permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let mut reader = operations.store.read().await?;
    let since = reader.two_step(actor.account).await?.and_then(|it| it.since);
    Ok(OwnTwoStep {
        since,
        codes_left: reader.recovery_codes(actor.account).await?,
        required: is_required(&mut reader, actor.account).await?,
    })
}

/// Somebody must have it: by their role, or by a group on the way to theirs.
pub(crate) async fn is_required(reader: &mut Reader, id: AccountId) -> Result<bool> {
    let Some(account) = reader.account(id).await? else { return Ok(false) };
    let lineage = match account.group {
        Some(group) => reader.group_path(group).await?.map(|path| path.lineage()),
        None => None,
    };
    let by_group = match lineage {
        Some(lineage) => reader.groups_ask_for_two_step(&lineage).await?,
        None => false,
    };
    Ok(reader.settings().await?.two_step.of(account.role, by_group))
}

/// A new secret for the app. It holds nothing up until a code of it is given to [`begin`].
pub async fn offer(operations: &Operations, caller: &Caller) -> Result<Offer> {
    let permit = permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    // The page may be open twice: both show the secret that the app is going to have.
    let kept = tx.lock_two_step(actor.account).await?.filter(|kept| still_offered(kept, now));
    let (secret, offered_at) = match kept {
        Some(kept) => (entropy::unhex(&kept.secret)?, kept.offered_at),
        None => (entropy::bytes::<SECRET_BYTES>()?.to_vec(), now),
    };
    let account = tx.account(actor.account).await?.ok_or(Fault::not_found("account"))?;
    let organization = tx.settings().await?.organization;
    if !tx.offer_two_step(&permit, actor.account, &entropy::hex(&secret), offered_at).await? {
        return Err(already().into());
    }
    tx.commit_bookkeeping().await?;
    Ok(Offer {
        key: Secret::new(two_step::key(&secret)),
        address: Secret::new(two_step::address(&secret, &organization, &account.email)),
    })
}

/// Nobody who saw it long ago can set it up as theirs.
fn still_offered(kept: &store::TwoStep, now: Timestamp) -> bool {
    now.seconds_since(kept.offered_at) < OFFER_SECONDS
}

/// The app shows the right code: from now on it is asked for. The recovery codes, which are shown
/// this once.
pub async fn begin(operations: &Operations, caller: &Caller, typed: &str) -> Result<Vec<Secret>> {
    let permit = permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let kept = tx.lock_two_step(actor.account).await?.ok_or_else(offer_first)?;
    if kept.since.is_some() {
        return Err(already().into());
    }
    if !still_offered(&kept, now) {
        return Err(offer_first().into());
    }
    let secret = entropy::unhex(&kept.secret)?;
    let step = two_step::verify(&secret, typed, now, kept.last_step).ok_or_else(wrong)?;
    tx.use_code(actor.account, step).await?;
    tx.begin_two_step(&permit, actor.account, now).await?;
    let (codes, hashes) = recovery_codes()?;
    tx.set_recovery_codes(&permit, actor.account, &hashes).await?;
    let before = json!({ "twoStep": false });
    let after = json!({ "twoStep": true });
    let entry = entry(Action::TwoStepSetUp, actor, before, after);
    tx.commit(caller, now, &[entry]).await?;
    Ok(codes)
}

/// New recovery codes; those from before are worth nothing any more.
pub async fn renew_codes(
    operations: &Operations,
    caller: &Caller,
    typed: &str,
) -> Result<Vec<Secret>> {
    let permit = permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let now = operations.now();
    let tx = operations.store.write().await?;
    let mut tx = proven(operations, caller, tx, actor.account, typed).await?;
    let (codes, hashes) = recovery_codes()?;
    tx.set_recovery_codes(&permit, actor.account, &hashes).await?;
    let entry = entry(Action::RecoveryCodesRenewed, actor, Value::Null, Value::Null);
    tx.commit(caller, now, &[entry]).await?;
    Ok(codes)
}

/// No code of an app is asked for any more, unless the person must have it and has no passkey.
pub async fn end(
    operations: &Operations,
    caller: &Caller,
    password: &Secret,
    typed: &str,
) -> Result<()> {
    let permit = permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let mut reader = operations.store.read().await?;
    let needs_it = is_required(&mut reader, actor.account).await?
        && !reader.has_passkeys(actor.account).await?;
    drop(reader);
    if needs_it {
        return Err(
            Fault::refused("Your organization asks you to have two-step verification.").into()
        );
    }
    check_password(operations, actor.account, password).await?;
    let tx = operations.store.write().await?;
    let mut tx = proven(operations, caller, tx, actor.account, typed).await?;
    tx.end_two_step(&permit, actor.account).await?;
    if !tx.has_passkeys(actor.account).await? {
        tx.forget_recovery_codes(&permit, actor.account).await?;
    }
    let (before, after) = (json!({ "twoStep": true }), json!({ "twoStep": false }));
    let entry = entry(Action::TwoStepEnded, actor, before, after);
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

/// Somebody lost their app or passkeys and their codes: they sign in with the password alone, and set it up
/// anew where they must.
pub async fn reset(operations: &Operations, caller: &Caller, id: AccountId) -> Result<()> {
    let mut tx = operations.store.write().await?;
    let (found, permit) = tx.account_for(caller, id, AccountAct::ManageAccess).await?;
    if caller.person().is_some_and(|actor| actor.account == id) {
        return Err(Fault::refused("End your own two-step verification in My Account.").into());
    }
    let had_app = tx.end_two_step(&permit, id).await?;
    let had_passkeys = tx.remove_passkeys(&permit, id).await?;
    tx.forget_recovery_codes(&permit, id).await?;
    if !had_app && !had_passkeys {
        return Err(Fault::refused("Nothing is to be reset: no code is asked for.").into());
    }
    tx.end_sessions(&permit, id, None).await?;
    let entry = Entry {
        action: Action::TwoStepReset,
        subject: subject::account(id, &found.person.name),
        before: json!({ "twoStep": true }),
        after: json!({ "twoStep": false }),
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

/// Goes on where a code is right. A wrong one ends the transaction and counts towards the lock-out
/// like a wrong password: who finds a session open can't try them all.
pub(crate) async fn proven(
    operations: &Operations,
    caller: &Caller,
    mut tx: Transaction,
    id: AccountId,
    typed: &str,
) -> Result<Transaction> {
    let now = operations.now();
    let account = tx.account(id).await?.ok_or(Fault::not_found("account"))?;
    let found = tx.credentials(id).await?.ok_or(Fault::not_found("account"))?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let counter = account_counter(&account.email);
    let failures = tx.lock_failures(&counter).await?;
    let seconds = failures.wait_seconds(Counter::Account, lock_out, now);
    if seconds > 0 {
        return Err(Fault::Wait { seconds }.into());
    }
    if !takes(&mut tx, operations, id, typed).await? {
        tx.count_failure(&counter, failures.and_one_more(lock_out, now)).await?;
        tx.commit(caller, now, &[failed(Some(&found))]).await?;
        return Err(wrong().into());
    }
    tx.clear_failures(&counter).await?;
    Ok(tx)
}

/// A code of the app or a recovery code is right, and from now on used.
async fn takes(
    tx: &mut Transaction,
    operations: &Operations,
    account: AccountId,
    typed: &str,
) -> Result<bool> {
    if let Some(kept) = tx.lock_two_step(account).await?.filter(|kept| kept.since.is_some()) {
        let secret = entropy::unhex(&kept.secret)?;
        if let Some(step) = two_step::verify(&secret, typed, operations.now(), kept.last_step) {
            tx.use_code(account, step).await?;
            return Ok(true);
        }
    }
    let code = Secret::new(two_step::recovery_code(typed));
    Ok(tx.use_recovery_code(account, &entropy::digest(&code)).await?)
}

/// The codes as they are shown, and their hashes.
pub(crate) fn recovery_codes() -> Result<(Vec<Secret>, Vec<String>)> {
    let codes = (0..RECOVERY_CODES).map(|_| entropy::code()).collect::<Result<Vec<_>>>()?;
    let hash =
        |code: &Secret| entropy::digest(&Secret::new(two_step::recovery_code(code.reveal())));
    let hashes = codes.iter().map(hash).collect();
    Ok((codes, hashes))
}

fn entry(action: Action, actor: &Actor, before: Value, after: Value) -> Entry {
    Entry { action, subject: subject::account(actor.account, &actor.name), before, after }
}

fn wrong() -> Fault {
    Fault::invalid("code", "This code is wrong or was used already. Wait for the next one.")
}

fn already() -> Fault {
    Fault::conflict("Two-step verification is set up already.")
}

fn offer_first() -> Fault {
    Fault::conflict("Load the page again: there is nothing to confirm.")
}
