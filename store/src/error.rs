//! What can go wrong with the database. None of these texts holds a password or a person's data;
//! they are for logs and for whoever starts the program, not for the browser.

mod outage;

use std::path::PathBuf;

use roster::authority::Grant;
use roster::fault::Outage;
use sqlx::error::ErrorKind;

pub(crate) use outage::SQLITE_BUSY;

use crate::permit::Refused;

/// Why a call failed: nobody can be blamed for it, or the caller may not.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The database holds something that this program never wrote.
    #[error("the database holds what this program never wrote: {0}")]
    Corrupt(String),
    #[error("{0}")]
    Refused(#[from] Refused),
    /// A fault of this program.
    #[error("a permit for {0:?} doesn’t open this call, its subject or its transaction")]
    WrongPermit(Grant),
    /// Another server took a key into use that this one hasn't got.
    #[error("the key file lacks key {0}, which this database is written with")]
    NoKey(i64),
}

impl Error {
    /// Why the database can't be used at the moment: nothing was changed, it can be tried again.
    /// `None`: the error is about something else.
    #[must_use]
    pub fn outage(&self) -> Option<Outage> {
        match self {
            Self::Database(cause) => outage::of(cause),
            Self::Corrupt(_) | Self::Refused(_) | Self::WrongPermit(_) | Self::NoKey(_) => None,
        }
    }

    /// The database can be read and not written: a hot standby, or a file that is read-only.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.outage() == Some(Outage::ReadOnly)
    }

    /// The database can't be used at the moment; nothing was changed, it can be tried again.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        self.outage().is_some()
    }
}

/// Which rule of the schema a write ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Violation {
    Email,
    SsoId,
    Holder,
    GroupName,
    /// What the row refers to isn't there.
    Missing,
}

/// The schema's unique rules: PostgreSQL names the index, SQLite the columns.
const UNIQUE: [(Violation, &str, &str); 4] = [
    (Violation::Email, "accounts_email_key", "accounts.email_key"),
    (Violation::SsoId, "accounts_sso_id", "accounts.sso_id"),
    (Violation::Holder, "accounts_one_holder", "accounts.role"),
    (Violation::GroupName, "technician_groups_name", "technician_groups.name_key"),
];

/// The rule of the schema that an error is about; `None`: it is about something else.
pub(crate) fn violation(error: &sqlx::Error) -> Option<Violation> {
    let cause = error.as_database_error()?;
    match cause.kind() {
        ErrorKind::ForeignKeyViolation => Some(Violation::Missing),
        ErrorKind::UniqueViolation => UNIQUE
            .iter()
            .find(|(_, index, columns)| match cause.constraint() {
                Some(name) => name == *index,
                None => cause.message().contains(columns),
            })
            .map(|(violation, ..)| *violation),
        _ => None,
    }
}

/// Why the database can't be opened: what, where, and what to do now.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "“{address}” is no database. Use sqlite:FILE, as in sqlite:muster.db, or \
         postgres://USER:PASSWORD@HOST/DATABASE."
    )]
    Address { address: String },
    #[error(
        "The database file {} can't be opened: {why}. Choose another with --database sqlite:FILE, \
         or mend this.", file.display()
    )]
    File { file: PathBuf, why: String },
    #[error(
        "There is no database {}. Name it by --database sqlite:FILE, or run the command in its \
         folder.", file.display()
    )]
    Missing { file: PathBuf },
    #[error(
        "{} is not a database of Muster. Nothing in it was changed; choose another file with \
         --database sqlite:FILE.", file.display()
    )]
    NotADatabase { file: PathBuf },
    #[error(
        "The PostgreSQL server at {address} can't be used: {why}. Check the address, the user, \
         the password and that the database exists."
    )]
    Server { address: String, why: String },
    #[error(
        "The database at {address} was written by a newer Muster (its version is {found}, this \
         program knows up to {known}). Start that newer version, or go back to a backup."
    )]
    Newer { address: String, found: i64, known: i64 },
    #[error(
        "The database is read-only: it is a standby, or its file or disk is write-protected. Give the \
         address of the primary by --database, or let this user write the file and its folder."
    )]
    ReadOnly,
    #[error(
        "The database at {address} was not brought to this version: its tables stayed locked by \
         {holders}. Nothing was changed. Wait until they let go, or end one by `SELECT \
         pg_terminate_backend(NUMBER)`, and start again."
    )]
    Locked { address: String, holders: String },
    #[error("The database at {address} can't be prepared. {cause}")]
    Migration { address: String, cause: Error },
    #[error(
        "The database at {address} was written by an earlier Muster (its version is {found}, this \
         program needs {known}), and this command changes nothing. Start this version's `muster serve` \
         once: it brings the database forward."
    )]
    Older { address: String, found: i64, known: i64 },
    #[error("At {address} is no database of Muster. Check the address.")]
    Nothing { address: String },
    #[error("The database at {address} can't be read. {cause}")]
    Unreadable { address: String, cause: Error },
    #[error(
        "The database at {address} is half moved: a `muster move` into it did not end. Run the same \
         command again; it begins anew."
    )]
    HalfMoved { address: String },
}

impl OpenError {
    pub(crate) fn locked(address: String, holders: &str) -> Self {
        let holders = if holders.is_empty() { "others, who let go by now" } else { holders };
        Self::Locked { address, holders: holders.to_owned() }
    }
}

/// Why there is no copy of the database.
#[derive(Debug, thiserror::Error)]
pub enum BackUpError {
    #[error("{} is there already; a backup never writes over a file.", .0.display())]
    Exists(PathBuf),
    #[error("{} can't be written: {why}", file.display())]
    Write { file: PathBuf, why: String },
    #[error("This database is on a PostgreSQL server: back it up with pg_dump.")]
    UsePgDump,
    #[error(transparent)]
    Database(#[from] Error),
}
