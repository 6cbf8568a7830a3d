//! For tests: how SQLite means to run a statement. The hot ones go along an index.

use sqlx::{AssertSqlSafe, Row};

use crate::open::Store;

/// The plan names this index, and has none of these words.
pub(crate) async fn check(sql: &str, index: &str, never: &[&str]) {
    let plan = plan_of(sql).await;
    assert!(plan.contains(index), "{plan}");
    for words in never {
        assert!(!plan.contains(words), "{words}:\n{plan}");
    }
}

/// A line for each step.
pub(crate) async fn plan_of(sql: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("muster.db").display());
    let store = Store::open(&address).await.unwrap();
    let mut reader = store.read().await.unwrap();
    let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")))
        .fetch_all(reader.connection())
        .await
        .unwrap();
    let steps: Vec<String> = rows.iter().map(|row| row.try_get("detail").unwrap()).collect();
    drop(reader);
    store.close().await;
    steps.join("\n")
}
