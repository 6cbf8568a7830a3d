//! Taking keys into use: at the first start, and when they are changed. What is under earlier keys, or
//! under none, is written anew in steps; whatever ends them, they go on where they were.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::id::Timestamp;
use serde_json::{Value, json};
use store::{Owner, Store, StoredKey, Transaction, Written};

use super::file::KeyFile;
use super::ring::{Ring, newest_of, proof, unhex};
use super::{KeyError, Keys, Purpose};
use crate::{Operations, Result, permit, starting, subject};

/// Rows that are written anew in one transaction.
const PART: u32 = 500;

impl Keys {
    /// The file that is given, or the one beside an SQLite file.
    pub(super) fn file_of(
        store: &Store,
        given: Option<&Path>,
    ) -> std::result::Result<PathBuf, KeyError> {
        let beside = || store.file().map(|database| database.with_extension("key"));
        given.map(Path::to_owned).or_else(beside).ok_or(KeyError::NotGiven)
    }

    /// The keys of a database that is only read: none is made or taken into use.
    pub async fn to_read(
        store: &Store,
        given: Option<&Path>,
    ) -> std::result::Result<Self, KeyError> {
        let path = Self::file_of(store, given)?;
        let stored = store.read().await?.keys().await?;
        let ring = if stored.is_empty() {
            Ring::default()
        } else {
            match KeyFile::read(&path) {
                Err(KeyError::Missing(_)) => return Err(KeyError::Lost(path)),
                read => Ring::of(&read?, &stored, &path)?,
            }
        };
        let keys = Self::new(path, ring);
        store.chain_by(Arc::new(keys.clone()));
        Ok(keys)
    }

    /// The keys of this database, from the file that is given or lies beside it. Where there are none
    /// yet, the first is taken into use; beside an SQLite file it is made.
    pub async fn of(
        store: &Store,
        given: Option<&Path>,
        now: Timestamp,
    ) -> std::result::Result<Self, KeyError> {
        let path = Self::file_of(store, given)?;
        let mut stored = store.read().await?.keys().await?;
        let file = match KeyFile::read(&path) {
            Err(KeyError::Missing(_)) if !stored.is_empty() => return Err(KeyError::Lost(path)),
            Err(KeyError::Missing(_)) if store.file().is_some() => make(&path)?,
            read => read?,
        };
        let keys = Self::new(path.clone(), Ring::of(&file, &stored, &path)?);
        store.chain_by(Arc::new(keys.clone()));
        if stored.is_empty() {
            begin(store.write().await?, &file, now).await?;
            // Another process may have been quicker, with another key.
            stored = store.read().await?.keys().await?;
            Ring::of(&file, &stored, &path)?;
        }
        let unsettled = stored.last().filter(|newest| !newest.settled);
        if let Some(newest) = unsettled {
            settle(store, &keys.ring(), newest.id, &Caller::operator()).await?;
        }
        Ok(keys)
    }
}

fn make(path: &Path) -> std::result::Result<KeyFile, KeyError> {
    match KeyFile::first()?.write_new(path) {
        Ok(()) => {
            tracing::warn!(
                file = %path.display(),
                "the key file was made: keep a copy of it, apart from the backups of the database"
            );
        }
        // By a process that starts at the same time.
        Err(KeyError::Exists(_)) => {}
        Err(cause) => return Err(cause),
    }
    KeyFile::read(path)
}

/// The first key, unless there is one by now.
async fn begin(mut tx: Transaction, file: &KeyFile, now: Timestamp) -> Result<()> {
    if tx.lock_keys().await?.is_empty() {
        take(tx, file, file.newest(), None, now, &Caller::operator()).await?;
    }
    Ok(())
}

async fn take(
    mut tx: Transaction,
    file: &KeyFile,
    id: i64,
    before: Option<i64>,
    now: Timestamp,
    caller: &Caller,
) -> Result<()> {
    let permit = tx.operate(caller)?;
    let whole = file.keys.get(&id).ok_or(store::Error::NoKey(id))?;
    tx.add_key(&permit, id, &proof(whole), now).await?;
    let entry = Entry {
        action: Action::KeyTaken,
        subject: subject::database(),
        before: before.map_or(Value::Null, |before| json!({ "key": before })),
        after: json!({ "key": id }),
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(())
}

/// What changing the key came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The key that is used from now on.
    pub key: i64,
    /// Keys of the file that are needed no more.
    pub earlier: Vec<i64>,
}

