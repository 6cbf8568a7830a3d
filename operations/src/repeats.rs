//! Requests that are sent again because their answer was lost. Each carries a key, and
//! `store::Transaction::commit` keeps the key with the change: here it is found again.

use hmac::{Hmac, KeyInit, Mac};
use roster::account::PasswordState;
use roster::authority::Caller;
use roster::fault::Fault;
use roster::hexadecimal;
use roster::id::AccountId;
use roster::repeat::Repeat;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Error, Operations, Result};

/// What was done when the request was sent before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// What was changed, as the audit trail names it: `account`, `group`.
    pub kind: String,
    pub id: String,
    /// The account that was changed has a starting password, which was shown in the answer alone.
    pub starting: bool,
}

/// By what a request with this key is known again; `arrival` is never the same twice.
pub fn known_by(key: Uuid, address: &str, body: &[u8], arrival: &str) -> Result<Repeat> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes())
        .map_err(|cause| Error::internal(cause.to_string()))?;
    mac.update(address.as_bytes());
    mac.update(b"\n");
    mac.update(body);
    Ok(Repeat {
        key: hexadecimal::of(&Sha256::digest(key.as_bytes())),
        digest: hexadecimal::of(&mac.finalize().into_bytes()),
        arrival: arrival.to_owned(),
    })
}

/// What the caller did by this request before; `None`: nothing, or its key is not known any more.
/// The same key for another request is refused.
pub async fn done(operations: &Operations, caller: &Caller) -> Result<Option<Done>> {
    let Some((actor, repeat)) = caller.person().zip(caller.origin.repeat.as_ref()) else {
        return Ok(None);
    };
    let mut reader = operations.store.read().await?;
    let Some(made) = reader.made(actor.account, &repeat.key).await? else { return Ok(None) };
    if made.digest != repeat.digest {
        return Err(other().into());
    }
    let account = match (made.kind.as_str(), made.id.parse::<AccountId>()) {
        ("account", Ok(id)) => reader.account(id).await?,
        _ => None,
    };
    let starting = account.is_some_and(|account| account.password == PasswordState::Starting);
    Ok(Some(Done { kind: made.kind, id: made.id, starting }))
}

fn other() -> Fault {
    Fault::conflict(
        "This key was used for another request already. Nothing was changed; send this one with a new key.",
    )
}
