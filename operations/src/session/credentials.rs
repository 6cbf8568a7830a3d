//! What a password is at a moment: compared before and after the time that hashing takes.

use roster::account::PasswordState;
use roster::id::Timestamp;
use roster::policy::Policies;
use roster::secret::Secret;
use roster::settings::Settings;
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

/// The hash that a password is compared with now; `None`: no password works.
pub(crate) async fn present_hash(
    reader: &mut Reader,
    found: &Credentials,
    settings: &Settings,
    now: Timestamp,
) -> Result<Option<String>> {
    Ok(match found.password {
        PasswordState::Own | PasswordState::Temporary => found.hash.clone(),
        PasswordState::Default if settings.default_password_works(now) => {
            reader.default_password_hash().await?
        }
        PasswordState::Default => None,
    })
}

/// Its fingerprint.
pub(crate) async fn current(
    reader: &mut Reader,
    found: &Credentials,
    settings: &Settings,
    now: Timestamp,
) -> Result<Option<Fingerprint>> {
    let hash = present_hash(reader, found, settings, now).await?;
    Ok(hash.as_deref().map(Fingerprint::of))
}

/// The own password is too old.
pub(crate) fn password_expired(found: &Credentials, policies: &Policies, now: Timestamp) -> bool {
    found.password == PasswordState::Own && policies.is_expired(found.chosen_at, now)
}
