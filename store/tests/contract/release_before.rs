//! The release before runs against this schema: while servers are updated one after the other, and when
//! somebody goes back. So a migration adds, and what it makes superfluous goes a release later.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AnyPool, AssertSqlSafe, Row};
use store::{Kind, Store};

use crate::place::Place;

/// The schema of the release before. With each release it becomes that one's.
const BEFORE: u32 = 20;

/// Tables and columns (`table.column`) that the release before doesn't use any more, so that a migration
/// may remove them.
const UNUSED: &[&str] = &[];

contract!(what_the_release_before_uses_is_there_and_asks_for_nothing_new);

async fn what_the_release_before_uses_is_there_and_asks_for_nothing_new(place: &Place) {
    let address = place.as_of(BEFORE).await;
    let before = Schema::of(place, &address).await;
    Store::open(&address).await.unwrap().close().await;
    let now = Schema::of(place, &address).await;
    assert!(before.columns.len() > 100, "{} columns", before.columns.len());
    let broken = now.breaks(&before);
    assert!(broken.is_empty(), "the release before can’t work with this schema:\n{broken:#?}");
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    type_name: String,
    nullable: bool,
    has_default: bool,
}

#[derive(Clone, Debug, Default)]
struct Schema {
    /// By `table.column`.
    columns: BTreeMap<String, Column>,
    /// Unique indexes, checks and foreign keys: the table and what it must keep.
    rules: BTreeSet<(String, String)>,
}

impl Schema {
    async fn of(place: &Place, address: &str) -> Self {
        let (columns, rules) = match place.store.kind() {
            Kind::Sqlite => (SQLITE_COLUMNS, SQLITE_RULES),
            Kind::Postgres => (POSTGRES_COLUMNS, POSTGRES_RULES),
        };
        let pool = AnyPool::connect(&place.url(address)).await.unwrap();
        let mut schema = Self::default();
        for row in sqlx::query(AssertSqlSafe(columns)).fetch_all(&pool).await.unwrap() {
            let column = Column {
                type_name: row.get("type_name"),
                nullable: row.get::<i64, _>("nullable") == 1,
                has_default: row.get::<i64, _>("has_default") == 1,
            };
            let name = [row.get("table_name"), row.get::<String, _>("name")].join(".");
            schema.columns.insert(name, column);
        }
        for row in sqlx::query(AssertSqlSafe(rules)).fetch_all(&pool).await.unwrap() {
            schema.rules.insert((row.get("table_name"), row.get("rule")));
        }
        pool.close().await;
        schema
    }

    fn has_table(&self, table: &str) -> bool {
        let columns = [table, "."].concat();
        self.columns.keys().any(|name| name.starts_with(&columns))
    }

    /// What a program that knows the schema before runs into here.
    fn breaks(&self, before: &Self) -> Vec<String> {
        let mut broken = Vec::new();
        for (name, was) in &before.columns {
            let table = name.split('.').next().unwrap_or_default();
            if UNUSED.contains(&name.as_str()) || UNUSED.contains(&table) {
                continue;
            }
            match self.columns.get(name) {
                None => broken.push(format!("{name} is gone")),
                Some(is) if is.type_name != was.type_name => {
                    broken.push(format!("{name} was {} and is {}", was.type_name, is.type_name));
                }
                Some(is) if was.nullable && !is.nullable => {
                    broken.push(format!("{name} may not be null any more"));
                }
                Some(is) if was.has_default && !is.has_default && !is.nullable => {
                    broken.push(format!("{name} has no default any more"));
                }
                Some(_) => {}
            }
        }
        for (name, column) in &self.columns {
            let table = name.split('.').next().unwrap_or_default();
            let added = !before.columns.contains_key(name) && before.has_table(table);
            if added && !column.nullable && !column.has_default {
                broken.push(format!("{name} is new, may not be null and has no default"));
            }
        }
        for (table, rule) in self.rules.difference(&before.rules) {
            if before.has_table(table) {
                broken.push(format!("{table} has a new rule: {rule}"));
            }
        }
        broken
    }
}

