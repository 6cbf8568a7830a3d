//! Starting passwords: they are drawn here, hashed with a salt of their own by one round of SHA-256,
//! since nobody can guess 80 bits within the days for which they work, and compared here.
//!
//! Those of an import or of a directory's run are made from the batch's seed and each one's salt, so
//! that they can be made again until they are downloaded, once: then the seed is forgotten. The seed is
//! kept sealed.

use hmac::{Hmac, KeyInit as _, Mac as _};
use roster::account::{PasswordState, Role};
use roster::fault::Fault;
use roster::hexadecimal;
use roster::id::Timestamp;
use roster::secret::Secret;
use roster::settings::Settings;
use roster::starting::{BYTES, Phrases, StartingPassword, Waiting, as_compared};
use sha2::{Digest as _, Sha256};
use store::{Batch, Given, NewAccount, Permit, Reader, Transaction};

use crate::keys::{Held, Keys, Purpose};
use crate::{Operations, Result, entropy};

/// How a hash begins; then come the salt and the digest, in hexadecimal.
const MARK: &str = "$starting$";
const SALT: usize = 16;
const SEED: usize = 32;

/// How many accounts are read at a time.
const PAGE: u32 = 5_000;

/// What an account is given that has no password of its own.
pub(crate) struct Made {
    pub state: PasswordState,
    pub hash: Option<String>,
    /// To be shown once.
    pub shown: Option<StartingPassword>,
}

/// For one account: the hash of a password given, which is temporary; without one the organization's
/// default password where it works, which is for technicians alone, else a starting password.
pub(crate) fn made(
    hash: Option<String>,
    settings: &Settings,
    role: Role,
    now: Timestamp,
) -> Result<Made> {
    if hash.is_some() {
        return Ok(Made { state: PasswordState::Temporary, hash, shown: None });
    }
    if role == Role::Technician && settings.default_password_works(now) {
        return Ok(Made { state: PasswordState::Default, hash: None, shown: None });
    }
    let password = Phrases::default().phrase(entropy::bytes()?);
    let hash = Some(hash_of(&entropy::bytes()?, &password));
    let ends_at = now.plus_days(settings.default_password_days);
    let shown = Some(StartingPassword { password, ends_at });
    Ok(Made { state: PasswordState::Starting, hash, shown })
}

/// Gives starting passwords to the accounts that have the default password, where it doesn't work.
pub(crate) async fn give(
    tx: &mut Transaction,
    keys: &Keys,
    permit: &Permit,
    batch: Batch,
    new: &mut [NewAccount],
    now: Timestamp,
) -> Result<()> {
    let without = |new: &&mut NewAccount| new.password == PasswordState::Default;
    let count = new.iter_mut().filter(without).count();
    if count == 0 || tx.settings().await?.default_password_works(now) {
        return Ok(());
    }
    let seed = Seed::of(tx, keys, permit, batch, now).await?;
    let phrases = Phrases::default();
    let salts = entropy::many::<SALT>(count)?;
    for (new, salt) in new.iter_mut().filter(without).zip(salts) {
        new.password = PasswordState::Starting;
        new.hash = Some(hash_of(&salt, &seed.password(&phrases, &salt)));
    }
    Ok(())
}

/// How many starting passwords of a batch can be downloaded, and until when.
pub(crate) async fn waiting(
    reader: &mut Reader,
    operations: &Operations,
    batch: Batch,
) -> Result<Option<Waiting>> {
    let mut waiting = None;
    let Some(seed) = reader.starting_seed(batch).await? else { return Ok(None) };
    each(reader, operations, (batch, &seed), |given, _| {
        let all = waiting.get_or_insert(Waiting { count: 0, ends_at: given.ends_at });
        all.count += 1;
        all.ends_at = all.ends_at.min(given.ends_at);
    })
    .await?;
    Ok(waiting)
}

