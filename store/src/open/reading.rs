//! Opening a database that is only read: a hot standby, a read-only file, a backup. Nothing is made
//! there, brought forward or set.

use std::path::Path;
use std::sync::Arc;

use sqlx::{AnyPool, Executor};

use super::{
    Access, SQLITE_READERS, Store, file_fault, postgres, prepare_sqlite, server_fault, sqlite_code,
    sqlite_pool, try_once,
};
use crate::address::Address;
use crate::audit::Chain;
use crate::connection::Kind;
use crate::error::{Error, OpenError};
use crate::migrate::{self, Found};

/// Which schema a database that is only read may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Schema {
    OfThisProgram,
    OrEarlier,
}

impl Store {
    /// Connects to a database that must be there, in this program's schema.
    pub async fn open_to_read(address: &str) -> Result<Self, OpenError> {
        Self::open_unchanged(address, Schema::OfThisProgram).await
    }

    /// The same of a backup, which may be from an earlier Muster.
    pub async fn open_backup(address: &str) -> Result<Self, OpenError> {
        Self::open_unchanged(address, Schema::OrEarlier).await
    }

    async fn open_unchanged(address: &str, schema: Schema) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        Self::must_exist(address)?;
        let address = Address::parse(address)?;
        let store = match address.kind {
            Kind::Sqlite => read_only(&address).await.map_err(|cause| file_fault(&address, &cause)),
            Kind::Postgres => {
                postgres(&address).await.map_err(|cause| server_fault(&address, &cause))
            }
        }?;
        let failed = match store.found().await {
            Ok(Found::Ready) => return Ok(store),
            Ok(Found::Older { .. }) if schema == Schema::OrEarlier => return Ok(store),
            Ok(Found::HalfMoved) => OpenError::HalfMoved { address: address.shown },
            Ok(Found::Older { found, known }) => {
                OpenError::Older { address: address.shown, found, known }
            }
            Ok(Found::Newer { found, known }) => {
                OpenError::Newer { address: address.shown, found, known }
            }
            Ok(Found::Nothing) if address.kind == Kind::Sqlite => {
                OpenError::NotADatabase { file: address.file }
            }
            Ok(Found::Nothing) => OpenError::Nothing { address: address.shown },
            Err(Error::Database(cause)) if address.kind == Kind::Sqlite => {
                file_fault(&address, &cause)
            }
            Err(cause) => OpenError::Unreadable { address: address.shown, cause },
        };
        store.close().await;
        Err(failed)
    }

    async fn found(&self) -> Result<Found, Error> {
        migrate::look(self.kind, self.read().await?.connection()).await
    }
}

async fn read_only(address: &Address) -> Result<Store, sqlx::Error> {
    let url = address.url.replace("?mode=rwc", "?mode=ro");
    let readers = match readers(&url).await {
        Err(cause) if is_refused(&cause) && !has_log(&address.file) => {
            // What lies beside the file while it is open can't be made. Where it has no log and
            // can't be written, nobody writes it.
            readers(&[url.as_str(), "&immutable=1"].concat()).await?
        }
        readers => readers?,
    };
    let (chain, file) = (Chain::default(), Some(Arc::from(address.file.as_path())));
    Ok(Store { kind: Kind::Sqlite, writers: readers.clone(), readers, chain, file })
}

async fn readers(url: &str) -> Result<AnyPool, sqlx::Error> {
    use sqlx::Connection as _;
    let mut first = try_once(url).await?;
    prepare_sqlite(&mut first, Access::Read).await?;
    first.execute("SELECT COUNT(*) FROM sqlite_schema").await?;
    first.close().await?;
    sqlite_pool(url, SQLITE_READERS, Access::Read).await
}

fn is_refused(cause: &sqlx::Error) -> bool {
    const READ_ONLY: i32 = 8;
    const CANNOT_OPEN: i32 = 14;
    matches!(sqlite_code(cause), Some(READ_ONLY | CANNOT_OPEN))
}

/// Whether there is something beside the file that isn't in it yet.
fn has_log(file: &Path) -> bool {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    Path::new(&log).metadata().is_ok_and(|about| about.len() > 0)
}
