//! Putting a backup of an SQLite database in the database's place.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller, Decision};
use roster::hexadecimal;
use roster::id::Timestamp;
use serde_json::{Value, json};
use store::{BackUpError, PlaceError, SqlitePlace, Store};

use crate::keys::{KeyError, Keys};
use crate::{Clock as _, OpenError, SystemClock, entropy, permit, subject};

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error(
        "A PostgreSQL database is restored by its own tools: pg_restore, into an empty database."
    )]
    UsePgRestore,
    #[error(
        "{} is there already. To restore in its place, stop the server over it and give --set-aside: \
         what is there is renamed, to {}.", file.display(), aside.display()
    )]
    Taken { file: PathBuf, aside: PathBuf },
    #[error("The backup {} is damaged: {why}. Nothing was changed; take another.", file.display())]
    Damaged { file: PathBuf, why: String },
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Place(#[from] PlaceError),
    #[error(transparent)]
    Copy(#[from] BackUpError),
    #[error(transparent)]
    Use(#[from] crate::Error),
}

impl From<store::OpenError> for RestoreError {
    fn from(cause: store::OpenError) -> Self {
        Self::Open(cause.into())
    }
}

impl From<KeyError> for RestoreError {
    fn from(cause: KeyError) -> Self {
        Self::Open(cause.into())
    }
}

impl From<store::Error> for RestoreError {
    fn from(cause: store::Error) -> Self {
        Self::Use(cause.into())
    }
}

/// What restoring came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    pub file: PathBuf,
    pub key_file: PathBuf,
    /// The name of what was there.
    pub aside: Option<PathBuf>,
}

/// A place for a database, and the key file with which it will be used.
pub struct Restore {
    place: SqlitePlace,
    key_file: PathBuf,
    now: Timestamp,
}

impl Restore {
    pub fn to(database: &str, key_file: Option<&Path>) -> Result<Self, RestoreError> {
        let place = SqlitePlace::of(database)?.ok_or(RestoreError::UsePgRestore)?;
        let key_file = key_file.map_or_else(|| place.file().with_extension("key"), Path::to_owned);
        Ok(Self { place, key_file, now: SystemClock.now() })
    }

    /// Checks the backup and its key, copies it, brings the copy to this program's schema, ends the
    /// sessions that were open then, and puts it in the place. Where a database is there, it is
    /// set aside, or this is refused.
    pub async fn run(
        &self,
        caller: &Caller,
        backup: &Path,
        set_aside: bool,
    ) -> Result<Restored, RestoreError> {
        let decided = permit(caller, &Act::Operate)?;
        let (file, aside) = (self.place.file().to_owned(), self.aside());
        let taken = self.place.is_taken();
        if taken && !set_aside {
            return Err(RestoreError::Taken { file, aside });
        }
        self.place.refuse_in_use().await?;
        let copy = self.beside(&format!("restoring-{}", hexadecimal::of(&entropy::bytes::<8>()?)));
        let put = async {
            self.copy(&decided, caller, backup, &copy).await?;
            if taken {
                self.place.refuse_in_use().await?;
                self.place.set_aside(&decided, &aside)?;
            }
            self.place.put(&decided, &copy).map_err(|cause| {
                if taken {
                    self.place.take_back(&aside);
                }
                cause.into()
            })
        };
        let put: Result<(), RestoreError> = put.await;
        if let Err(cause) = put {
            store::discard(&copy);
            return Err(cause);
        }
        let key_file = self.key_file.clone();
        Ok(Restored { file, key_file, aside: taken.then_some(aside) })
    }

    async fn copy(
        &self,
        decided: &Decision,
        caller: &Caller,
        backup: &Path,
        to: &Path,
    ) -> Result<(), RestoreError> {
        let from = Store::open_backup(&address(backup)).await?;
        let checked = self.check_and_copy(&from, decided, backup, to).await;
        from.close().await;
        let keys = checked?;
        let copy = Store::open(&address(to)).await?;
        copy.chain_by(Arc::new(keys));
        let noted = self.note(&copy, caller, backup).await;
        copy.close().await;
        noted
    }

    async fn check_and_copy(
        &self,
        from: &Store,
        decided: &Decision,
        backup: &Path,
        to: &Path,
    ) -> Result<Keys, RestoreError> {
        let damage = from.read().await?.damage().await?;
        if let Some(why) = damage.into_iter().next() {
            return Err(RestoreError::Damaged { file: backup.to_owned(), why });
        }
        let keys = Keys::to_read(from, Some(&self.key_file)).await?;
        from.back_up(decided, to).await?;
        Ok(keys)
    }

    async fn note(&self, copy: &Store, caller: &Caller, backup: &Path) -> Result<(), RestoreError> {
        let mut tx = copy.write().await?;
        let permit = tx.operate(caller).map_err(crate::Error::from)?;
        tx.end_all_sessions(&permit).await?;
        let entry = Entry {
            action: Action::DatabaseRestored,
            subject: subject::database(),
            before: Value::Null,
            after: json!({ "from": backup.display().to_string() }),
        };
        tx.commit(caller, self.now, &[entry]).await?;
        Ok(())
    }

    /// What a database that is there is renamed to.
    fn aside(&self) -> PathBuf {
        self.beside(&format!("until-{}", self.now.rfc3339().replace(':', "-")))
    }

    fn beside(&self, end: &str) -> PathBuf {
        let mut name = self.place.file().as_os_str().to_owned();
        name.push(format!(".{end}"));
        PathBuf::from(name)
    }
}

fn address(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}
