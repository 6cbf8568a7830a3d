//! Two-step verification: setting it up, ending it, resetting somebody's. The second step of a
//! sign-in is in `code`.

mod code;
mod group;

use roster::audit::{Action, Entry};
use roster::authority::{Act, Actor, Caller, Denied};
use roster::fault::Fault;
use roster::id::AccountId;
use roster::own::Again;
use roster::secret::Secret;
use roster::two_step::{self, OFFER_SECONDS, Offer, OwnTwoStep, RECOVERY_CODES, SECRET_BYTES};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{AccountAct, PendingKind, Reader, Transaction, TwoStep};

use crate::attempts::Attempt;
use crate::keys::{Held, Purpose};
use crate::own_account::{Change, Renewed, person, proven_again, renew};
use crate::pending::{self, Awaits, Whose};
use crate::session::Second;
use crate::{Operations, Result, entropy, permit, subject};

pub use code::{awaited, confirm};
pub(crate) use code::{end_waiting, waiting};
pub(crate) use group::Leaving;
pub use group::{of_group, set_of_group};

/// A secret for an app, of which no code was given yet.
#[derive(Serialize, Deserialize)]
struct AppOffer {
    /// In hexadecimal.
    secret: String,
}

impl Awaits for AppOffer {
    const KIND: PendingKind = PendingKind::AppOffer;
    const VERSION: u32 = 1;
    const SECONDS: i64 = OFFER_SECONDS;
    const MOST: u32 = 3;
}

/// Whether the own account has it, and must.
pub async fn see(operations: &Operations, caller: &Caller) -> Result<OwnTwoStep> {
    permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let mut reader = operations.store.read().await?;
    let since = reader.two_step(actor.account).await?.map(|it| it.since);
    Ok(OwnTwoStep {
        since,
        codes_left: reader.recovery_codes(actor.account).await?,
        required: is_required(&mut reader, actor.account).await?,
    })
}

