//! How many files the system lets this process have open: each connection is one.

use rustix::process::{Resource, getrlimit, setrlimit};

/// What is open beside the connections: the database, the log, the assets.
const KEPT_FREE: u64 = 128;

/// Takes as many as the system gives, and says how many connections that is enough for.
pub fn enough_for() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the limit on open files can't be raised");
    }
    connections(getrlimit(Resource::Nofile).current)
}

fn connections(files: Option<u64>) -> usize {
    let files = files.unwrap_or(u64::MAX);
    let connections = files.saturating_sub(KEPT_FREE).max(files / 2);
    usize::try_from(connections).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_left_for_the_rest() {
        let check = |files, expected| assert_eq!(connections(files), expected, "{files:?}");
        check(Some(1024), 896);
        check(Some(100), 50);
        check(None, usize::MAX - 128);
    }
}
