//! A fresh database for one test, gone after it.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AnyPool, AssertSqlSafe, Row};
use store::{Kind, Store};
use tempfile::TempDir;

/// Makes an SQLite and a PostgreSQL test of each function.
macro_rules! contract {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $name() {
                    let place = $crate::place::Place::sqlite().await;
                    super::$name(&place).await;
                    place.leave().await;
                }
            )+
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $name() {
                    let Some(place) = $crate::place::Place::postgres().await else {
                        eprintln!("SKIPPED: MUSTER_TEST_POSTGRES is not set; nothing was tested.");
                        return;
                    };
                    super::$name(&place).await;
                    place.leave().await;
                }
            )+
        }
    };
}

pub struct Place {
    pub store: Store,
    pub address: String,
    /// Of PostgreSQL: the superuser's address and the name of this test's schema.
    cluster: Option<(String, String)>,
    pub folder: TempDir,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

#[expect(clippy::disallowed_methods, reason = "the tests' one setting, told by xtask")]
fn cluster() -> Option<String> {
    std::env::var("MUSTER_TEST_POSTGRES").ok()
}

/// In memory, where there is such a place: a busy disk makes every commit wait.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.unwrap()
}

/// Behind PgBouncer in transaction mode, which knows no search path: each test has a database.
fn is_shared(cluster: &str) -> bool {
    cluster.contains("prepare=off")
}

impl Place {
    pub async fn sqlite() -> Self {
        let folder = folder();
        let address = format!("sqlite:{}", folder.path().join("muster.db").display());
        let store = Store::open(&address).await.unwrap();
        Self { store, address, cluster: None, folder }
    }

    pub async fn postgres() -> Option<Self> {
        let cluster = cluster()?;
        sqlx::any::install_default_drivers();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("muster_test_{}_{number}", std::process::id());
        let pool = AnyPool::connect(&cluster).await.unwrap();
        let address = if is_shared(&cluster) {
            run(&pool, &format!("CREATE DATABASE {name}")).await;
            cluster.replacen("/postgres?", &format!("/{name}?"), 1)
        } else {
            run(&pool, &format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"))
                .await;
            let separator = if cluster.contains('?') { '&' } else { '?' };
            format!("{cluster}{separator}options[search_path]={name}")
        };
        pool.close().await;
        let store = Store::open(&address).await.unwrap();
        let folder = folder();
        Some(Self { store, address, cluster: Some((cluster, name)), folder })
    }

    pub async fn leave(self) {
        self.store.close().await;
        if let Some((cluster, name)) = self.cluster {
            let pool = AnyPool::connect(&cluster).await.unwrap();
            if is_shared(&cluster) {
                run(&pool, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
            } else {
                run(&pool, &format!("DROP SCHEMA {name} CASCADE")).await;
            }
            pool.close().await;
        }
    }

    /// No option of the address reaches the server.
    pub fn is_shared(&self) -> bool {
        is_shared(&self.address)
    }

    /// Makes the database as empty as before it was first opened.
    pub async fn empty(&self) {
        if let Some((cluster, name)) = &self.cluster {
            let name = if is_shared(cluster) { "public" } else { name };
            self.run(&format!("DROP SCHEMA {name} CASCADE; CREATE SCHEMA {name}")).await;
        }
    }

    /// The address of a database as a program that knew this schema, and none after it, left it.
    pub async fn as_of(&self, version: u32) -> String {
        let (kind, address) = match self.store.kind() {
            Kind::Sqlite => {
                let file = self.folder.path().join("old.db");
                std::fs::File::create_new(&file).unwrap();
                ("sqlite", format!("sqlite:{}", file.display()))
            }
            Kind::Postgres => {
                self.empty().await;
                ("postgres", self.address.clone())
            }
        };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(kind);
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let mut files: Vec<_> = files.collect();
        files.sort();
        self.run_at(&address, "CREATE TABLE muster_schema (version BIGINT PRIMARY KEY)").await;
        for (file, number) in files.iter().zip(1..=version) {
            self.run_at(&address, &std::fs::read_to_string(file).unwrap()).await;
            let done = format!("INSERT INTO muster_schema (version) VALUES ({number})");
            self.run_at(&address, &done).await;
        }
        address
    }

    /// How a flag is written in a statement past the store.
    pub fn flag(&self, flag: bool) -> &'static str {
        match (self.store.kind(), flag) {
            (Kind::Sqlite, true) => "1",
            (Kind::Sqlite, false) => "0",
            (Kind::Postgres, true) => "TRUE",
            (Kind::Postgres, false) => "FALSE",
        }
    }

    pub async fn run_at(&self, address: &str, sql: &str) {
        let pool = AnyPool::connect(&self.url(address)).await.unwrap();
        run(&pool, sql).await;
        pool.close().await;
    }

    /// Runs a statement past the store.
    pub async fn run(&self, sql: &str) {
        let pool = self.pool().await;
        run(&pool, sql).await;
        pool.close().await;
    }

    /// The one number that a statement gives, past the store.
    pub async fn number(&self, sql: &str) -> i64 {
        let pool = self.pool().await;
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&pool).await.unwrap();
        pool.close().await;
        rows[0].try_get(0).unwrap()
    }

    async fn pool(&self) -> AnyPool {
        AnyPool::connect(&self.url(&self.address)).await.unwrap()
    }

    /// An address as the driver takes it.
    pub fn url(&self, address: &str) -> String {
        match self.store.kind() {
            Kind::Sqlite => address.replacen("sqlite:", "sqlite://", 1),
            Kind::Postgres => address.to_owned(),
        }
    }
}

async fn run(pool: &AnyPool, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(pool).await.unwrap();
}
