//! Another key file in place of a lost one, of which there is no copy: what only the lost keys could
//! open is dropped, and the audit trail begins anew.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::id::Timestamp;
use serde_json::json;
use store::{BehindKeys, Store, StoredKey, Transaction};

use super::file::KeyFile;
use super::ring::{Ring, proof};
use super::{KeyError, Keys};
use crate::{Clock as _, OpenError, Result, SystemClock, permit, subject};

/// A database whose key file is lost.
pub struct Lost {
    store: Store,
    file: PathBuf,
    now: Timestamp,
}

/// How much only the lost keys could open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// People whose app has to be set up anew.
    pub apps: u64,
    /// People whose recovery codes are worth nothing any more.
    pub codes: u64,
    /// Imports and directories whose starting passwords were not downloaded yet.
    pub starting: u64,
    /// All that there are, since some began with a second step that is dropped.
    pub sessions: u64,
}

impl Dropped {
    fn of(behind: &BehindKeys) -> Self {
        Self {
            apps: behind.apps.len() as u64,
            codes: behind.codes,
            starting: behind.seeds,
            sessions: behind.sessions,
        }
    }
}

/// What replacing came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    pub file: PathBuf,
    /// The key that is used from now on.
    pub key: i64,
    /// Entries of the audit trail up to this one can't be verified any more.
    pub begins_after: i64,
    pub dropped: Dropped,
}

impl Lost {
    /// Opens a database without its keys. Refuses where they are there.
    pub async fn open(
        caller: &Caller,
        database: &str,
        key_file: Option<&Path>,
    ) -> std::result::Result<Self, OpenError> {
        permit(caller, &Act::Operate).map_err(KeyError::from)?;
        if key_file.is_none() && database.starts_with("postgres") {
            return Err(KeyError::NotGiven.into());
        }
        Store::must_exist(database)?;
        let store = Store::open(database).await?;
        match Self::of(store.clone(), key_file, SystemClock.now()).await {
            Ok(lost) => Ok(lost),
            Err(cause) => {
                store.close().await;
                Err(cause.into())
            }
        }
    }

    /// The same over an open store, at a given moment: for tests.
    pub async fn of(
        store: Store,
        key_file: Option<&Path>,
        now: Timestamp,
    ) -> std::result::Result<Self, KeyError> {
        let file = Keys::file_of(&store, key_file)?;
        let stored = store.read().await?.keys().await?;
        unused(&file, &stored)?;
        Ok(Self { store, file, now })
    }

    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// What [`replace`](Self::replace) would drop.
    pub async fn would_drop(&self, caller: &Caller) -> Result<Dropped> {
        permit(caller, &Act::Operate)?;
        Ok(Dropped::of(&self.store.read().await?.behind_keys().await?))
    }

    /// Makes the new key file and takes its key into use. In one transaction, all that only the lost
    /// keys could open is dropped, all sessions end, and the audit trail begins anew with the entry
    /// that says so.
    pub async fn replace(self, caller: &Caller) -> std::result::Result<Replaced, KeyError> {
        permit(caller, &Act::Operate)?;
        let tx = self.store.write().await?;
        let replaced = self.replace_in(tx, caller).await;
        self.store.close().await;
        replaced
    }

    async fn replace_in(
        &self,
        mut tx: Transaction,
        caller: &Caller,
    ) -> std::result::Result<Replaced, KeyError> {
        let permit = tx.operate(caller).map_err(crate::Error::from)?;
        let stored = tx.lock_keys().await?;
        let newest = stored.last().map_or(0, |key| key.id);
        let file = if let Some(file) = unused(&self.file, &stored)? {
            file
        } else {
            let file = KeyFile::after(newest)?;
            file.write_new(&self.file)?;
            file
        };
        let key = file.newest();
        let ring = Ring::default().and(&file);
        self.store.chain_by(Arc::new(Keys::new(self.file.clone(), ring)));
        let whole = file.keys.get(&key).ok_or(store::Error::NoKey(key))?;
        let behind = tx.behind_keys().await?;
        let head = tx.audit_head().await?;
        tx.replace_lost_keys(&permit, key, &proof(whole), self.now).await?;
        let dropped = Dropped::of(&behind);
        let mut trail = vec![Entry {
            action: Action::KeyReplaced,
            subject: subject::database(),
            // Whoever noted the last entry that can't be verified any more finds it here.
            before: json!({ "key": newest, "entry": head.last, "hash": head.hash }),
            after: json!({
                "key": key,
                "apps": dropped.apps,
                "recoveryCodes": dropped.codes,
                "startingPasswords": dropped.starting,
                "sessions": dropped.sessions,
            }),
        }];
        trail.extend(behind.apps.into_iter().map(|(id, name)| Entry {
            action: Action::TwoStepReset,
            subject: subject::account(id, &name),
            before: json!({ "app": true }),
            after: json!({ "app": false }),
        }));
        tx.commit(caller, self.now, &trail).await?;
        Ok(Replaced { file: self.file.clone(), key, begins_after: head.last, dropped })
    }
}

/// The file with a key that was never used, as an interrupted replacement leaves it; `None`: no file
/// is there. Refuses where nothing is lost, or another file is in the way.
fn unused(path: &Path, stored: &[StoredKey]) -> std::result::Result<Option<KeyFile>, KeyError> {
    let newest = stored.last().ok_or(KeyError::NoneYet)?.id;
    let file = match KeyFile::read(path) {
        Ok(file) => file,
        Err(KeyError::Missing(_)) => return Ok(None),
        Err(KeyError::NotAKeyFile { file, .. }) => return Err(KeyError::InTheWay(file)),
        Err(cause) => return Err(cause),
    };
    if file.keys.keys().all(|id| *id > newest) {
        return Ok(Some(file));
    }
    match Ring::of(&file, stored, path) {
        Ok(_) => Err(KeyError::NotLost(path.to_owned())),
        Err(_) => Err(KeyError::InTheWay(path.to_owned())),
    }
}
