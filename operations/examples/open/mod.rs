//! How the benchmarks open a database: PostgreSQL with the key file that `xtask` wrote.

use operations::{OpenError, Operations};

pub async fn open(database: &str) -> Result<Operations, OpenError> {
    let written = std::env::temp_dir().join("muster-bench.key");
    let key_file = Some(written).filter(|_| !database.starts_with("sqlite:"));
    Operations::open(database, key_file.as_deref()).await
}
