//! Moving the whole database into another one: from SQLite to PostgreSQL, back, or within a kind. The key
//! file stays the same.

use std::path::Path;
use std::sync::Arc;

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::fault::Fault;
use roster::hexadecimal;
use roster::id::Timestamp;
use serde_json::json;
use store::{Kind, MoveError, Store, Transfer};

pub use store::{MovedTable, Step};

use crate::keys::{KeyError, Keys};
use crate::{Clock as _, Error, OpenError, Result, SystemClock, entropy, permit, subject};

/// Two databases, of which one is moved into the other.
pub struct Move {
    source: Store,
    target: Store,
    keys: Keys,
    /// Tells the source from other databases: of its first key nothing but the proof.
    origin: String,
}

impl From<MoveError> for Error {
    fn from(cause: MoveError) -> Self {
        match cause {
            MoveError::Database(cause) => cause.into(),
            refusal => Fault::refused(refusal.to_string()).into(),
        }
    }
}

impl Move {
    /// Opens the source to read it alone, and the target, which is made where it is missing. Without
    /// a key file being named it is the one beside the source's SQLite file.
    pub async fn open(
        caller: &Caller,
        from: &str,
        to: &str,
        key_file: Option<&Path>,
    ) -> std::result::Result<Self, OpenError> {
        permit(caller, &Act::Operate).map_err(KeyError::from)?;
        if key_file.is_none() && from.starts_with("postgres") {
            return Err(KeyError::NotGiven.into());
        }
        let source = Store::open_to_read(from).await?;
        match Self::with_target(source.clone(), to, key_file).await {
            Ok(opened) => Ok(opened),
            Err(cause) => {
                source.close().await;
                Err(cause)
            }
        }
    }

    async fn with_target(
        source: Store,
        to: &str,
        key_file: Option<&Path>,
    ) -> std::result::Result<Self, OpenError> {
        let keys = Keys::to_read(&source, key_file).await?;
        let stored = source.read().await.map_err(KeyError::from)?.keys().await;
        let stored = stored.map_err(KeyError::from)?;
        let origin = stored.first().ok_or(KeyError::NoneYet)?.proof.clone();
        let target = Store::open_target(to).await?;
        target.chain_by(Arc::new(keys.clone()));
        Ok(Self { source, target, keys, origin })
    }

    /// The key file that the new database needs, as the old one does.
    #[must_use]
    pub fn key_file(&self) -> &Path {
        self.keys.file()
    }

    /// Moves everything but sessions, compares both sides, and writes into the new trail that it was
    /// moved.
    pub async fn run(&self, caller: &Caller, told: impl FnMut(Step)) -> Result<Vec<MovedTable>> {
        self.run_at(caller, SystemClock.now(), told).await
    }

    /// The same at a given moment: for tests.
    pub async fn run_at(
        &self,
        caller: &Caller,
        now: Timestamp,
        told: impl FnMut(Step),
    ) -> Result<Vec<MovedTable>> {
        let decided = permit(caller, &Act::Operate)?;
        let run = hexadecimal::of(&entropy::bytes::<16>()?);
        let sides = (&self.source, &self.target);
        let mut transfer = Transfer::begin(&decided, sides, &self.origin, run).await?;
        let moved = transfer.run(told).await?;
        let rows: u64 = moved.iter().map(|table| table.sum.rows).sum();
        let entry = Entry {
            action: Action::DatabaseMoved,
            subject: subject::database(),
            before: json!({ "database": name(self.source.kind()) }),
            after: json!({ "database": name(self.target.kind()), "rows": rows }),
        };
        transfer.end().await?.commit(caller, now, &[entry]).await?;
        Ok(moved)
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.source.close().await;
        self.target.close().await;
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "SQLite",
        Kind::Postgres => "PostgreSQL",
    }
}
