//! Many rows into one table, and lists of many values, each in the way that its database takes
//! quickest. Measured at 500 rows of 20 columns.

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe};

use crate::connection::{Kind, Transaction};

/// Rows in one statement of SQLite, at most.
const MAX_ROWS: usize = 500;
/// So many rows a statement of SQLite may have: few lengths, so that prepared statements are used
/// again, and any number of rows needs few statements.
const LENGTHS: [usize; 9] = [MAX_ROWS, 250, 125, 62, 31, 15, 7, 3, 1];

/// A column's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Number,
    Flag,
}

/// Where rows go, and the columns in which they come.
pub(crate) struct Table<'a> {
    pub(crate) name: &'a str,
    pub(crate) columns: &'a [(&'a str, Type)],
}

/// One cell.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Flag(bool),
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// Rows on their way into a table.
pub(crate) struct Batch<'a> {
    table: &'a Table<'a>,
    /// Row after row.
    values: Vec<Value>,
}

pub(crate) type AnyQuery = Query<'static, Any, AnyArguments>;

impl<'a> Batch<'a> {
    pub(crate) fn new(table: &'a Table<'a>) -> Self {
        Self { table, values: Vec::new() }
    }

    /// One row, in the order of the table's columns.
    pub(crate) fn push<const COLUMNS: usize>(&mut self, row: [Value; COLUMNS]) {
        self.push_row(row);
    }

    /// The same of a table whose columns are known at run time alone.
    pub(crate) fn push_row(&mut self, row: impl IntoIterator<Item = Value>) {
        self.values.extend(row);
        debug_assert_eq!(self.values.len() % self.table.columns.len(), 0);
    }

    /// Inserts the rows; `tail` is what follows them in the statement. Says how many it were.
    pub(crate) async fn insert(
        self,
        transaction: &mut Transaction,
        tail: &str,
    ) -> Result<u64, sqlx::Error> {
        let mut inserted = 0;
        for query in self.queries(transaction.kind, tail) {
            inserted += query.execute(transaction.connection()).await?.rows_affected();
        }
        Ok(inserted)
    }

    /// Inserts the rows; `tail` says what comes back.
    pub(crate) async fn returning(
        self,
        transaction: &mut Transaction,
        tail: &str,
    ) -> Result<Vec<AnyRow>, sqlx::Error> {
        let mut rows = Vec::new();
        for query in self.queries(transaction.kind, tail) {
            rows.extend(query.fetch_all(transaction.connection()).await?);
        }
        Ok(rows)
    }

    /// Changes the rows of the table that `condition` finds: what was pushed is `new` there and in
    /// `set`. `tail` says what comes back.
    pub(crate) async fn update(
        self,
        transaction: &mut Transaction,
        set: &str,
        condition: &str,
        tail: &str,
    ) -> Result<Vec<AnyRow>, sqlx::Error> {
        let kind = transaction.kind;
        let Table { name, columns } = self.table;
        let names = names(columns);
        let sql = |rows: &str| match kind {
            Kind::Sqlite => format!(
                "WITH new ({names}) AS (VALUES {rows}) \
                 UPDATE {name} SET {set} FROM new WHERE {condition} {tail}"
            ),
            Kind::Postgres => format!(
                "UPDATE {name} SET {set} FROM unnest({rows}) AS new ({names}) \
                 WHERE {condition} {tail}"
            ),
        };
        let mut rows = Vec::new();
        for query in self.statements(kind, sql) {
            rows.extend(query.fetch_all(transaction.connection()).await?);
        }
        Ok(rows)
    }

    fn queries(self, kind: Kind, tail: &str) -> Vec<AnyQuery> {
        let Table { name, columns } = self.table;
        let head = format!("INSERT INTO {name} ({})", names(columns));
        self.statements(kind, |rows| match kind {
            Kind::Sqlite => format!("{head} VALUES {rows} {tail}"),
            Kind::Postgres => format!("{head} SELECT * FROM unnest({rows}) {tail}"),
        })
    }

