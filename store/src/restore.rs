//! An SQLite file in the place of another one: whether any program uses what is there, setting it
//! aside, and putting the new one there, surely on the disk.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use roster::authority::{Decision, Grant};
use sqlx::{AnyConnection, Connection as _, Executor as _};

use crate::address::Address;
use crate::connection::{Kind, Transaction};
use crate::error::{Error, OpenError, SQLITE_BUSY};
use crate::permit::{About, Permit};

/// What SQLite keeps beside a file while it is open.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// Why a file was not put in its place.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("A program uses {}: stop the server over it first.", .0.display())]
    InUse(PathBuf),
    #[error("{} is there already.", .0.display())]
    Exists(PathBuf),
    #[error("{} can't be written: {why}.", file.display())]
    File { file: PathBuf, why: String },
    #[error(transparent)]
    Database(#[from] Error),
}

/// The place of an SQLite database.
pub struct SqlitePlace {
    file: PathBuf,
    address: Address,
}

impl SqlitePlace {
    /// `None`: the address is of a PostgreSQL database.
    pub fn of(address: &str) -> Result<Option<Self>, OpenError> {
        let address = Address::parse(address)?;
        let place = Self { file: address.file.clone(), address };
        Ok(Some(place).filter(|place| place.address.kind == Kind::Sqlite))
    }

    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// A database is there, or the log of one, which SQLite would take for the new one's.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.file.exists() || BESIDE.iter().any(|end| with_end(&self.file, end).exists())
    }

    /// Refuses where any program has the file open.
    pub async fn refuse_in_use(&self) -> Result<(), PlaceError> {
        if !self.file.exists() {
            return Ok(());
        }
        sqlx::any::install_default_drivers();
        let alone = async {
            let mut connection = AnyConnection::connect(&self.address.url).await?;
            connection.execute("PRAGMA busy_timeout = 1000").await?;
            // Only who is alone may take the log away.
            let alone = connection.execute("PRAGMA journal_mode = DELETE").await;
            connection.close().await?;
            alone.map(drop)
        };
        match alone.await {
            Ok(()) => Ok(()),
            Err(sqlx::Error::Database(cause)) => {
                let code = cause.code().and_then(|code| code.parse::<i32>().ok());
                match code.map(|code| code & 0xff) {
                    Some(SQLITE_BUSY) => Err(PlaceError::InUse(self.file.clone())),
                    // A damaged file is why a backup is wanted.
                    Some(11 | 26) => Ok(()),
                    _ => Err(Error::Database(sqlx::Error::Database(cause)).into()),
                }
            }
            Err(cause) => Err(Error::Database(cause).into()),
        }
    }

    /// Renames what is there, all of it or nothing.
    pub fn set_aside(&self, decided: &Decision, aside: &Path) -> Result<(), PlaceError> {
        operated(decided)?;
        let ends = || [""].into_iter().chain(BESIDE);
        if let Some(there) = ends().map(|end| with_end(aside, end)).find(|to| to.exists()) {
            return Err(PlaceError::Exists(there));
        }
        for end in ends() {
            let (from, to) = (with_end(&self.file, end), with_end(aside, end));
            if from.exists()
                && let Err(cause) = fs::rename(&from, &to)
            {
                self.take_back(aside);
                return Err(failed(&from, &cause));
            }
        }
        Ok(())
    }

    /// Gives what was set aside its name again, unless something else has it.
    pub fn take_back(&self, aside: &Path) {
        for end in [""].into_iter().chain(BESIDE) {
            let (from, to) = (with_end(&self.file, end), with_end(aside, end));
            if to.exists() && !from.exists() {
                // Where this fails too, the file is there under the name that was announced.
                let _ = fs::rename(&to, &from);
            }
        }
    }

    /// Puts a closed database here, where nothing is. The file keeps no other name.
    pub fn put(&self, decided: &Decision, new: &Path) -> Result<(), PlaceError> {
        operated(decided)?;
        if with_end(new, "-wal").metadata().is_ok_and(|log| log.len() > 0) {
            return Err(PlaceError::InUse(new.to_owned()));
        }
        File::open(new).and_then(|file| file.sync_all()).map_err(|cause| failed(new, &cause))?;
        match fs::hard_link(new, &self.file) {
            Ok(()) => {}
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
                return Err(PlaceError::Exists(self.file.clone()));
            }
            // Some file systems have no second names.
            Err(_) => self.rename_here(new)?,
        }
        discard(new);
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|cause| failed(folder, &cause))
    }
}

impl SqlitePlace {
    /// A rename alone would replace what another program put here meanwhile: an empty file that is surely new
    /// takes the name first.
    fn rename_here(&self, new: &Path) -> Result<(), PlaceError> {
        File::create_new(&self.file).map_err(|cause| match cause.kind() {
            io::ErrorKind::AlreadyExists => PlaceError::Exists(self.file.clone()),
            _ => failed(&self.file, &cause),
        })?;
        fs::rename(new, &self.file).map_err(|cause| {
            let _ = fs::remove_file(&self.file);
            failed(&self.file, &cause)
        })
    }
}

/// Removes a database that nobody will use.
pub fn discard(file: &Path) {
    for end in [""].into_iter().chain(BESIDE) {
        // What isn't there needs no removing.
        let _ = fs::remove_file(with_end(file, end));
    }
}

impl Transaction {
    /// Ends all sessions and drops what is pending: they are of another time.
    pub async fn end_all_sessions(&mut self, permit: &Permit) -> Result<(), Error> {
        self.opens(permit, &[Grant::Operate], &About::Act)?;
        for sql in ["DELETE FROM pending", "DELETE FROM sessions"] {
            sqlx::query(sql).execute(self.connection()).await?;
        }
        Ok(())
    }
}

fn operated(decided: &Decision) -> Result<(), PlaceError> {
    match decided.grant() {
        Grant::Operate => Ok(()),
        grant => Err(Error::WrongPermit(grant).into()),
    }
}

fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn failed(file: &Path, cause: &io::Error) -> PlaceError {
    PlaceError::File { file: file.to_owned(), why: cause.to_string() }
}
