//! The use cases of Muster. Each one: who asks, may they, what do the rules say, store it, audit
//! it. Nothing reaches `store` but through here; no HTTP and no SQL is here.

mod clock;
mod entropy;
mod error;
mod hashing;
mod sight;
mod starting;
mod subject;

pub mod administrators;
pub mod audit;
pub mod backup;
pub mod directory;
pub mod export;
pub mod groups;
pub mod housekeeping;
pub mod imports;
pub mod own_account;
pub mod passkeys;
pub mod set_up;
pub mod settings;
pub mod sign_in;
pub mod technicians;
pub mod two_step;

use std::sync::Arc;

use roster::authority::{Act, Caller, Permit, decide};
use roster::id::Timestamp;
use roster::passkey::{NoPasskeys, PublicAddress};
use store::{OpenError, Store};

pub use clock::{Clock, SystemClock};
pub use error::{Error, Result};
use hashing::Hashing;
use passkeys::Passkeys;

/// What the use cases work with: the memory, the clock, the pool that hashes passwords.
#[derive(Clone)]
pub struct Operations {
    store: Store,
    clock: Arc<dyn Clock>,
    hashing: Hashing,
    passkeys: Passkeys,
}

impl Operations {
    /// Opens the database, and brings it up to date.
    pub async fn open(database: &str) -> std::result::Result<Self, OpenError> {
        Ok(Self::with(Store::open(database).await?, Arc::new(SystemClock)))
    }

    /// The same over a store and a clock of the caller's: for tests.
    #[must_use]
    pub fn with(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, hashing: Hashing::new(), passkeys: Passkeys::nowhere() }
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

    /// The database answers.
    pub async fn ping(&self) -> bool {
        self.store.ping().await.is_ok()
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.store.close().await;
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The caller may, or the refusal.
fn permit(caller: &Caller, act: &Act<'_>) -> Result<Permit> {
    Ok(decide(caller, act)?)
}