/// The starting passwords of a batch as a CSV file, and that they can't be made again; `None`: there
/// are none.
pub(crate) async fn take(
    tx: &mut Transaction,
    operations: &Operations,
    permit: &Permit,
    batch: Batch,
) -> Result<Option<(u64, Vec<u8>)>> {
    let mut rows = Vec::new();
    // First of all: it waits for a transaction that makes some now, and only one request gets the seed.
    let Some(seed) = tx.forget_starting_seed(permit, batch).await? else { return Ok(None) };
    each(tx, operations, (batch, &seed), |given, password| {
        rows.push([given.name, given.email, password.reveal().to_owned()]);
    })
    .await?;
    let file = roster::import::starting_csv(&rows);
    Ok((!rows.is_empty()).then_some((rows.len() as u64, file)))
}

/// They were downloaded already, used, or their days are over.
pub(crate) fn gone() -> Fault {
    Fault::conflict(
        "There are no starting passwords to download any more: they are downloaded once. To \
         replace one, reset that technician’s password.",
    )
}

async fn each(
    reader: &mut Reader,
    operations: &Operations,
    (batch, seed): (Batch, &str),
    mut found: impl FnMut(Given, Secret),
) -> Result<()> {
    let seed = Seed::open(&operations.keys.reading(reader).await?, batch, seed)?;
    let (phrases, now) = (Phrases::default(), operations.now());
    let mut from = Some(0);
    while let Some(place) = from {
        let (part, next) = reader.starting_passwords(batch, place, PAGE).await?;
        from = next;
        for given in part {
            // Another one by now, or one of an earlier seed.
            let Some(password) = seed.again(&phrases, &given.hash) else { continue };
            if now < given.ends_at {
                found(given, password);
            }
        }
    }
    Ok(())
}

/// What the starting passwords of a batch are made from.
struct Seed(Vec<u8>);

impl Seed {
    async fn of(
        tx: &mut Transaction,
        keys: &Keys,
        permit: &Permit,
        batch: Batch,
        now: Timestamp,
    ) -> Result<Self> {
        let held = keys.held(tx).await?;
        let fresh = entropy::bytes::<SEED>()?;
        let sealed = held.seal(Purpose::StartingSeed, owner(&batch.key()), &fresh)?;
        Self::open(&held, batch, &tx.keep_starting_seed(permit, batch, &sealed, now).await?)
    }

    fn open(held: &Held, batch: Batch, kept: &str) -> Result<Self> {
        Ok(Self(held.open(Purpose::StartingSeed, owner(&batch.key()), kept)?))
    }

    fn password(&self, phrases: &Phrases, salt: &[u8; SALT]) -> Secret {
        let mut random = [0; BYTES];
        // A key may have any length.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) {
            mac.update(salt);
            let made = mac.finalize().into_bytes();
            random.iter_mut().zip(made).for_each(|(byte, made)| *byte = made);
        }
        phrases.phrase(random)
    }

    /// The password of this hash, if it was made from this seed.
    fn again(&self, phrases: &Phrases, kept: &str) -> Option<Secret> {
        let salt = salt_of(kept)?;
        let password = self.password(phrases, &salt);
        (hash_of(&salt, &password) == kept).then_some(password)
    }
}

/// Whose a seed is, as it is sealed: a number of the batch's key.
pub(crate) fn owner(batch: &str) -> i64 {
    let digest: [u8; 32] = Sha256::digest(batch).into();
    digest.iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte))
}

fn hash_of(salt: &[u8; SALT], password: &Secret) -> String {
    let digest = Sha256::new().chain_update(salt).chain_update(password.reveal()).finalize();
    let mut text = String::with_capacity(MARK.len() + 2 * SALT + 1 + 64);
    text.push_str(MARK);
    hexadecimal::append(&mut text, salt);
    text.push('$');
    hexadecimal::append(&mut text, &digest);
    text
}

fn salt_of(hash: &str) -> Option<[u8; SALT]> {
    let (salt, _) = hash.strip_prefix(MARK)?.split_once('$')?;
    hexadecimal::parse(salt)?.try_into().ok()
}

/// It is the hash of a starting password.
pub(crate) fn is_one(hash: &str) -> bool {
    hash.starts_with(MARK)
}

/// It is this password's. The salt is the account's own: how far two digests are alike tells nothing.
pub(crate) fn is_of(password: &Secret, kept: &str) -> bool {
    salt_of(kept).is_some_and(|salt| hash_of(&salt, &as_compared(password)) == kept)
}
