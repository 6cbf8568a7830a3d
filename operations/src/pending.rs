//! What is asked once and answered later. Each kind is a type that says how long it waits and how
//! many of it one account has; its token is known to the browser alone. What anybody may be asked is
//! not kept, but sealed into its token: `sealed`.

pub(crate) mod sealed;

use roster::id::{AccountId, SessionId, Timestamp};
use roster::secret::Secret;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Pending, PendingKind, Reader, Transaction};

use crate::{Error, Result, entropy};

/// The state of one kind.
pub(crate) trait Awaits: Serialize + DeserializeOwned {
    const KIND: PendingKind;
    /// Of the state's shape: what an older program wrote counts as expired.
    const VERSION: u32;
    const SECONDS: i64;
    /// The most for one account: those that expire first make room.
    const MOST: u32;
}

/// By whom an answer may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Whose {
    pub account: AccountId,
    /// `None`: there is no session yet.
    pub session: Option<SessionId>,
}

impl Whose {
    pub fn account(account: AccountId) -> Self {
        Self { account, session: None }
    }

    pub fn session(account: AccountId, session: SessionId) -> Self {
        Self { account, session: Some(session) }
    }
}

#[derive(Serialize, Deserialize)]
struct Versioned<S> {
    v: u32,
    state: S,
}

/// Keeps the state; the token under which it waits.
pub(crate) async fn keep<S: Awaits>(
    tx: &mut Transaction,
    whose: Whose,
    state: &S,
    now: Timestamp,
) -> Result<Secret> {
    let token = entropy::token()?;
    keep_under(tx, &token, whose, state, now).await?;
    Ok(token)
}

/// Keeps the state under a token that is made elsewhere; until when.
pub(crate) async fn keep_under<S: Awaits>(
    tx: &mut Transaction,
    token: &Secret,
    whose: Whose,
    state: &S,
    now: Timestamp,
) -> Result<Timestamp> {
    let state = written(S::VERSION, state)?;
    let Whose { account, session } = whose;
    let expires_at = now.plus_seconds(S::SECONDS);
    let new = Pending { account, session, state, expires_at };
    tx.keep_pending(S::KIND, &entropy::digest(token), &new, S::MOST).await?;
    Ok(expires_at)
}

/// What waits under the token, and goes on waiting.
pub(crate) async fn look<S: Awaits>(
    reader: &mut Reader,
    token: &Secret,
    now: Timestamp,
) -> Result<Option<(Whose, S)>> {
    Ok(reader.pending(S::KIND, &entropy::digest(token), now).await?.as_ref().and_then(read))
}

/// What waits in this session, and goes on waiting.
pub(crate) async fn of_session<S: Awaits>(
    reader: &mut Reader,
    session: SessionId,
    now: Timestamp,
) -> Result<Option<(Whose, S)>> {
    Ok(reader.pending_of_session(S::KIND, session, now).await?.as_ref().and_then(read))
}

/// What waits under the token, this once, for who may answer; anybody else's try uses it up, too.
pub(crate) async fn take<S: Awaits>(
    tx: &mut Transaction,
    token: &Secret,
    whose: Whose,
    now: Timestamp,
) -> Result<Option<S>> {
    let waited = take_any(tx, token, now).await?;
    Ok(waited.filter(|(kept, _)| *kept == whose).map(|(_, state)| state))
}

/// What waits under the token, this once, in whichever session of this account it was asked; anybody
/// else's try uses it up, too.
pub(crate) async fn take_of_account<S: Awaits>(
    tx: &mut Transaction,
    token: &Secret,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<S>> {
    let waited = take_any(tx, token, now).await?;
    Ok(waited.filter(|(kept, _)| kept.account == account).map(|(_, state)| state))
}

async fn take_any<S: Awaits>(
    tx: &mut Transaction,
    token: &Secret,
    now: Timestamp,
) -> Result<Option<(Whose, S)>> {
    Ok(tx.take_pending(S::KIND, &entropy::digest(token), now).await?.as_ref().and_then(read))
}

fn read<S: Awaits>(row: &Pending) -> Option<(Whose, S)> {
    let state = versioned(S::VERSION, &row.state)?;
    Some((Whose { account: row.account, session: row.session }, state))
}

fn written(version: u32, state: &impl Serialize) -> Result<String> {
    serde_json::to_string(&Versioned { v: version, state })
        .map_err(|why| Error::internal(why.to_string()))
}

/// The state, if it is of this version.
fn versioned<S: DeserializeOwned>(version: u32, text: &str) -> Option<S> {
    let Versioned { v, state } = serde_json::from_str::<Versioned<serde_json::Value>>(text).ok()?;
    if v != version {
        return None;
    }
    serde_json::from_value(state).ok()
}
