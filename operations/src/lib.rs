//! The use cases of Muster. Each one: who asks, may they, what do the rules say, store it, audit
//! it. Nothing reaches `store` but through here; no HTTP and no SQL is here.

mod attempts;
mod clock;
mod devices;
mod entropy;
mod error;
mod hashing;
mod pending;
mod sight;
mod starting;
mod subject;

pub mod administrators;
pub mod assets;
pub mod audit;
pub mod backup;
pub mod directory;
pub mod export;
pub mod groups;
pub mod holder;
pub mod housekeeping;
pub mod imports;
pub mod keys;
pub mod locks;
pub mod moving;
pub mod own_account;
pub mod passkeys;
pub mod repeats;
pub mod restore;
pub mod session;
pub mod set_up;
pub mod settings;
pub mod sign_in;
pub mod technicians;
pub mod two_step;
pub mod verify;

use std::path::Path;
use std::sync::Arc;

use roster::authority::{Act, Caller, Decision, decide};
use roster::fault::Outage;
use roster::id::Timestamp;
use roster::passkey::{NoPasskeys, PublicAddress};
pub use store::{PoolSizes, Probe, STATEMENTS_LOG};
use store::{Store, Transaction};

pub use clock::{Clock, SystemClock};
pub use error::{Error, Result};
use hashing::Hashing;
use keys::{KeyError, Keys};
use passkeys::Passkeys;

/// What the use cases work with: the memory, the clock, the pool that hashes passwords, the keys.
#[derive(Clone)]
pub struct Operations {
    store: Store,
    clock: Arc<dyn Clock>,
    hashing: Hashing,
    passkeys: Passkeys,
    keys: Keys,
}

/// Why the database or its keys can't be opened; for the person who starts the program.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Store(#[from] store::OpenError),
    #[error(transparent)]
    Keys(#[from] KeyError),
}

impl Operations {
    /// Opens the database, and brings it up to date. Without a key file being named it is the one
    /// beside the SQLite file.
    pub async fn open(
        database: &str,
        key_file: Option<&Path>,
    ) -> std::result::Result<Self, OpenError> {
        Self::open_sized(database, key_file, PoolSizes::default()).await
    }

    /// The same with so many connections to a PostgreSQL server.
    pub async fn open_sized(
        database: &str,
        key_file: Option<&Path>,
        sizes: PoolSizes,
    ) -> std::result::Result<Self, OpenError> {
        if key_file.is_none() && database.starts_with("postgres") {
            return Err(KeyError::NotGiven.into());
        }
        let store = Store::open_sized(database, sizes).await?;
        let opened = Keys::of(&store, key_file, SystemClock.now()).await;
        match opened {
            Ok(keys) => Ok(Self::with(store, Arc::new(SystemClock), keys)),
            Err(cause) => {
                store.close().await;
                Err(cause.into())
            }
        }
    }

    /// The same for a database that must be there: none is made.
    pub async fn open_existing(
        database: &str,
        key_file: Option<&Path>,
    ) -> std::result::Result<Self, OpenError> {
        Store::must_exist(database)?;
        Self::open(database, key_file).await
    }

    /// Opens a database to read it alone: a hot standby, a read-only file, a backup. What would write
    /// fails.
    pub async fn open_to_read(
        database: &str,
        key_file: Option<&Path>,
    ) -> std::result::Result<Self, OpenError> {
        if key_file.is_none() && database.starts_with("postgres") {
            return Err(KeyError::NotGiven.into());
        }
        let store = Store::open_to_read(database).await?;
        match Keys::to_read(&store, key_file).await {
            Ok(keys) => Ok(Self::with(store, Arc::new(SystemClock), keys)),
            Err(cause) => {
                store.close().await;
                Err(cause.into())
            }
        }
    }

    /// Over a store and a clock of the caller's: for tests.
    #[must_use]
    pub fn with(store: Store, clock: Arc<dyn Clock>, keys: Keys) -> Self {
        Self { store, clock, hashing: Hashing::new(), passkeys: Passkeys::nowhere(), keys }
    }

    /// The same for who comes by this address: passkeys belong to it.
    #[must_use]
    pub fn at(self, address: PublicAddress) -> Self {
        Self { passkeys: Passkeys::at(address), ..self }
    }

    /// Whether there are passkeys for who came by this address; `host` is the request's.
    pub fn passkeys_at(&self, host: &str) -> std::result::Result<(), NoPasskeys> {
        self.passkeys.open_at(host)
    }

    /// Where the keys outside the database are.
    #[must_use]
    pub fn key_file(&self) -> &Path {
        self.keys.file()
    }

    /// Reads the database and, where a writer is free, writes to it: see [`Store::probe`].
    pub async fn probe(&self) -> Result<Probe> {
        Ok(self.store.probe().await?)
    }

    /// Refuses a database that is read-only. Whatever else is wrong may pass.
    pub async fn must_be_writable(&self) -> std::result::Result<(), OpenError> {
        match self.store.probe().await {
            Err(cause) if cause.outage() == Some(Outage::ReadOnly) => {
                Err(store::OpenError::ReadOnly.into())
            }
            _ => Ok(()),
        }
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.store.close().await;
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Whether the caller may by now, as an answer rather than a refusal.
async fn may(tx: &mut Transaction, caller: &Caller, act: &Act<'_>) -> Result<bool> {
    match tx.permit(caller, act).await {
        Ok(_) => Ok(true),
        Err(store::Error::Refused(_)) => Ok(false),
        Err(failed) => Err(failed.into()),
    }
}

/// The caller may, or the refusal. Enough for reading; what is changed is decided in its transaction.
fn permit(caller: &Caller, act: &Act<'_>) -> Result<Decision> {
    Ok(decide(caller, act)?)
}