const SQLITE_COLUMNS: &str = "SELECT tables.name AS table_name, columns.name AS name, \
         upper(columns.type) AS type_name, \
         CAST(columns.\"notnull\" = 0 AND columns.pk = 0 AS INTEGER) AS nullable, \
         CAST(columns.dflt_value IS NOT NULL OR columns.pk = 1 AS INTEGER) AS has_default \
     FROM sqlite_schema tables, pragma_table_info(tables.name) columns \
     WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'";

/// A check stands in the text of its table alone; PostgreSQL's twin of the migration tells it.
const SQLITE_RULES: &str = "SELECT tables.name AS table_name, \
         (SELECT 'unique ' || group_concat(COALESCE(name, 'an expression')) \
          FROM pragma_index_info(indexes.name)) \
             || COALESCE((SELECT ' ' || substr(sql, instr(sql, ' WHERE ')) FROM sqlite_schema \
                          WHERE type = 'index' AND name = indexes.name \
                              AND instr(sql, ' WHERE ') > 0), '') AS rule \
     FROM sqlite_schema tables, pragma_index_list(tables.name) indexes \
     WHERE tables.type = 'table' AND indexes.\"unique\" = 1 \
     UNION \
     SELECT tables.name, 'references ' || \"from\" || ' ' || \"table\" \
     FROM sqlite_schema tables, pragma_foreign_key_list(tables.name) \
     WHERE tables.type = 'table'";

const POSTGRES_COLUMNS: &str = "SELECT CAST(table_name AS TEXT) AS table_name, \
         CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS type_name, \
         CAST(CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END AS BIGINT) AS nullable, \
         CAST(CASE WHEN column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER' \
              THEN 0 ELSE 1 END AS BIGINT) AS has_default \
     FROM information_schema.columns WHERE table_schema = current_schema()";

const POSTGRES_RULES: &str = "SELECT CAST(relname AS TEXT) AS table_name, \
         pg_get_constraintdef(pg_constraint.oid) AS rule \
     FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid \
         JOIN pg_namespace ON pg_namespace.oid = relnamespace \
     WHERE nspname = current_schema() \
     UNION \
     SELECT CAST(relname AS TEXT), 'unique ' || pg_get_indexdef(indexrelid) \
     FROM pg_index JOIN pg_class ON pg_class.oid = indrelid \
         JOIN pg_namespace ON pg_namespace.oid = relnamespace \
     WHERE nspname = current_schema() AND indisunique";

#[test]
fn what_breaks_the_release_before_is_named() {
    let column = |type_name: &str, nullable, has_default| Column {
        type_name: type_name.to_owned(),
        nullable,
        has_default,
    };
    let schema = |columns: &[(&str, Column)], rules: &[(&str, &str)]| Schema {
        columns: columns.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect(),
        rules: rules.iter().map(|(table, it)| ((*table).to_owned(), (*it).to_owned())).collect(),
    };
    let (needed, open) = (column("TEXT", false, false), column("TEXT", true, false));
    let before = schema(&[("a.x", needed.clone()), ("a.y", open.clone())], &[]);
    let check = |now: &Schema, expected: &[&str]| {
        assert_eq!(now.breaks(&before), expected);
    };
    let more = [
        ("a.x", needed.clone()),
        ("a.y", open.clone()),
        ("a.z", open.clone()),
        ("a.w", column("TEXT", false, true)),
        ("b.x", needed.clone()),
    ];
    check(&schema(&more, &[("b", "unique x")]), &[]);
    check(&schema(&[("a.x", open.clone()), ("a.y", open.clone())], &[]), &[]);
    check(&schema(&[("a.x", needed.clone())], &[]), &["a.y is gone"]);
    check(
        &schema(&[("a.x", column("INTEGER", false, false)), ("a.y", needed.clone())], &[]),
        &["a.x was TEXT and is INTEGER", "a.y may not be null any more"],
    );
    check(
        &schema(&[("a.x", needed.clone()), ("a.y", open), ("a.z", needed)], &[("a", "unique y")]),
        &["a.z is new, may not be null and has no default", "a has a new rule: unique y"],
    );
}
