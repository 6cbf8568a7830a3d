//! What anybody may be asked, before it is known who they are: asking keeps nothing, the state is in the
//! token, sealed, with its end. That it was answered is kept until then, so that it is answered once.

use roster::id::Timestamp;
use roster::secret::Secret;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Reader, Transaction};

use super::{versioned, written};
use crate::keys::{Keys, Purpose};
use crate::{Result, entropy};

/// The token belongs to nobody in particular.
const NOBODY: i64 = 0;

/// The state of one kind.
pub(crate) trait Sealed: Serialize + DeserializeOwned {
    /// Of its own: what is sealed for another purpose is no token of this kind.
    const PURPOSE: Purpose;
    /// Of the state's shape: what an older program sealed counts as expired.
    const VERSION: u32;
    const SECONDS: i64;
}

#[derive(Serialize, Deserialize)]
struct Until<S> {
    expires_at: Timestamp,
    state: S,
}

/// The token for a state.
pub(crate) async fn seal<S: Sealed>(
    reader: &mut Reader,
    keys: &Keys,
    state: &S,
    now: Timestamp,
) -> Result<Secret> {
    let until = Until { expires_at: now.plus_seconds(S::SECONDS), state };
    let text = written(S::VERSION, &until)?;
    let held = keys.reading(reader).await?;
    Ok(Secret::new(held.seal(S::PURPOSE, NOBODY, text.as_bytes())?))
}

/// The state of a token, which may have been answered already.
pub(crate) struct Opened<S> {
    state: S,
    digest: String,
    forgotten_at: Timestamp,
}

/// What is in a token; `None`: it has expired, was changed, or is none of this kind.
pub(crate) async fn open<S: Sealed>(
    reader: &mut Reader,
    keys: &Keys,
    token: &Secret,
    now: Timestamp,
) -> Result<Option<Opened<S>>> {
    let held = keys.reading(reader).await?;
    let Ok(text) = held.open(S::PURPOSE, NOBODY, token.reveal()) else { return Ok(None) };
    let text = Secret::new(String::from_utf8_lossy(&text));
    let until = versioned::<Until<S>>(S::VERSION, text.reveal());
    let Some(Until { expires_at, state }) = until.filter(|until| now < until.expires_at) else {
        return Ok(None);
    };
    // Of what is in the token, since the same can be written in several ways.
    let digest = entropy::digest(&text);
    // Not at the expiry: the clock of another server may be behind.
    let forgotten_at = expires_at.plus_seconds(S::SECONDS);
    Ok(Some(Opened { state, digest, forgotten_at }))
}

impl<S> Opened<S> {
    /// The state, this once; `None`: it was answered already.
    pub async fn take(self, tx: &mut Transaction) -> Result<Option<S>> {
        let first = tx.keep_answered(&self.digest, self.forgotten_at).await?;
        Ok(first.then_some(self.state))
    }
}
