//! Browsers that signed in before. A browser keeps a random token of its own; its hash says to which
//! accounts it signed in. It opens nothing: guesses from it are counted by themselves, so that
//! guesses from elsewhere don't lock it out.

use roster::authority::Caller;
use roster::id::{AccountId, Timestamp};
use roster::secret::Secret;
use roster::sign_in::{DEVICE_DAYS, MOST_DEVICES};
use store::{Permit, Reader, Transaction};

use crate::{Result, entropy};

/// The hash of the caller's browser, where it signed in to this account before.
pub(crate) async fn known(
    reader: &mut Reader,
    caller: &Caller,
    account: Option<AccountId>,
    now: Timestamp,
) -> Result<Option<String>> {
    let (Some(token), Some(account)) = (&caller.origin.device, account) else { return Ok(None) };
    let hash = entropy::digest(token);
    let known = reader.knows_device(&hash, account, oldest(now)).await?;
    Ok(known.then_some(hash))
}

/// From now on the browser is known to this account; the token that it is to keep. One that is known
/// to another account keeps its own; none that this server didn't make is taken.
pub(crate) async fn remember(
    tx: &mut Transaction,
    permit: &Permit,
    caller: &Caller,
    account: AccountId,
    now: Timestamp,
) -> Result<Secret> {
    let token = match &caller.origin.device {
        Some(token) if tx.knows_device_at_all(&entropy::digest(token), oldest(now)).await? => {
            token.clone()
        }
        _ => entropy::token()?,
    };
    tx.remember_device(permit, &entropy::digest(&token), account, now, MOST_DEVICES).await?;
    Ok(token)
}

/// Those that were used last before this moment are known no longer.
pub(crate) fn oldest(now: Timestamp) -> Timestamp {
    now.plus_days(-DEVICE_DAYS)
}
