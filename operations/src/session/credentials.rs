//! What a password is at a moment: compared before and after the time that hashing takes.

use roster::account::PasswordState;
use roster::id::Timestamp;
use roster::policy::Policies;
use roster::secret::Secret;
use serde::{Deserialize, Serialize};
use store::{Credentials, Reader};

use crate::{Result, entropy};

/// Of a password's hash: another password has another, the same one hashed anew does, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fingerprint(String);

impl Fingerprint {
    pub fn of(hash: &str) -> Self {
        Self(entropy::digest(&Secret::new(hash)))
    }
}

/// The hash that a password is compared with now at a sign-in; `None`: no password works.
pub(crate) async fn present_hash(
    reader: &mut Reader,
    found: &Credentials,
    now: Timestamp,
) -> Result<Option<String>> {
    if !found.opens(now) {
        return Ok(None);
    }
    Ok(match found.password {
        PasswordState::Own | PasswordState::Temporary | PasswordState::Starting => {
            found.hash.clone()
        }
        PasswordState::Default => reader.default_password_hash().await?,
    })
}

/// The hash by which whoever is signed in proves the present password: also that of a starting password,
/// whose one sign-in is over. Where they don't choose their own at once, it is asked for again.
pub(crate) async fn own_hash(
    reader: &mut Reader,
    found: &Credentials,
    now: Timestamp,
) -> Result<Option<String>> {
    match found.used_hash() {
        Some(hash) => Ok(Some(hash.to_owned())),
        None => present_hash(reader, found, now).await,
    }
}

/// Its fingerprint.
pub(crate) async fn current(
    reader: &mut Reader,
    found: &Credentials,
    now: Timestamp,
) -> Result<Option<Fingerprint>> {
    let hash = present_hash(reader, found, now).await?;
    Ok(hash.as_deref().map(Fingerprint::of))
}

/// The own password is too old.
pub(crate) fn password_expired(found: &Credentials, policies: &Policies, now: Timestamp) -> bool {
    found.password == PasswordState::Own && policies.is_expired(found.chosen_at, now)
}
