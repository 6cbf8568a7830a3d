//! Brings a database to this program's schema: forward only, all or nothing. Any number of servers
//! and command lines may start at once; the first does it, the others wait and find it done.

mod directions;
mod locks;
mod names;

use std::cmp::Ordering;
use std::time::Duration;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool};

use crate::connection::Kind;
use crate::error::Error;
use crate::sql::Columns;
use crate::transfer;
pub(crate) use locks::Patience;

/// One step, in both dialects.
struct Migration {
    version: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migration {
    ($version:literal, $name:literal) => {
        Migration {
            version: $version,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }
    };
}

/// In their order. One that was released is never changed: a new one follows.
const MIGRATIONS: &[Migration] = &[
    migration!(1, "0001_foundation"),
    migration!(2, "0002_imports_at_full_strength"),
    migration!(3, "0003_administrators"),
    migration!(4, "0004_people_are_searched"),
    migration!(5, "0005_audit_chain"),
    migration!(6, "0006_policies"),
    migration!(7, "0007_technicians_are_sorted"),
    migration!(8, "0008_two_step"),
    migration!(9, "0009_directory_sync"),
    migration!(10, "0010_passkeys"),
    migration!(11, "0011_groups_are_searched"),
    migration!(12, "0012_levels_are_counted"),
    migration!(13, "0013_rare_names"),
    migration!(14, "0014_sessions_and_pending"),
    migration!(15, "0015_starting_passwords"),
    migration!(16, "0016_attempts"),
    migration!(17, "0017_keys"),
    migration!(18, "0018_directory_bounds"),
    migration!(19, "0019_two_step_duties"),
    migration!(20, "0020_enabling_and_memberships"),
    migration!(21, "0021_history"),
    migration!(22, "0022_changes_of_a_person"),
    migration!(23, "0023_assets"),
];

/// Rows that are read at once.
const PART: i64 = 1_000;

pub(crate) enum Outcome {
    Ready {
        /// A move into it did not end.
        half_moved: bool,
    },
    Newer {
        found: i64,
        known: i64,
    },
    /// An SQLite file of another program.
    Foreign,
    /// Others kept tables of a PostgreSQL database locked, or one that migrates didn't end.
    Locked {
        /// Who: see [`locks::holders`]. Empty: they let go meanwhile.
        holders: String,
    },
}

/// What is there, where nothing is changed.
pub(crate) enum Found {
    /// This program's schema.
    Ready,
    /// A move into it did not end.
    HalfMoved,
    Older {
        found: i64,
        known: i64,
    },
    Newer {
        found: i64,
        known: i64,
    },
    Nothing,
}

/// The newest schema that this program knows.
pub(crate) fn known() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

pub(crate) async fn migrate(
    kind: Kind,
    pool: &AnyPool,
    patience: &Patience,
) -> Result<Outcome, Error> {
    for left in (0..patience.tries).rev() {
        match attempt(kind, pool, patience.lock).await {
            Err(cause) if kind == Kind::Postgres && locks::is_in_the_way(&cause) => {
                let holders = locks::holders(pool).await?;
                tracing::warn!(%holders, left, "tables are locked: the database is not brought forward yet");
                if left == 0 {
                    return Ok(Outcome::Locked { holders });
                }
                tokio::time::sleep(patience.pause).await;
            }
            done => return done,
        }
    }
    Ok(Outcome::Locked { holders: String::new() })
}

async fn attempt(kind: Kind, pool: &AnyPool, lock: Duration) -> Result<Outcome, Error> {
    let mut transaction = match kind {
        Kind::Sqlite => pool.begin_with("BEGIN IMMEDIATE").await?,
        Kind::Postgres => {
            let mut transaction = pool.begin().await?;
            locks::alone(&mut transaction).await?;
            locks::wait_at_most(&mut transaction, lock).await?;
            transaction
        }
    };
    if kind == Kind::Sqlite && is_foreign(&mut transaction).await? {
        return Ok(Outcome::Foreign);
    }
    sqlx::query("CREATE TABLE IF NOT EXISTS muster_schema (version BIGINT PRIMARY KEY)")
        .execute(&mut *transaction)
        .await?;
    let found = version(&mut transaction).await?;
    if found > known() {
        return Ok(Outcome::Newer { found, known: known() });
    }
    for migration in MIGRATIONS.iter().filter(|migration| migration.version > found) {
        let sql = match kind {
            Kind::Sqlite => migration.sqlite,
            Kind::Postgres => migration.postgres,
        };
        sqlx::raw_sql(sql).execute(&mut *transaction).await?;
        if migration.version == names::SINCE {
            names::set_keys(&mut transaction).await?;
        }
        if migration.version == directions::SINCE {
            directions::take_from_groups(&mut transaction).await?;
        }
        sqlx::query("INSERT INTO muster_schema (version) VALUES ($1)")
            .bind(migration.version)
            .execute(&mut *transaction)
            .await?;
        tracing::info!(version = migration.version, "the database was brought forward");
    }
    let half_moved = transfer::is_marked(kind, &mut transaction).await?;
    transaction.commit().await?;
    Ok(Outcome::Ready { half_moved })
}

/// Reads the version, and changes nothing.
pub(crate) async fn look(kind: Kind, connection: &mut AnyConnection) -> Result<Found, Error> {
    let sql = match kind {
        Kind::Sqlite => {
            "SELECT COUNT(*) AS tables FROM sqlite_schema \
             WHERE type = 'table' AND name = 'muster_schema'"
        }
        Kind::Postgres => {
            "SELECT COUNT(*) AS tables FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name::text = 'muster_schema'"
        }
    };
    if sqlx::query(sql).fetch_one(&mut *connection).await?.number("tables")? == 0 {
        return Ok(Found::Nothing);
    }
    let found = version(connection).await?;
    let known = known();
    match found.cmp(&known) {
        Ordering::Less => Ok(Found::Older { found, known }),
        Ordering::Greater => Ok(Found::Newer { found, known }),
        Ordering::Equal if transfer::is_marked(kind, connection).await? => Ok(Found::HalfMoved),
        Ordering::Equal => Ok(Found::Ready),
    }
}

async fn version(connection: &mut AnyConnection) -> Result<i64, Error> {
    sqlx::query("SELECT COALESCE(MAX(version), 0) AS version FROM muster_schema")
        .fetch_one(connection)
        .await?
        .number("version")
}

/// The next rows behind this id, if there are any.
async fn part(
    connection: &mut AnyConnection,
    sql: &'static str,
    after: i64,
) -> Result<Option<Vec<AnyRow>>, Error> {
    let rows = sqlx::query(sql).bind(after).bind(PART).fetch_all(connection).await?;
    Ok(Some(rows).filter(|rows| !rows.is_empty()))
}

/// The file has tables, but none of ours.
async fn is_foreign(connection: &mut AnyConnection) -> Result<bool, Error> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS tables, \
                COUNT(CASE WHEN name = 'muster_schema' THEN 1 END) AS ours \
         FROM sqlite_schema WHERE type = 'table'",
    )
    .fetch_one(connection)
    .await?;
    Ok(row.number("tables")? > 0 && row.number("ours")? == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_go_up_by_one() {
        for (migration, expected) in MIGRATIONS.iter().zip(1..) {
            assert_eq!(migration.version, expected);
        }
    }
}
