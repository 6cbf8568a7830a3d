//! The database of a test: an SQLite file, or a schema of its own on PostgreSQL.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use operations::keys;
use roster::authority::Caller;
use tempfile::TempDir;

/// Makes an SQLite and a PostgreSQL test of each function.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() {
                    super::$name(&$crate::database::Database::Sqlite).await;
                }
            )+
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() {
                    let Some(database) = $crate::database::Database::postgres() else {
                        eprintln!("SKIPPED: MUSTER_TEST_POSTGRES is not set; nothing was tested.");
                        return;
                    };
                    super::$name(&database).await;
                }
            )+
        }
    };
}

pub enum Database {
    Sqlite,
    /// The address of a superuser of a cluster that is there for tests.
    Postgres(String),
}

/// Where one world lies; gone with it.
pub struct Place {
    /// Of the SQLite file, or of the key file, which PostgreSQL's servers must have.
    folder: TempDir,
    /// On PostgreSQL: the cluster's address, and the schema's name.
    schema: Option<(String, String)>,
}

const KEY_FILE: &str = "muster.key";

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Database {
    #[expect(clippy::disallowed_methods, reason = "the tests' one setting, told by xtask")]
    pub fn postgres() -> Option<Self> {
        std::env::var("MUSTER_TEST_POSTGRES").ok().map(Self::Postgres)
    }

    /// An empty one.
    pub fn place(&self) -> Place {
        let folder = tempfile::tempdir().unwrap();
        let Self::Postgres(cluster) = self else { return Place { folder, schema: None } };
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("muster_use_case_{}_{number}", std::process::id());
        psql(cluster, &format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"));
        keys::make_file(&Caller::operator(), &folder.path().join(KEY_FILE)).unwrap();
        Place { folder, schema: Some((cluster.clone(), name)) }
    }
}

impl Place {
    /// As the store takes it.
    pub fn address(&self) -> String {
        let Some((cluster, name)) = &self.schema else {
            return format!("sqlite:{}", self.folder.path().join("muster.db").display());
        };
        let separator = if cluster.contains('?') { '&' } else { '?' };
        format!("{cluster}{separator}options[search_path]={name}")
    }

    /// Beside an SQLite file it needs no name.
    pub fn key_file(&self) -> Option<PathBuf> {
        self.schema.as_ref().map(|_| self.folder.path().join(KEY_FILE))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((cluster, name)) = &self.schema {
            psql(cluster, &format!("SET lock_timeout = '10s'; DROP SCHEMA {name} CASCADE"));
        }
    }
}

/// Past the store, which makes and drops no schema.
fn psql(cluster: &str, statement: &str) {
    let mut psql = Command::new("psql");
    psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", cluster]);
    let output = psql.args(["--command", statement]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    // In a test that failed already, a panic while it is cleared up would hide why.
    assert!(output.status.success() || std::thread::panicking(), "psql: {said}");
}