/// Takes a new key into use and writes anew what was written with the one before. A key of the file
/// that was never used is taken rather than another one made; where a change was interrupted, it is
/// finished.
pub async fn rotate(operations: &Operations, caller: &Caller) -> Result<Rotated> {
    permit(caller, &Act::Operate)?;
    let path = operations.keys.file().to_owned();
    let (store, now) = (&operations.store, operations.now());
    let mut tx = store.write().await?;
    let stored = tx.lock_keys().await?;
    let newest = stored.last().map_or(0, |key| key.id);
    let mut file = KeyFile::read(&path)?;
    Ring::of(&file, &stored, &path)?;
    let key = if stored.last().is_some_and(|key| !key.settled) {
        drop(tx);
        newest
    } else {
        if file.newest() <= newest {
            file.add()?;
            file.replace(&path)?;
        }
        take(tx, &file, file.newest(), Some(newest), now, caller).await?;
        file.newest()
    };
    let ring = operations.keys.0.with(key).ok_or(store::Error::NoKey(key))?;
    settle(store, &ring, key, caller).await?;
    let earlier = file.keys.keys().copied().filter(|id| *id < key).collect();
    Ok(Rotated { key, earlier })
}

/// Writes anew what is not under this key, then keeps of the earlier ones what is needed of them.
async fn settle(store: &Store, ring: &Ring, id: i64, caller: &Caller) -> Result<()> {
    for what in Written::ALL {
        let mut after = what.start();
        loop {
            let mut tx = store.write().await?;
            let permit = tx.operate(caller)?;
            let rows = tx.written(what, &after, PART).await?;
            let Some(last) = rows.last() else { break };
            after.clone_from(last);
            for row in rows.iter().filter(|(_, was)| newest_of(was) != Some(id)) {
                if let Some(anew) = anew(ring, id, what, row)? {
                    tx.write_anew(&permit, what, row, &anew).await?;
                }
            }
            tx.commit_bookkeeping().await?;
        }
    }
    let mut tx = store.write().await?;
    let permit = tx.operate(caller)?;
    let stored = tx.lock_keys().await?;
    let earlier = stored.iter().filter(|key| key.id < id);
    let kept = earlier.map(|key| kept(ring, id, key)).collect::<Result<Vec<_>>>()?;
    tx.settle_key(&permit, id, &kept).await?;
    tx.commit_bookkeeping().await?;
    Ok(())
}

/// The same under this key; `None`: it is not as it was written. One row that nobody can read keeps
/// nobody else out.
fn anew(
    ring: &Ring,
    id: i64,
    what: Written,
    (owner, was): &(Owner, String),
) -> Result<Option<String>> {
    let purpose = match what {
        Written::AppSecrets => Purpose::AppSecret,
        Written::StartingSeeds => Purpose::StartingSeed,
        Written::RecoveryCodes => return Ok(Some(ring.code_hash_anew(id, was)?)),
    };
    let number = match owner {
        Owner::Account(account) => account.0,
        Owner::Batch(key) => starting::owner(key),
    };
    match sealed_anew(ring, id, (purpose, number), was) {
        Ok(anew) => Ok(Some(anew)),
        Err(cause) => {
            tracing::error!(?owner, %cause, "what is sealed with a key is not as it was written");
            Ok(None)
        }
    }
}

fn sealed_anew(
    ring: &Ring,
    id: i64,
    (purpose, owner): (Purpose, i64),
    was: &str,
) -> Result<String> {
    let secret = match newest_of(was) {
        // App secrets are older than the keys.
        None if purpose == Purpose::AppSecret => unhex(was)?,
        _ => ring.open(purpose, owner, was)?,
    };
    ring.seal(id, purpose, owner, &secret)
}

fn kept(ring: &Ring, id: i64, key: &StoredKey) -> Result<(i64, String)> {
    let earlier = ring.earlier(key.id).ok_or(store::Error::NoKey(key.id))?;
    Ok((key.id, ring.seal(id, Purpose::EarlierKey, key.id, &earlier)?))
}
