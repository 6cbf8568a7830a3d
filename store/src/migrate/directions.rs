//! Since the twenty-second schema names of groups have no invisible characters, as names of people never had:
//! one that turns the writing direction makes a name read as another. What was kept before loses them
//! here; the entries of the trail stay as they are.

use roster::group::{MAX_NAME, name_key, seen_name};
use sqlx::any::AnyRow;

use super::part;
use crate::connection::Reader;
use crate::error::Error;
use crate::sql::{Columns, unaccented};

pub(super) const SINCE: i64 = 22;

const GROUPS: &str = "SELECT id, parent_id, name FROM technician_groups \
                      WHERE id > $1 AND parent_id IS NOT NULL \
                        AND octet_length(name) <> length(name) \
                      ORDER BY id LIMIT $2";

pub(super) async fn take_from_groups(reader: &mut Reader) -> Result<(), Error> {
    let mut after = 0;
    while let Some(rows) = part(reader, GROUPS, after).await? {
        for row in &rows {
            after = row.number("id")?;
            rename(reader, row).await?;
        }
    }
    Ok(())
}

/// Where a sibling is called so already, the group gets a number behind its name.
async fn rename(reader: &mut Reader, row: &AnyRow) -> Result<(), Error> {
    let (id, kept) = (row.number("id")?, row.text("name")?);
    let seen = seen_name(&kept);
    if seen == kept {
        return Ok(());
    }
    let seen = if seen.is_empty() { ["Group ", &id.to_string()].concat() } else { seen };
    let mut name = seen.clone();
    let mut number = 1;
    while is_taken(reader, row.number("parent_id")?, &name_key(&name), id).await? {
        number += 1;
        let end = format!(" ({number})");
        name = seen.chars().take(MAX_NAME - end.len()).collect::<String>() + &end;
    }
    sqlx::query(
        "UPDATE technician_groups SET name = $2, name_key = $3, sort_key = $4, \
             version = version + 1 WHERE id = $1",
    )
    .bind(id)
    .bind(&name)
    .bind(name_key(&name))
    .bind(unaccented(&name))
    .execute(reader.connection())
    .await?;
    Ok(())
}

async fn is_taken(reader: &mut Reader, parent: i64, key: &str, except: i64) -> Result<bool, Error> {
    let row = sqlx::query(
        "SELECT id FROM technician_groups WHERE parent_id = $1 AND name_key = $2 AND id <> $3",
    )
    .bind(parent)
    .bind(key)
    .bind(except)
    .fetch_optional(reader.connection())
    .await?;
    Ok(row.is_some())
}
