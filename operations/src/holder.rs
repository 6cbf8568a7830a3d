//! The Master Account Holder, let in again by the operator of this server: nobody else may.

use roster::account::PasswordState;
use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::fields::Field;
use roster::id::AccountId;
use roster::password::{self, Context};
use roster::secret::Secret;
use serde_json::json;
use store::{Permit, Transaction};

use crate::hashing::Share;
use crate::{Operations, Result, entropy, locks, permit, subject};

/// Lifts the locks of the holder's sign-in. How many failures were counted.
pub async fn unlock(operations: &Operations, caller: &Caller) -> Result<u32> {
    let mut tx = operations.store.write().await?;
    let permit = tx.operate(caller)?;
    let (failures, entries) = lift(operations, &mut tx, &permit).await?;
    if failures > 0 {
        tx.commit(caller, operations.now(), &entries).await?;
    }
    Ok(failures)
}

async fn lift(
    operations: &Operations,
    tx: &mut Transaction,
    permit: &Permit,
) -> Result<(u32, Vec<Entry>)> {
    let now = operations.now();
    let id = holder(tx).await?;
    tx.lock_credentials(id).await?;
    let counted = tx.lock_failures_of(id).await?;
    let name = tx.account(id).await?.ok_or_else(not_set_up)?.name;
    let failures = counted.iter().map(|counted| counted.count).sum();
    tx.clear_failures_of(permit, id).await?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let entry = (failures > 0).then(|| locks::unlocked(id, &name, &counted, lock_out, now));
    Ok((failures, entry.into_iter().collect()))
}

/// Gives the holder a temporary password, `given` or one that is made here, and lifts the locks;
/// their sessions end. Answers the password that was made.
pub async fn reset_password(
    operations: &Operations,
    caller: &Caller,
    given: Option<Secret>,
) -> Result<Option<Secret>> {
    permit(caller, &Act::Operate)?;
    let mut reader = operations.store.read().await?;
    let id = holder(&mut reader).await?;
    let account = reader.account(id).await?.ok_or_else(not_set_up)?;
    let settings = reader.settings().await?;
    drop(reader);
    let (secret, made) = if let Some(secret) = given {
        let context = Context {
            name: &account.name,
            email: &account.email,
            organization: &settings.organization,
        };
        if let Err(weakness) = password::check(secret.reveal(), settings.strength, &context) {
            return Err(Fault::invalid(Field::Password.key(), weakness.to_string()).into());
        }
        (secret, None)
    } else {
        let secret = entropy::code()?;
        (secret.clone(), Some(secret))
    };
    let hash = operations.hashing.hash(&Share::of(caller), secret).await?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let permit = tx.operate(caller)?;
    tx.lock_accounts(&[id]).await?;
    let (_, mut entries) = lift(operations, &mut tx, &permit).await?;
    let state = PasswordState::Temporary;
    let ended = tx.set_password(&permit, id, state, Some(&hash), now, None).await?;
    entries.push(Entry {
        action: Action::PasswordReset,
        subject: subject::account(id, &account.name),
        before: json!({ "password": account.password, "sessions": ended }),
        after: json!({ "password": state, "sessions": 0 }),
    });
    tx.commit(caller, now, &entries).await?;
    Ok(made)
}

/// The holder signs in with the password alone; their app, passkeys and recovery codes are worth
/// nothing any more, and their sessions end.
pub async fn reset_two_step(operations: &Operations, caller: &Caller) -> Result<()> {
    let mut tx = operations.store.write().await?;
    let permit = tx.operate(caller)?;
    let id = holder(&mut tx).await?;
    tx.lock_accounts(&[id]).await?;
    let name = tx.account(id).await?.ok_or_else(not_set_up)?.name;
    let had_app = tx.end_two_step(&permit, id, None).await?;
    let had_passkeys = tx.remove_passkeys(&permit, id).await?;
    if !had_app && !had_passkeys {
        return Err(Fault::refused(
            "There is nothing to reset: two-step verification isn’t set up.",
        )
        .into());
    }
    tx.end_sessions(&permit, id, None).await?;
    let entry = Entry {
        action: Action::TwoStepReset,
        subject: subject::account(id, &name),
        before: json!({ "twoStep": true }),
        after: json!({ "twoStep": false }),
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

async fn holder(reader: &mut store::Reader) -> Result<AccountId> {
    Ok(reader.holder().await?.ok_or_else(not_set_up)?)
}

fn not_set_up() -> Fault {
    Fault::refused("There is no Master Account Holder yet: run muster setup.")
}
