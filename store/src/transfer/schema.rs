//! A table's columns as each database has them, and the statement that reads its rows: in the same
//! order, with the same texts and numbers, from both.

use super::MoveError;
use super::tables::{self, Moved};
use crate::batch::Type;
use crate::connection::{Kind, Reader};
use crate::sql::Columns;

/// A column and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    pub kind: Type,
}

pub(super) async fn columns(
    reader: &mut Reader,
    table: &'static str,
) -> Result<Vec<Column>, MoveError> {
    let sql = match reader.kind {
        Kind::Sqlite => {
            "SELECT CAST(name AS TEXT) AS name, CAST(type AS TEXT) AS type \
             FROM pragma_table_info($1) ORDER BY name"
        }
        Kind::Postgres => {
            "SELECT column_name::text AS name, data_type::text AS type \
             FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name::text = $1 \
             ORDER BY column_name::text COLLATE \"C\""
        }
    };
    let rows = sqlx::query(sql).bind(table).fetch_all(reader.connection()).await?;
    let mut columns = Vec::with_capacity(rows.len());
    for row in &rows {
        let (name, declared) = (row.text("name")?, row.text("type")?.to_ascii_lowercase());
        let kind = match declared.as_str() {
            "text" => Type::Text,
            "bigint" | "integer" => Type::Number,
            // SQLite has no type for yes and no: there it is a number.
            "boolean" => Type::Flag,
            _ => {
                let why = format!("its column {name} is of the type {declared}");
                return Err(MoveError::Schema { table, why });
            }
        };
        columns.push(Column { name, kind });
    }
    Ok(columns)
}

/// Reads all rows; numbers for yes and no.
pub(super) fn select(kind: Kind, table: &Moved, columns: &[Column]) -> String {
    let name = table.name;
    let values: Vec<String> = columns
        .iter()
        .map(|column| match (kind, column.kind) {
            (Kind::Postgres, Type::Flag) => format!("{name}.{}::int::bigint", column.name),
            (Kind::Postgres, Type::Number) => format!("{name}.{}::bigint", column.name),
            _ => format!("{name}.{}", column.name),
        })
        .collect();
    let is_text =
        |name: &str| columns.iter().any(|column| column.name == name && column.kind == Type::Text);
    let order: Vec<String> = table
        .order
        .iter()
        .map(|column| match kind {
            Kind::Postgres if is_text(column) => format!("{name}.{column} COLLATE \"C\""),
            _ => format!("{name}.{column}"),
        })
        .collect();
    let (values, order) = (values.join(", "), order.join(", "));
    if name == tables::GROUPS {
        return format!(
            "WITH RECURSIVE levels (group_id, depth) AS ( \
                 SELECT id, 0 FROM technician_groups WHERE parent_id IS NULL \
                 UNION ALL \
                 SELECT child.id, levels.depth + 1 FROM levels \
                 JOIN technician_groups child ON child.parent_id = levels.group_id) \
             SELECT {values} FROM levels \
             JOIN technician_groups ON technician_groups.id = levels.group_id \
             ORDER BY levels.depth, {order}"
        );
    }
    format!("SELECT {values} FROM {name} ORDER BY {order}")
}
