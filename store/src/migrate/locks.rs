//! How a migration waits for the locks of PostgreSQL. Whoever comes after a migration that waits for a
//! table waits behind it: so it waits briefly, lets go of everything, and tries again later.

use std::time::Duration;

use crate::connection::Reader;
use crate::error::Error;
use crate::open::Store;
use crate::sql::Columns;

/// How long is waited, and how often.
pub(crate) struct Patience {
    /// For one lock. So long others wait behind it.
    pub lock: Duration,
    pub tries: u32,
    /// Between two tries; who waited behind the one goes first.
    pub pause: Duration,
}

impl Patience {
    /// About a minute in all.
    pub const USUAL: Self =
        Self { lock: Duration::from_secs(2), tries: 12, pause: Duration::from_secs(3) };
}

/// Another server brings the database forward: it takes as long as its tables are large.
const OTHER_SERVER: Duration = Duration::from_mins(10);

/// Any number that nobody else locks in this database.
const LOCK: i64 = 0x4d75_7374_6572;

/// Nobody else migrates until this transaction ends. A statement that takes long isn't cut off; a program that is
/// frozen between two of them gives its locks back.
pub(super) async fn alone(reader: &mut Reader) -> Result<(), Error> {
    sqlx::raw_sql(
        "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '60s'",
    )
    .execute(reader.connection())
    .await?;
    wait_at_most(reader, OTHER_SERVER).await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(reader.connection()).await?;
    Ok(())
}

/// For each lock that this transaction needs from now on.
pub(super) async fn wait_at_most(reader: &mut Reader, limit: Duration) -> Result<(), Error> {
    let milliseconds = limit.as_millis().to_string();
    sqlx::query("SELECT set_config('lock_timeout', $1, TRUE)")
        .bind(milliseconds)
        .execute(reader.connection())
        .await?;
    Ok(())
}

/// A lock was not to be had, or two waited for each other.
pub(super) fn is_in_the_way(error: &Error) -> bool {
    let Error::Database(sqlx::Error::Database(cause)) = error else { return false };
    cause.code().is_some_and(|code| matches!(&*code, "55P03" | "40P01"))
}

/// Who holds locks on tables of this schema: up to three, the oldest transaction first, in words for the
/// person who starts the program.
pub(super) async fn holders(store: &Store) -> Result<String, Error> {
    const HOLDERS: &str = "SELECT CAST(pid AS BIGINT) AS pid, \
             COALESCE(CAST(usename AS TEXT), '') AS role, \
             COALESCE(application_name, '') AS program, \
             COALESCE(host(client_addr), '') AS host, \
             CAST(EXTRACT(EPOCH FROM clock_timestamp() - xact_start) AS BIGINT) AS seconds \
         FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid IN ( \
             SELECT locks.pid FROM pg_locks locks \
                 JOIN pg_class ON pg_class.oid = locks.relation \
                 JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace \
             WHERE locks.granted AND locks.locktype = 'relation' AND nspname = current_schema() \
                 AND locks.database = \
                     (SELECT oid FROM pg_database WHERE datname = current_database())) \
         ORDER BY xact_start NULLS LAST, pid LIMIT 3";
    let rows = sqlx::query(HOLDERS).fetch_all(store.read().await?.connection()).await?;
    let mut told = Vec::with_capacity(rows.len());
    for row in rows {
        let mut about = vec![format!("role {}", row.text("role")?)];
        about.extend(Some(row.text("program")?).filter(|it| !it.is_empty()));
        about.extend(Some(row.text("host")?).filter(|it| !it.is_empty()));
        about.extend(row.maybe_number("seconds")?.map(|seconds| format!("since {seconds} s")));
        told.push(format!("connection {} ({})", row.number("pid")?, about.join(", ")));
    }
    Ok(told.join(", "))
}

#[cfg(test)]
mod tests {
    use sqlx::AnyPool;

    use super::*;
    use crate::address::Address;
    use crate::error::OpenError;
    use crate::migrate::{Outcome, migrate};
    use crate::pools::PoolSizes;

    #[tokio::test]
    async fn who_keeps_the_tables_locked_is_told() {
        #[expect(clippy::disallowed_methods, reason = "the tests' one setting, told by xtask")]
        let Ok(cluster) = std::env::var("MUSTER_TEST_POSTGRES") else {
            eprintln!("SKIPPED: MUSTER_TEST_POSTGRES is not set; nothing was tested.");
            return;
        };
        sqlx::any::install_default_drivers();
        let schema = format!("muster_locked_{}", std::process::id());
        let pool = AnyPool::connect(&cluster).await.unwrap();
        let make = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(make)).execute(&pool).await.unwrap();
        let separator = if cluster.contains('?') { '&' } else { '?' };
        let address = format!("{cluster}{separator}options[search_path]={schema}");
        let inside = AnyPool::connect(&address).await.unwrap();
        sqlx::raw_sql("CREATE TABLE muster_schema (version BIGINT PRIMARY KEY)")
            .execute(&inside)
            .await
            .unwrap();

        let mut holder = inside.begin().await.unwrap();
        sqlx::raw_sql("LOCK TABLE muster_schema").execute(&mut *holder).await.unwrap();
        let pid: i64 = sqlx::query("SELECT CAST(pg_backend_pid() AS BIGINT) AS pid")
            .fetch_one(&mut *holder)
            .await
            .unwrap()
            .number("pid")
            .unwrap();
        let store = Address::parse(&address).unwrap();
        let store = Store::postgres(&store, PoolSizes::default()).await.unwrap();
        let brief = Duration::from_millis(20);
        let patience = Patience { lock: brief, tries: 2, pause: brief };
        let outcome = migrate(&store, &patience).await.unwrap();
        let Outcome::Locked { holders } = outcome else { panic!("it was migrated") };
        let told = OpenError::locked("postgres://h/d".to_owned(), &holders).to_string();
        assert!(told.contains(&format!("locked by connection {pid} (role ")), "{told}");
        assert!(told.contains("Nothing was changed. Wait until they let go"), "{told}");
        holder.rollback().await.unwrap();
        let outcome = migrate(&store, &patience).await.unwrap();
        assert!(matches!(outcome, Outcome::Ready { .. }));
        store.close().await;
        inside.close().await;
        let drop = format!("DROP SCHEMA {schema} CASCADE");
        sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&pool).await.unwrap();
    }
}
