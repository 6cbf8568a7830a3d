//! Every table of the schema, and whether a move takes it along.

/// A table that is moved, and the columns that order its rows the same in both databases.
pub(super) struct Moved {
    pub name: &'static str,
    pub order: &'static [&'static str],
}

const fn moved(name: &'static str, order: &'static [&'static str]) -> Moved {
    Moved { name, order }
}

/// What is referred to comes before what refers to it.
pub(super) const MOVED: &[Moved] = &[
    moved("settings", &["id"]),
    moved("keys", &["id"]),
    moved(GROUPS, &["id"]),
    moved("group_rules", &["group_id", "permission"]),
    moved("accounts", &["id"]),
    moved("administrator_groups", &["account_id", "group_id"]),
    moved("chosen_passwords", &["id"]),
    moved("two_step", &["account_id"]),
    moved("recovery_codes", &["account_id", "code_hash"]),
    moved("passkeys", &["id"]),
    moved("known_devices", &["token_hash", "account_id"]),
    moved("sign_in_failures", &["failure_key"]),
    moved("starting_seeds", &["batch"]),
    moved("imports", &["id"]),
    moved("import_chunks", &["import_id", "number"]),
    moved("import_staged", &["import_id", "number"]),
    moved("import_rows", &["import_id", "place"]),
    moved("directory_settings", &["id"]),
    moved("directory_sources", &["id"]),
    moved("directory_tokens", &["id"]),
    moved("directory_mappings", &["source_id", "ad_group_guid"]),
    moved("directory_links", &["source_id", "guid"]),
    moved("directory_agreements", &["account_id"]),
    moved("directory_runs", &["id"]),
    moved("directory_batches", &["run_id", "number"]),
    moved("directory_changes", &["run_id", "place"]),
    moved("directory_problems", &["source_id", "code", "subject"]),
    moved("directory_events", &["id"]),
    moved("directory_unasked", &["source_id", "at", "disabled", "emails", "enabled", "created"]),
    moved("audit", &["id"]),
    moved("audit_head", &["id"]),
];

/// A group may have a smaller number than the one above it: these go from the root down.
pub(super) const GROUPS: &str = "technician_groups";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sqlx::Row;

    use super::*;
    use crate::open::Store;

    /// What stays behind, and why.
    const LEFT_OUT: &[(&str, &str)] = &[
        ("sessions", "people sign in again"),
        ("assets", "each server keeps its own there when it starts"),
        ("pending", "it lives for minutes and belongs to sessions"),
        ("technician_group_parts", "triggers fill it from the names of groups"),
        ("muster_schema", "the migration writes it"),
        (crate::transfer::mark::TABLE, "it is the mark of the move itself"),
    ];

    /// A new table is moved, or says here why not.
    #[tokio::test]
    async fn every_table_is_moved_or_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("muster.db");
        let store = Store::open(&format!("sqlite:{}", file.display())).await.unwrap();
        let mut reader = store.read().await.unwrap();
        let found = sqlx::query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
             AND name NOT LIKE 'technician_group_parts_%'",
        )
        .fetch_all(reader.connection())
        .await
        .unwrap();
        let found: BTreeSet<String> = found.iter().map(|row| row.get("name")).collect();
        let left_out = LEFT_OUT.iter().map(|(name, _)| *name).filter(|it| *it != "muster_move");
        let named: Vec<&str> = MOVED.iter().map(|table| table.name).chain(left_out).collect();
        let once: BTreeSet<String> = named.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(once.len(), named.len(), "a table is named twice");
        assert_eq!(found, once);
        for Moved { name, order } in MOVED {
            let columns = sqlx::query(
                "SELECT CAST(name AS TEXT) AS name, CAST(pk AS INTEGER) AS pk \
                 FROM pragma_table_info($1) ORDER BY pk, cid",
            )
            .bind(*name)
            .fetch_all(reader.connection())
            .await
            .unwrap();
            let of = |row: &sqlx::any::AnyRow| row.get::<String, _>("name");
            let key: Vec<String> =
                columns.iter().filter(|row| row.get::<i64, _>("pk") > 0).map(of).collect();
            let all: BTreeSet<String> = columns.iter().map(of).collect();
            if key.is_empty() {
                let order = order.iter().map(|name| (*name).to_owned()).collect();
                assert_eq!(all, order, "{name} has no primary key: all columns order it");
            } else {
                assert_eq!(key, *order, "{name}");
            }
        }
    }
}