    /// The statements that take the rows; `sql` gets them as SQLite's rows of values or
    /// PostgreSQL's lists.
    fn statements(self, kind: Kind, sql: impl Fn(&str) -> String) -> Vec<AnyQuery> {
        if self.values.is_empty() {
            return Vec::new();
        }
        let columns = self.table.columns;
        match kind {
            // Rows of values. The parameters have no numbers: sqlx looks each number up by its
            // name, and SQLite walks all names for it, which takes ten times as long as the insert.
            Kind::Sqlite => {
                let row = format!("({})", vec!["?"; columns.len()].join(","));
                let mut values = self.values.into_iter();
                lengths(values.len() / columns.len())
                    .map(|length| {
                        let rows = vec![row.as_str(); length].join(",");
                        let query = sqlx::query(AssertSqlSafe(sql(&rows)));
                        values.by_ref().take(length * columns.len()).fold(query, bind)
                    })
                    .collect()
            }
            // A list for each column: a third quicker than thousands of parameters, and one
            // statement for any number of rows.
            Kind::Postgres => {
                let lists: Vec<String> = columns
                    .iter()
                    .enumerate()
                    .map(|(place, (_, kind))| format!("${}::{}[]", place + 1, kind.postgres()))
                    .collect();
                let sql = sql(&lists.join(", "));
                let mut lists = vec![List::new(); columns.len()];
                for row in self.values.chunks(columns.len()) {
                    for (list, value) in lists.iter_mut().zip(row) {
                        list.push(value);
                    }
                }
                let query = sqlx::query(AssertSqlSafe(sql));
                vec![lists.into_iter().fold(query, |query, list| query.bind(list.end()))]
            }
        }
    }
}

fn names(columns: &[(&str, Type)]) -> String {
    columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

pub(crate) fn bind(query: AnyQuery, value: Value) -> AnyQuery {
    match value {
        Value::Text(text) => query.bind(text),
        Value::Number(number) => query.bind(number),
        Value::Flag(flag) => query.bind(flag),
    }
}

/// So many rows, as lengths of statements.
fn lengths(mut rows: usize) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let length = LENGTHS.into_iter().find(|length| *length <= rows)?;
        rows -= length;
        Some(length)
    })
}

impl Type {
    fn postgres(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "bigint",
            Self::Flag => "boolean",
        }
    }
}

/// A list as PostgreSQL reads one: `{"a","b",NULL}`.
#[derive(Clone)]
struct List(String);

impl List {
    fn new() -> Self {
        Self("{".to_owned())
    }

    fn push(&mut self, value: &Value) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        match value {
            Value::Text(Some(text)) => {
                self.0.push('"');
                for c in text.chars() {
                    if matches!(c, '"' | '\\') {
                        self.0.push('\\');
                    }
                    self.0.push(c);
                }
                self.0.push('"');
            }
            Value::Number(Some(number)) => self.0.push_str(&number.to_string()),
            Value::Flag(flag) => self.0.push(if *flag { 't' } else { 'f' }),
            Value::Text(None) | Value::Number(None) => self.0.push_str("NULL"),
        }
    }

    fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

impl Kind {
    /// The condition that a column is among a list, which is one parameter: one statement for any
    /// length.
    pub(crate) fn among(self, column: &str, kind: Type, parameter: &str) -> String {
        match self {
            Self::Sqlite => format!("{column} IN (SELECT value FROM json_each({parameter}))"),
            Self::Postgres => format!("{column} = ANY({parameter}::{}[])", kind.postgres()),
        }
    }

    /// The list for [`among`](Self::among).
    pub(crate) fn list(self, values: impl IntoIterator<Item = Value>) -> String {
        match self {
            Self::Sqlite => {
                let json = |value| match value {
                    Value::Text(text) => serde_json::Value::from(text),
                    Value::Number(number) => serde_json::Value::from(number),
                    Value::Flag(flag) => serde_json::Value::from(flag),
                };
                values.into_iter().map(json).collect::<serde_json::Value>().to_string()
            }
            Self::Postgres => {
                let mut list = List::new();
                for value in values {
                    list.push(&value);
                }
                list.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_rows_needs_few_statements() {
        for rows in 0..=1203 {
            let lengths: Vec<usize> = lengths(rows).collect();
            assert_eq!(lengths.iter().sum::<usize>(), rows);
            assert!(lengths.len() <= rows / MAX_ROWS + 9, "{rows}: {lengths:?}");
        }
    }

    #[test]
    fn lists_take_every_text_as_it_stands() {
        let values = || {
            let texts = ["a", "", "NULL", r#"q"b\c"#, "{,}", "山"].map(Value::from);
            texts.into_iter().chain([Value::Text(None), Value::from(-7), Value::from(true)])
        };
        assert_eq!(
            Kind::Postgres.list(values()),
            r#"{"a","","NULL","q\"b\\c","{,}","山",NULL,-7,t}"#
        );
        assert_eq!(
            Kind::Sqlite.list(values()),
            r#"["a","","NULL","q\"b\\c","{,}","山",null,-7,true]"#
        );
        assert_eq!(Kind::Postgres.list([]), "{}");
    }
}
