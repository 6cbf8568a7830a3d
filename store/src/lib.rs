//! The memory of Muster: repositories over SQLite and PostgreSQL, their migrations, one
//! transaction per use case. SQL lives here alone; the rules of decisions don't: every call that
//! changes something asks for a [`Permit`], which a transaction makes by `roster::authority` about
//! what it has locked, and who calls is `operations`.
//!
//! A [`Transaction`] is a [`Reader`] that can also write. Dropped without a commit it is rolled
//! back; a commit takes the audit entries of what was done.
//!
//! Order of locks. On SQLite there is one writer at a time. On PostgreSQL (READ COMMITTED) rows are
//! locked in this order, so that two transactions never wait for each other: a source of directory
//! synchronization (it stands for its runs and mappings), the settings row (its
//! counters are the seats), the root of the tree (it stands for the tree's shape and for who is
//! where in it, counts included), accounts (several of them by their email), counted failures (an
//! account's before an address's), sessions, what is pending, imports and their chunks, keys of requests, audit; keys
//! of the server before all of them. A use case that takes seats takes them before it touches accounts.
//! Where two of them cross all the same, the database ends one and the error says
//! [`is_unavailable`](Error::is_unavailable): nothing was changed, it can be tried again.

mod accounts;
mod address;
mod assets;
mod audit;
mod batch;
mod calls;
mod check;
mod connection;
mod credentials;
mod devices;
mod directory;
mod error;
mod failures;
mod groups;
mod imports;
mod keys;
mod migrate;
mod open;
mod passkeys;
mod pending;
mod permit;
#[cfg(test)]
mod plan;
mod policy;
mod pools;
mod postgres;
mod private;
mod probe;
mod repeats;
mod restore;
mod seats;
mod sessions;
mod settings;
mod sql;
mod transfer;
mod two_step;

/// The target under which statements to the database are logged.
pub const STATEMENTS_LOG: &str = "sqlx::query";

pub use accounts::{
    Batch, Credentials, Given, NewAccount, PersonEdit, StoredPerson, WriteConflict,
};
pub use assets::{AssetFacts, StoredAsset};
pub use audit::{ChainKeys, Link};
pub use check::{Counted, Miscount};
pub use connection::{Kind, Reader, Transaction};
pub use directory::{
    BatchRefused, KeptMapping, KeptRun, LiveToken, NewBatch, NewChange, NewLink, NewProblem,
    RunEnd, Source, TokenFor, Unasked,
};
pub use error::{BackUpError, Error, OpenError};
pub use groups::{GroupConflict, GroupFacts};
pub use imports::{Before, ChunkSaved, Staged, StoredRow, ToUndo, UndoStep, row_place};
pub use keys::{BehindKeys, Owner, StoredKey, Written};
pub use open::Store;
pub use passkeys::{NewPasskey, Passkey};
pub use pending::{Pending, PendingKind};
pub use permit::{AccountAct, Accounts, GroupAct, NotThisOne, Permit, Refused, SourceAct};
pub use pools::PoolSizes;
pub use probe::Probe;
pub use repeats::Made;
pub use restore::{PlaceError, SqlitePlace, discard};
pub use seats::{SeatCount, SeatsFree};
pub use sessions::{LiveSession, NewSession, SessionFacts};
pub use settings::{DefaultPasswordEdit, SettingsEdit};
pub use transfer::{MoveError, MovedTable, Step, Sum, Transfer};
pub use two_step::TwoStep;
