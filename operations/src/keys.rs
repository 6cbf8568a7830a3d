//! The keys outside the database. A file has them: app secrets and starting seeds are sealed with the
//! newest, recovery codes and the audit trail are under an HMAC, so that the database alone gives none of them away.
//! Taking a key into use and changing it is in `take`, replacing a lost file in `lost`.

mod file;
mod lost;
mod ring;
mod take;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use roster::audit::chain::ChainKey;
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use store::{ChainKeys, Reader, Transaction};

use crate::{Result, permit};
use file::KeyFile;
pub use lost::{Dropped, Lost, Replaced};
pub use ring::Purpose;
use ring::Ring;
pub use take::{Rotated, rotate};

/// Why the keys can't be used: what, where, and what to do now.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(
        "A PostgreSQL database needs a key file outside of it: give --key-file FILE. `muster key new \
         FILE` makes one; every server over this database takes the same."
    )]
    NotGiven,
    #[error(
        "The key file {file} is not there. `muster key new {file}` makes one; every server over \
         this database takes the same.", file = .0.display()
    )]
    Missing(PathBuf),
    #[error(
        "The key file {} is not there, and this database is written with it. Put it back from where \
         you keep its copy, or say by --key-file FILE where it is. If there is no copy any more: `muster \
         key replace --lost --help`.", .0.display()
    )]
    Lost(PathBuf),
    #[error(
        "Others can read the key file {file} (its mode is {mode:o}): run `chmod 600 {file}`.",
        file = file.display()
    )]
    Open { file: PathBuf, mode: u32 },
    #[error(
        "{} is no key file of Muster: its line {line} is no key. `muster key new FILE` makes one.",
        file.display()
    )]
    NotAKeyFile { file: PathBuf, line: usize },
    #[error(
        "The key file {} is not the one of this database: its key {key} is another. Give the right \
         one by --key-file FILE.", file.display()
    )]
    Wrong { file: PathBuf, key: i64 },
    #[error(
        "The key file {} lacks key {key}, which this database is written with. Put that file's copy \
         here that has it.", file.display()
    )]
    Lacks { file: PathBuf, key: i64 },
    #[error(
        "This database has no key yet: nothing is lost. `muster serve` takes the first into use."
    )]
    NoneYet,
    #[error(
        "The key file {} is there, and is the one of this database: nothing is lost. `muster key \
         rotate` takes a new key into use.", .0.display()
    )]
    NotLost(PathBuf),
    #[error(
        "{} is there, and is not the key file of this database. It is not written over: move it away, \
         or name another file by --key-file FILE.", .0.display()
    )]
    InTheWay(PathBuf),
    #[error("{} is there already; a key file is never written over.", .0.display())]
    Exists(PathBuf),
    #[error("The key file {} can’t be read or written: {why}.", file.display())]
    File { file: PathBuf, why: String },
    #[error("The keys can’t be taken into use: {0}.")]
    Use(#[from] crate::Error),
}

impl From<store::Error> for KeyError {
    fn from(cause: store::Error) -> Self {
        Self::Use(cause.into())
    }
}

impl From<KeyError> for crate::Error {
    fn from(cause: KeyError) -> Self {
        match cause {
            KeyError::Use(cause) => cause,
            refusal => Fault::refused(refusal.to_string()).into(),
        }
    }
}

/// The keys of an open database. Clones share them.
#[derive(Clone)]
pub struct Keys(Arc<Shared>);

struct Shared {
    file: PathBuf,
    ring: RwLock<Arc<Ring>>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("file", &self.0.file).finish_non_exhaustive()
    }
}

impl Keys {
    fn new(file: PathBuf, ring: Ring) -> Self {
        Self(Arc::new(Shared { file, ring: RwLock::new(Arc::new(ring)) }))
    }

    fn ring(&self) -> Arc<Ring> {
        self.0.ring()
    }

    pub(crate) fn file(&self) -> &Path {
        &self.0.file
    }

    /// To read and write with until the transaction ends. The newest key is the database's to say:
    /// another process may have taken one into use.
    pub async fn held(&self, tx: &mut Transaction) -> Result<Held> {
        let newest = tx.hold_newest_key().await?.unwrap_or(0);
        self.at(newest)
    }

    /// To read what was written a moment ago.
    pub async fn reading(&self, reader: &mut Reader) -> Result<Held> {
        let newest = reader.newest_key().await?.unwrap_or(0);
        self.at(newest)
    }

    fn at(&self, newest: i64) -> Result<Held> {
        let ring = self.0.with(newest).ok_or(store::Error::NoKey(newest))?;
        Ok(Held { ring, newest })
    }
}

impl Keys {
    /// Those that chain the audit trail.
    pub(crate) async fn of_chain(&self, reader: &mut Reader) -> Result<BTreeMap<i64, ChainKey>> {
        let used = reader.keys().await?;
        let key = |id| Ok((id, self.chain_key(id).ok_or(store::Error::NoKey(id))?));
        used.iter().map(|used| key(used.id)).collect()
    }
}

impl Shared {
    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The ring with this key in it; where it isn't, the file may have it by now.
    fn with(&self, id: i64) -> Option<Arc<Ring>> {
        let ring = self.ring();
        if ring.has(id) {
            return Some(ring);
        }
        let file = KeyFile::read(&self.file)
            .inspect_err(|cause| tracing::error!(%cause, "a new key is in use and can't be read"))
            .ok()?;
        let ring = Arc::new(ring.and(&file));
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&ring);
        ring.has(id).then_some(ring)
    }
}

impl ChainKeys for Keys {
    fn chain_key(&self, id: i64) -> Option<ChainKey> {
        self.0.with(id)?.chain_key(id)
    }
}

/// The keys, and which of them is the newest, for as long as a transaction lasts.
#[derive(Clone)]
pub struct Held {
    ring: Arc<Ring>,
    newest: i64,
}

impl Held {
    /// Seals a secret of somebody or something: nobody else's place takes it.
    pub fn seal(&self, purpose: Purpose, owner: i64, secret: &[u8]) -> Result<String> {
        self.ring.seal(self.newest, purpose, owner, secret)
    }

    /// What was sealed, for the same purpose and owner.
    pub fn open(&self, purpose: Purpose, owner: i64, sealed: &str) -> Result<Vec<u8>> {
        self.ring.open(purpose, owner, sealed)
    }

    /// What vouches for an asset: it is as a server of this key file kept it.
    pub fn asset_mac(&self, name: &str, compressed: bool, contents: &[u8]) -> Result<String> {
        self.ring.asset_mac(self.newest, name, compressed, contents)
    }

    #[must_use]
    pub fn is_asset(&self, mac: &str, name: &str, compressed: bool, contents: &[u8]) -> bool {
        let id = ring::newest_of(mac);
        let computed = id.and_then(|id| self.ring.asset_mac(id, name, compressed, contents).ok());
        computed.is_some_and(|computed| computed == mac)
    }

    /// As a recovery code is kept; `digest` is its SHA-256.
    pub fn code_hash(&self, digest: &str) -> Result<String> {
        self.ring.code_hash(self.newest, digest)
    }

    /// Which of these hashes is this code's.
    #[must_use]
    pub fn code_among<'a>(&self, hashes: &'a [String], digest: &str) -> Option<&'a String> {
        hashes.iter().find(|hash| self.ring.is_code(hash, digest))
    }
}

/// A key file for a database to be: for PostgreSQL, where no server makes one by itself.
pub fn make_file(caller: &Caller, file: &Path) -> std::result::Result<(), KeyError> {
    permit(caller, &Act::Operate)?;
    KeyFile::first()?.write_new(file)
}