/// Somebody has an app or a passkey.
pub(crate) async fn has_second_factor(reader: &mut Reader, id: AccountId) -> Result<bool> {
    Ok(reader.two_step(id).await?.is_some() || reader.has_passkeys(id).await?)
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

/// The secret that was offered to the app in this session, as long as it may be confirmed.
pub async fn offered(operations: &Operations, caller: &Caller) -> Result<Option<Offer>> {
    permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let mut reader = operations.store.read().await?;
    match open_offer(operations, &mut reader, actor).await? {
        Some(kept) => Ok(Some(shown(operations, &mut reader, actor, &kept).await?)),
        None => Ok(None),
    }
}

/// A secret for the app. It holds nothing up until a code of it is given to [`begin`], which is asked
/// for nothing else: who they are, the person proves here.
pub async fn offer(operations: &Operations, caller: &Caller, again: &Again) -> Result<Offer> {
    permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let mut reader = operations.store.read().await?;
    // The page may be open twice: both show the secret that the app is going to have.
    if let Some(kept) = open_offer(operations, &mut reader, actor).await? {
        return shown(operations, &mut reader, actor, &kept).await;
    }
    drop(reader);
    let (mut tx, _) = proven_again(operations, caller, Change::SecondFactor, again).await?;
    if tx.two_step(actor.account).await?.is_some() {
        return Err(already().into());
    }
    let keys = operations.keys.held(&mut tx).await?;
    let secret = entropy::bytes::<SECRET_BYTES>()?;
    let kept = AppOffer { secret: keys.seal(Purpose::AppSecret, actor.account.0, &secret)? };
    let whose = Whose::session(actor.account, actor.session);
    // It is found by the session, so that the page may be loaded again.
    pending::keep(&mut tx, whose, &kept, operations.now()).await?;
    let offer = shown(operations, &mut tx, actor, &kept).await?;
    tx.commit_bookkeeping().await?;
    Ok(offer)
}

async fn open_offer(
    operations: &Operations,
    reader: &mut Reader,
    actor: &Actor,
) -> Result<Option<AppOffer>> {
    let kept = pending::of_session(reader, actor.session, operations.now()).await?;
    Ok(kept.map(|(_, offer)| offer))
}

async fn shown(
    operations: &Operations,
    reader: &mut Reader,
    actor: &Actor,
    kept: &AppOffer,
) -> Result<Offer> {
    let keys = operations.keys.reading(reader).await?;
    let secret = keys.open(Purpose::AppSecret, actor.account.0, &kept.secret)?;
    let account = reader.account(actor.account).await?.ok_or(Fault::not_found("account"))?;
    let organization = reader.settings().await?.organization;
    Ok(Offer {
        key: Secret::new(two_step::key(&secret)),
        address: Secret::new(two_step::address(&secret, &organization, &account.email)),
    })
}

/// What comes of setting it up.
#[derive(Debug)]
pub struct Begun {
    /// The recovery codes, which are shown this once.
    pub codes: Vec<Secret>,
    pub session: Renewed,
}

/// The app shows the right code: from now on it is asked for. The other sessions end, and this one
/// goes on under a new token.
pub async fn begin(operations: &Operations, caller: &Caller, typed: &str) -> Result<Begun> {
    permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let (_, permit) = tx.own_account_for(caller, &Act::OwnTwoStep).await?;
    if tx.two_step(actor.account).await?.is_some() {
        return Err(already().into());
    }
    let kept = open_offer(operations, &mut tx, actor).await?.ok_or_else(offer_first)?;
    let keys = operations.keys.held(&mut tx).await?;
    let secret = keys.open(Purpose::AppSecret, actor.account.0, &kept.secret)?;
    let step = two_step::verify(&secret, typed, now, 0).ok_or_else(wrong)?;
    // By the newest key, which may be another than that of the offer.
    let secret = keys.seal(Purpose::AppSecret, actor.account.0, &secret)?;
    let app = TwoStep { secret, since: now, last_step: step };
    // The offer ends with it.
    if !tx.begin_two_step(&permit, actor.account, &app, actor.session).await? {
        return Err(already().into());
    }
    let (codes, hashes) = recovery_codes(&keys)?;
    tx.set_recovery_codes(&permit, actor.account, &hashes, actor.session).await?;
    let facts = tx.session_facts(actor.account, actor.session).await?;
    let began = facts.ok_or(Denied::NotSignedIn)?.created_at;
    let session = renew(&mut tx, &permit, actor, began, now).await?;
    let before = json!({ "twoStep": false });
    let after = json!({ "twoStep": true });
    let entry = entry(Action::TwoStepSetUp, actor, before, after);
    tx.commit(caller, now, &[entry]).await?;
    Ok(Begun { codes, session })
}

/// New recovery codes; those from before are worth nothing any more.
pub async fn renew_codes(
    operations: &Operations,
    caller: &Caller,
    again: &Again,
) -> Result<Vec<Secret>> {
    permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let now = operations.now();
    let (mut tx, permit) = proven_again(operations, caller, Change::SecondFactor, again).await?;
    if !has_second_factor(&mut tx, actor.account).await? {
        return Err(offer_first().into());
    }
    let (codes, hashes) = recovery_codes(&operations.keys.held(&mut tx).await?)?;
    tx.set_recovery_codes(&permit, actor.account, &hashes, actor.session).await?;
    let entry = entry(Action::RecoveryCodesRenewed, actor, Value::Null, Value::Null);
    tx.commit(caller, now, &[entry]).await?;
    Ok(codes)
}

/// No code of an app is asked for any more, unless the person must have it and has no passkey.
pub async fn end(operations: &Operations, caller: &Caller, again: &Again) -> Result<()> {
    permit(caller, &Act::OwnTwoStep)?;
    let actor = person(caller)?;
    let (mut tx, permit) = proven_again(operations, caller, Change::SecondFactor, again).await?;
    if is_required(&mut tx, actor.account).await? && !tx.has_passkeys(actor.account).await? {
        // What was given to prove it is used up all the same.
        tx.commit_bookkeeping().await?;
        return Err(
            Fault::refused("Your organization asks you to have two-step verification.").into()
        );
    }
    if !tx.end_two_step(&permit, actor.account, Some(actor.session)).await? {
        return Err(Fault::refused("There is no app to end.").into());
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
    let had_app = tx.end_two_step(&permit, id, None).await?;
    let had_passkeys = tx.remove_passkeys(&permit, id).await?;
    if !had_app && !had_passkeys {
        return Err(Fault::refused(
            "There is nothing to reset: two-step verification isn’t set up.",
        )
        .into());
    }
    let entry = Entry {
        action: Action::TwoStepReset,
        subject: subject::account(id, &found.person.name),
        before: json!({ "twoStep": true }),
        after: json!({ "twoStep": false }),
    };
    tx.commit(caller, operations.now(), &[entry]).await?;
    Ok(())
}

/// Goes on where a code is right. A wrong one ends the transaction and is counted as `attempt` says:
/// who finds a session open can't try them all.
pub(crate) async fn proven(
    operations: &Operations,
    caller: &Caller,
    mut tx: Transaction,
    (attempt, id): (Attempt, AccountId),
    typed: &str,
) -> Result<(Transaction, Second)> {
    let now = operations.now();
    let found = tx.lock_credentials(id).await?.ok_or(Fault::not_found("account"))?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let counted = attempt.count(&mut tx, lock_out, now).await?;
    let Some(second) = takes(&mut tx, operations, id, typed).await? else {
        tx.commit(caller, now, &counted.wrong(Some(&found))).await?;
        return Err(wrong().into());
    };
    counted.right(&mut tx).await?;
    Ok((tx, second))
}

/// A code of the app or a recovery code is right, and from now on used.
pub(crate) async fn takes(
    tx: &mut Transaction,
    operations: &Operations,
    account: AccountId,
    typed: &str,
) -> Result<Option<Second>> {
    let keys = operations.keys.held(tx).await?;
    if let Some(kept) = tx.lock_two_step(account).await? {
        let secret = keys.open(Purpose::AppSecret, account.0, &kept.secret)?;
        if let Some(step) = two_step::verify(&secret, typed, operations.now(), kept.last_step) {
            tx.use_code(account, step).await?;
            return Ok(Some(Second::Code));
        }
    }
    let digest = entropy::digest(&Secret::new(two_step::recovery_code(typed)));
    match keys.code_among(&tx.code_hashes_of(account).await?, &digest) {
        Some(hash) => {
            let used = tx.use_recovery_code(account, hash).await?;
            Ok(used.then_some(Second::RecoveryCode))
        }
        None => Ok(None),
    }
}

/// The codes as they are shown, and their hashes.
pub(crate) fn recovery_codes(keys: &Held) -> Result<(Vec<Secret>, Vec<String>)> {
    let codes = (0..RECOVERY_CODES).map(|_| entropy::code()).collect::<Result<Vec<_>>>()?;
    let hash = |code: &Secret| {
        let plain = Secret::new(two_step::recovery_code(code.reveal()));
        keys.code_hash(&entropy::digest(&plain))
    };
    let hashes = codes.iter().map(hash).collect::<Result<Vec<_>>>()?;
    Ok((codes, hashes))
}

fn entry(action: Action, actor: &Actor, before: Value, after: Value) -> Entry {
    Entry { action, subject: subject::account(actor.account, &actor.name), before, after }
}

pub(crate) fn wrong() -> Fault {
    Fault::invalid("code", "This code is wrong or was used already. Wait for the next one.")
}

fn already() -> Fault {
    Fault::conflict("Two-step verification is set up already.")
}

fn offer_first() -> Fault {
    Fault::conflict("Load the page again: there is nothing to confirm.")
}
