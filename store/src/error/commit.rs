//! Which errors of a COMMIT leave open whether it was done: the database took it and its answer is lost.

/// The database said nothing of the COMMIT, or that it ends.
pub(super) fn leaves_open(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| is_open(&code)),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// Of PostgreSQL. Its manual says that what waits for a standby is committed already when the server
/// is told to stop (“Synchronous Replication”). SQLite's codes are shorter: it always knows.
fn is_open(code: &str) -> bool {
    const STATEMENT_COMPLETION_UNKNOWN: &str = "40003";
    code.len() == 5
        && (code.starts_with("08")
            || matches!(code, STATEMENT_COMPLETION_UNKNOWN | "57P01" | "57P02" | "57P05"))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn only_an_answer_says_how_a_commit_ended() {
        let check = |codes: &[&str], expected| {
            for code in codes {
                assert_eq!(is_open(code), expected, "{code}");
            }
        };
        check(&["08006", "08P01", "40003", "57P01", "57P02", "57P05"], true);
        // A serialization failure, a deadlock, a rule of the schema, a full disk, a time limit.
        check(&["40001", "40P01", "23505", "53100", "57014"], false);
        // Of SQLite: busy, an unreadable disk, a full one.
        check(&["5", "10", "13", "778"], false);
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        assert!(leaves_open(&sqlx::Error::Io(reset)));
        assert!(leaves_open(&sqlx::Error::Protocol("cut".to_owned())));
        assert!(!leaves_open(&sqlx::Error::PoolTimedOut));
    }
}
