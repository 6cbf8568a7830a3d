//! Passkeys: the own ones are added, listed and removed here. Signing in with one alone is in
//! `first`, giving one in place of a code in `second`, and to change what is one's own in `again`;
//! what a browser is asked and whether it answers rightly in `question`, at which address in `site`.

mod again;
mod first;
mod question;
mod second;
mod site;

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::hexadecimal;
use roster::id::PasskeyId;
use roster::own::Again;
use roster::passkey::{ANSWER_SECONDS, MOST, PasskeyLine, Question, checked_name};
use roster::secret::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{NewPasskey, PendingKind};
use uuid::Uuid;
use webauthn_rs::prelude::{Passkey, PasskeyRegistration, RegisterPublicKeyCredential};

use crate::own_account::{Change, person, proven_again};
use crate::pending::{self, Awaits, Whose};
use crate::two_step::{is_required, recovery_codes};
use crate::{Error, Operations, Result, entropy, permit, subject};

pub(crate) use again::{ask_again, proven, taken};
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

impl Awaits for Adding {
    const KIND: PendingKind = PendingKind::NewPasskey;
    const VERSION: u32 = 1;
    const SECONDS: i64 = ANSWER_SECONDS;
    const MOST: u32 = 10;
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

/// What the browser is asked for a new passkey; [`add`] takes its answer. Who they are, the person
/// proves here.
pub async fn begin_adding(
    operations: &Operations,
    caller: &Caller,
    name: &str,
    again: &Again,
) -> Result<Question> {
    permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let webauthn = operations.passkeys.webauthn()?;
    let name = checked_name(name).map_err(|why| Fault::invalid("name", why))?;
    let (mut tx, _) = proven_again(operations, caller, Change::SecondFactor, again).await?;
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
    let whose = Whose::session(actor.account, actor.session);
    let token = pending::keep(&mut tx, whose, &adding, operations.now()).await?;
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
    permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let webauthn = operations.passkeys.webauthn()?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let whose = Whose::session(actor.account, actor.session);
    let adding = pending::take(&mut tx, token, whose, now).await?;
    tx.commit_bookkeeping().await?;
    let Adding { name, user_handle, state } = adding.ok_or_else(question::too_late)?;
    let answer: RegisterPublicKeyCredential =
        serde_json::from_str(answer).map_err(|_| not_taken())?;
    let passkey = webauthn.finish_passkey_registration(&answer, &state).map_err(|why| {
        tracing::info!(%why, "a new passkey was refused");
        not_taken()
    })?;
    let new = NewPasskey {
        account: actor.account,
        credential_id: hexadecimal::of(passkey.cred_id()),
        user_handle: user_handle.to_string(),
        name: name.clone(),
        credential: question::written(&passkey)?.to_string(),
        created_at: now,
    };
    let mut tx = operations.store.write().await?;
    let (_, permit) = tx.own_account_for(caller, &Act::OwnTwoStep).await?;
    if !tx.add_passkey(&permit, &new, actor.session).await? {
        return Err(Fault::conflict("This passkey is in use already.").into());
    }
    let mut codes = Vec::new();
    if tx.recovery_codes(actor.account).await? == 0 {
        let (shown, hashes) = recovery_codes(&operations.keys.held(&mut tx).await?)?;
        tx.set_recovery_codes(&permit, actor.account, &hashes, actor.session).await?;
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
    again: &Again,
) -> Result<()> {
    permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let (mut tx, permit) = proven_again(operations, caller, Change::SecondFactor, again).await?;
    let kept = tx.passkeys(actor.account).await?;
    let Some(gone) = kept.iter().find(|kept| kept.id == id) else {
        tx.commit_bookkeeping().await?;
        return Err(Fault::not_found("passkey").into());
    };
    let has_app = tx.two_step(actor.account).await?.is_some();
    let last = kept.len() == 1 && !has_app;
    if last && is_required(&mut tx, actor.account).await? {
        // What was given to prove it is used up all the same.
        tx.commit_bookkeeping().await?;
        let why = "Your organization asks you to have two-step verification. Add another passkey \
                   or set up an app first.";
        return Err(Fault::refused(why).into());
    }
    if !tx.remove_passkey(&permit, actor.account, id, actor.session).await? {
        return Err(Fault::not_found("passkey").into());
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
