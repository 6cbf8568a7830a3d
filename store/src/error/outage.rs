//! Which errors of the drivers mean that the database can't be used at the moment, and why.

use roster::fault::Outage;

pub(crate) const SQLITE_BUSY: i32 = 5;

/// `None`: the error is about something else.
pub(super) fn of(error: &sqlx::Error) -> Option<Outage> {
    match error {
        sqlx::Error::Database(cause) => of_code(&cause.code()?),
        // A proxy that closes a connection, or is no PostgreSQL server, breaks the protocol. A
        // transaction that can't begin is on a connection that is not to be used any more.
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed
        | sqlx::Error::InvalidSavePointStatement => Some(Outage::Silent),
        _ => None,
    }
}

/// PostgreSQL's codes have five characters, SQLite's are numbers of up to four digits.
fn of_code(code: &str) -> Option<Outage> {
    match code.len() {
        5 => of_postgres(code),
        _ => of_sqlite(code.parse().ok()?),
    }
}

/// The appendix “PostgreSQL Error Codes” of its manual.
fn of_postgres(code: &str) -> Option<Outage> {
    match code {
        "25006" => Some(Outage::ReadOnly),
        "57P03" => Some(Outage::Starting),
        "53100" => Some(Outage::DiskFull),
        "53200" => Some(Outage::NoMemory),
        // Serialization failure, deadlock, a lock that was not to be had, and what took longer than a
        // limit on statements, transactions, or waiting within one.
        "40001" | "40P01" | "55P03" | "57014" | "25P03" | "25P04" => Some(Outage::Busy),
        "57P01" | "57P02" | "57P05" => Some(Outage::Silent),
        code if code.starts_with("08") => Some(Outage::Silent),
        code if code.starts_with("53") => Some(Outage::Busy),
        "58000" | "58030" => Some(Outage::DiskFails),
        _ => None,
    }
}

/// <https://www.sqlite.org/rescode.html>: the lowest byte is the primary code.
fn of_sqlite(code: i32) -> Option<Outage> {
    const NO_MEMORY: i32 = 7;
    const READ_ONLY: i32 = 8;
    const IO: i32 = 10;
    const FULL: i32 = 13;
    const CANNOT_OPEN: i32 = 14;
    const PROTOCOL: i32 = 15;
    /// The file beside the log, which all connections share, can't grow.
    const IO_SHARED_MEMORY_SIZE: i32 = IO | 19 << 8;
    const IO_NO_MEMORY: i32 = IO | 12 << 8;
    match (code & 0xff, code) {
        (FULL, _) | (_, IO_SHARED_MEMORY_SIZE) => Some(Outage::DiskFull),
        (NO_MEMORY, _) | (_, IO_NO_MEMORY) => Some(Outage::NoMemory),
        (READ_ONLY, _) => Some(Outage::ReadOnly),
        (IO | CANNOT_OPEN, _) => Some(Outage::DiskFails),
        // The second is about the locks of the log.
        (SQLITE_BUSY | PROTOCOL, _) => Some(Outage::Busy),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn each_code_has_its_reason() {
        let check = |codes: &[&str], expected| {
            for code in codes {
                assert_eq!(of_code(code), expected, "{code}");
            }
        };
        check(&["5", "261", "517", "15"], Some(Outage::Busy));
        check(&["7", "3082"], Some(Outage::NoMemory));
        check(&["8", "264", "1032"], Some(Outage::ReadOnly));
        check(&["10", "266", "778", "1034"], Some(Outage::DiskFails));
        check(&["14", "526"], Some(Outage::DiskFails));
        check(&["13", "4874"], Some(Outage::DiskFull));
        // A fault in a statement, a rule of the schema, a broken file.
        check(&["1", "6", "11", "19", "2067", "26"], None);

        check(&["40001", "40P01", "55P03", "57014", "25P03", "25P04"], Some(Outage::Busy));
        check(&["53300", "53400"], Some(Outage::Busy));
        check(&["53200"], Some(Outage::NoMemory));
        check(&["25006"], Some(Outage::ReadOnly));
        check(&["53100"], Some(Outage::DiskFull));
        check(&["58030"], Some(Outage::DiskFails));
        check(&["57P03"], Some(Outage::Starting));
        check(&["57P01", "57P02", "57P05", "08006", "08P01"], Some(Outage::Silent));
        // A failed transaction, a rule of the schema, no such column, no such right, a broken page.
        check(&["25P02", "23505", "42703", "42501", "XX001"], None);
    }

    #[test]
    fn a_connection_that_is_lost_is_an_outage() {
        let check = |error: sqlx::Error, expected| assert_eq!(of(&error), expected, "{error}");
        let cut = "unexpected response from SSLRequest: 0x00";
        check(sqlx::Error::Protocol(cut.to_owned()), Some(Outage::Silent));
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        check(sqlx::Error::Io(reset), Some(Outage::Silent));
        check(sqlx::Error::PoolTimedOut, Some(Outage::Silent));
        check(sqlx::Error::InvalidSavePointStatement, Some(Outage::Silent));
        check(sqlx::Error::RowNotFound, None);
        check(sqlx::Error::ColumnNotFound("nick".to_owned()), None);
    }
}
