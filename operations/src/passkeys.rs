//! Passkeys: the own ones are added, listed and removed here. Signing in with one alone is in
//! `first`, giving one in place of a code in `second`; what a browser is asked and whether it answers
//! rightly in `question`, at which address in `site`.

mod first;
mod question;
mod second;
mod site;

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::id::{AccountId, PasskeyId};
use roster::passkey::{MOST, PasskeyLine, Question, checked_name};
use roster::secret::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::NewPasskey;
use uuid::Uuid;
use webauthn_rs::prelude::{Passkey, PasskeyRegistration, RegisterPublicKeyCredential};

use crate::own_account::{check_password, person};
use crate::two_step::{is_required, recovery_codes};
use crate::{Error, Operations, Result, entropy, permit, subject};

pub use first::{ask, sign_in};
pub use second::{ask_second, confirm};
pub(crate) use site::Passkeys;

/// What the answer to a new passkey's question is compared with.
#[derive(Serialize, Deserialize)]
struct Adding {
    name: String,
    user_handle: Uuid,
    state: PasskeyRegistration,
}

/// The own passkeys, the oldest first.
pub async fn list(operations: &Operations, caller: &Caller) -> Result<Vec<PasskeyLine>> {
    permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let kept = operations.store.read().await?.passkeys(actor.account).await?;
    let line = |it: store::Passkey| PasskeyLine {
        id: it.id,
        name: it.name,
        created_at: it.created_at,
        last_used_at: it.last_used_at,
    };
    Ok(kept.into_iter().map(line).collect())
}

/// What the browser is asked for a new passkey; [`add`] takes its answer. The password is asked for,
/// so that a session that was left open is no way in for good.
pub async fn begin_adding(
    operations: &Operations,
    caller: &Caller,
    name: &str,
    password: &Secret,
) -> Result<Question> {
    permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let webauthn = operations.passkeys.webauthn()?;
    let name = checked_name(name).map_err(|why| Fault::invalid("name", why))?;
    check_password(operations, actor.account, password).await?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let account = tx.account(actor.account).await?.ok_or(Fault::not_found("account"))?;
    let kept = tx.passkeys(actor.account).await?;
    if kept.len() >= MOST {
        return Err(Fault::refused("These are as many as one can have. Remove one first.").into());
    }
    // One for all: a device then knows that they are of one account.
    let user_handle = match kept.first() {
        Some(kept) => kept.user_handle.parse().map_err(|_| unreadable())?,
        None => uuid::Builder::from_random_bytes(entropy::bytes()?).into_uuid(),
    };
    let known = kept.iter().map(|kept| Ok(read(kept)?.cred_id().clone()));
    let known = known.collect::<Result<Vec<_>>>()?;
    let (options, state) = webauthn
        .start_passkey_registration(user_handle, &account.email, &account.name, Some(known))
        .map_err(|why| question::failed(&why))?;
    let mut options = question::written(&options)?;
    // The library asks for keys that needn't be found without the account's name; who signs in with
    // theirs alone has none to give.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("preferred");
    let adding = Adding { name, user_handle, state };
    let token = question::keep(&mut tx, Some(actor.account), &adding, now).await?;
    tx.commit_bookkeeping().await?;
    Ok(Question { token, options: options.to_string() })
}

/// Adds the passkey that the browser made. Whoever has no recovery codes is given some, this once;
/// else there are none.
pub async fn add(
    operations: &Operations,
    caller: &Caller,
    token: &Secret,
    answer: &str,
) -> Result<Vec<Secret>> {
    let permit = permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let webauthn = operations.passkeys.webauthn()?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let Adding { name, user_handle, state } =
        question::taken(&mut tx, token, Some(actor.account), now).await?;
    tx.commit_bookkeeping().await?;
    let answer: RegisterPublicKeyCredential =
        serde_json::from_str(answer).map_err(|_| not_taken())?;
    let passkey = webauthn.finish_passkey_registration(&answer, &state).map_err(|why| {
        tracing::info!(%why, "a new passkey was refused");
        not_taken()
    })?;
    let new = NewPasskey {
        account: actor.account,
        credential_id: entropy::hex(passkey.cred_id()),
        user_handle: user_handle.to_string(),
        name: name.clone(),
        credential: question::written(&passkey)?.to_string(),
        created_at: now,
    };
    let mut tx = operations.store.write().await?;
    if !tx.add_passkey(&permit, &new).await? {
        return Err(Fault::conflict("This passkey is in use already.").into());
    }
    let mut codes = Vec::new();
    if tx.recovery_codes(actor.account).await? == 0 {
        let (shown, hashes) = recovery_codes(&operations.keys.held(&mut tx).await?)?;
        tx.set_recovery_codes(&permit, actor.account, &hashes).await?;
        codes = shown;
    }
    let entry = Entry {
        action: Action::PasskeyAdded,
        subject: subject::account(actor.account, &actor.name),
        before: Value::Null,
        after: json!({ "passkey": name }),
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(codes)
}

/// Removes an own passkey. The last one stays where its owner must have two-step verification and has
/// no app for it.
pub async fn remove(
    operations: &Operations,
    caller: &Caller,
    id: PasskeyId,
    password: &Secret,
) -> Result<()> {
    let permit = permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    check_password(operations, actor.account, password).await?;
    let mut tx = operations.store.write().await?;
    let kept = tx.passkeys(actor.account).await?;
    let Some(gone) = kept.iter().find(|kept| kept.id == id) else {
        return Err(Fault::not_found("passkey").into());
    };
    let has_app = tx.two_step(actor.account).await?.is_some_and(|app| app.since.is_some());
    let last = kept.len() == 1 && !has_app;
    if last && is_required(&mut tx, actor.account).await? {
        let why = "Your organization asks you to have two-step verification. Add another passkey \
                   or set up an app first.";
        return Err(Fault::refused(why).into());
    }
    if !tx.remove_passkey(&permit, actor.account, id).await? {
        return Err(Fault::not_found("passkey").into());
    }
    if last {
        tx.forget_recovery_codes(&permit, actor.account).await?;
    }
    let entry = Entry {
        action: Action::PasskeyRemoved,
        subject: subject::account(actor.account, &actor.name),
        before: json!({ "passkey": gone.name }),
        after: Value::Null,
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

/// As the library knows it.
fn read(kept: &store::Passkey) -> Result<Passkey> {
    serde_json::from_str(&kept.credential).map_err(|_| unreadable())
}

fn unreadable() -> Error {
    Error::internal("a passkey is not as it was written")
}

fn not_taken() -> Fault {
    Fault::refused("The passkey could not be added. Try again, or take another device.")
}

/// What the failures of an account are counted under.
async fn counter_of(tx: &mut store::Transaction, id: AccountId) -> Result<Option<String>> {
    let account = tx.account(id).await?;
    Ok(account.map(|account| crate::sign_in::account_counter(&account.email)))
}
