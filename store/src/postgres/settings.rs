//! What every connection to PostgreSQL is set to: how statements are planned, and how long anything may
//! take.

use crate::open::Access;

/// Every statement of ours has its index. The server's statistics lag behind an import, and what it
/// then plans for a prepared statement, reading whole tables, would stay for the connection's life:
/// here it plans as SQLite does, along the indexes.
const PLANNER: [&str; 4] =
    ["enable_seqscan = off", "enable_hashjoin = off", "enable_mergejoin = off", "jit = off"];

/// Each statement is planned once: planned for its values, as the server would, a page of the tree
/// takes twice as long to plan as to read.
const PLAN_ONCE: &str = "plan_cache_mode = force_generic_plan";

/// What changes many rows at once is planned for how many they are.
const PLAN_FOR_VALUES: &str = "plan_cache_mode = auto";

/// A Muster whose machine or network is gone is noticed by PostgreSQL within 10 seconds.
const NETWORK: [&str; 4] = [
    "tcp_keepalives_idle = 4",
    "tcp_keepalives_interval = 2",
    "tcp_keepalives_count = 3",
    "tcp_user_timeout = '10s'",
];

/// A page is read in far less than a minute. A view that isn't read from locks nothing that another
/// Muster needs.
const READING: [&str; 3] = [
    "statement_timeout = '60s'",
    "lock_timeout = '60s'",
    "idle_in_transaction_session_timeout = '60s'",
];

/// A commit is no statement to `statement_timeout`: one that waits for a standby isn't cut off. Who
/// waits for a lock longer than a minute isn't waited for any more. Between two statements there is
/// little to do: a Muster that is frozen gives back its locks.
const WRITING: [&str; 3] = [
    "statement_timeout = '5min'",
    "lock_timeout = '60s'",
    "idle_in_transaction_session_timeout = '10s'",
];

fn limits(access: Access) -> [&'static str; 3] {
    match access {
        Access::Read => READING,
        Access::Write => WRITING,
    }
}

/// For a connection of our own, once.
pub(super) fn session(access: Access) -> String {
    let limits = limits(access);
    let settings = PLANNER.iter().chain(&NETWORK).chain(&limits).chain([&PLAN_ONCE]);
    settings.flat_map(|setting| ["SET ", setting, "; "]).collect()
}

/// Begins a transaction on a connection that bears [`session`].
pub(crate) const BEGIN_TO_WRITE: &str = "BEGIN; SET LOCAL plan_cache_mode = auto";

/// Begins a transaction on a connection that others have between transactions: what is set ends with it.
pub(crate) fn begin_shared(begin: &str, access: Access) -> String {
    let limits = limits(access);
    let settings = PLANNER.iter().chain(&limits).chain([&PLAN_FOR_VALUES]);
    [begin.to_owned()].into_iter().chain(settings.map(|it| format!("; SET LOCAL {it}"))).collect()
}

#[cfg(test)]
mod tests {
    use sqlx::{AnyConnection, AssertSqlSafe, Row};

    use super::*;
    use crate::address::Address;
    use crate::pools::PoolSizes;

    #[expect(clippy::disallowed_methods, reason = "the tests' one setting, told by xtask")]
    fn cluster() -> Option<String> {
        std::env::var("MUSTER_TEST_POSTGRES").ok()
    }

    async fn settings(connection: &mut AnyConnection) -> [String; 2] {
        let sql = "SELECT current_setting('idle_in_transaction_session_timeout') AS idle, \
                          current_setting('enable_seqscan') AS scans";
        let rows = sqlx::raw_sql(sql).fetch_all(connection).await.unwrap();
        ["idle", "scans"].map(|name| rows[0].try_get(name).unwrap())
    }

    #[tokio::test]
    async fn limits_hold_in_transactions_and_reach_no_other() {
        let Some(url) = cluster() else {
            eprintln!("SKIPPED: MUSTER_TEST_POSTGRES is not set; nothing was tested.");
            return;
        };
        sqlx::any::install_default_drivers();
        let address = Address::parse(&url).unwrap();
        let (current, watching) =
            crate::postgres::open(&address, PoolSizes::default()).await.unwrap();
        let is_shared = !address.servers.prepares;
        for (access, idle) in [(Access::Write, "10s"), (Access::Read, "1min")] {
            let begin = if is_shared { begin_shared("BEGIN", access) } else { "BEGIN".to_owned() };
            let taken = current.take(|pools| async {
                let pool = if access == Access::Read { pools.readers } else { pools.writers };
                pool.begin_with(AssertSqlSafe(begin.clone())).await
            });
            let (mut transaction, _) = taken.await.unwrap();
            assert_eq!(settings(&mut transaction).await, [idle, "off"]);
        }
        if is_shared {
            let taken = current.take(|pools| async move { pools.writers.acquire().await });
            let (mut connection, _) = taken.await.unwrap();
            assert_eq!(settings(&mut connection).await, ["0", "on"]);
        }
        watching.end();
        current.close().await;
    }
}
