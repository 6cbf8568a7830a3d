//! Since the twelfth schema names are sorted and searched without regard to accents. What was kept
//! before gets its keys here: no database takes accents off by itself.

use sqlx::any::AnyRow;

use super::part;
use crate::accounts::{Searched, search_text};
use crate::connection::Reader;
use crate::error::Error;
use crate::sql::{Columns, unaccented};

pub(super) const SINCE: i64 = 12;

const GROUPS: &str = "SELECT id, name FROM technician_groups \
                      WHERE id > $1 AND octet_length(name_key) <> length(name_key) \
                      ORDER BY id LIMIT $2";
const PEOPLE: &str = "SELECT id, name, nickname, email, email_key, sso_id FROM accounts \
                      WHERE id > $1 AND octet_length(search) <> length(search) \
                      ORDER BY id LIMIT $2";

/// The keys of names and addresses that are not plain ASCII; those of the others stay as they are.
pub(super) async fn set_keys(reader: &mut Reader) -> Result<(), Error> {
    let mut after = 0;
    while let Some(rows) = part(reader, GROUPS, after).await? {
        for row in &rows {
            after = row.number("id")?;
            set_key_of_group(reader, row).await?;
        }
    }
    after = 0;
    while let Some(rows) = part(reader, PEOPLE, after).await? {
        for row in &rows {
            after = row.number("id")?;
            set_keys_of_person(reader, row).await?;
        }
    }
    Ok(())
}

async fn set_key_of_group(reader: &mut Reader, row: &AnyRow) -> Result<(), Error> {
    sqlx::query("UPDATE technician_groups SET sort_key = $2 WHERE id = $1")
        .bind(row.number("id")?)
        .bind(unaccented(&row.text("name")?))
        .execute(reader.connection())
        .await?;
    Ok(())
}

async fn set_keys_of_person(reader: &mut Reader, row: &AnyRow) -> Result<(), Error> {
    let (name, nickname) = (row.text("name")?, row.text("nickname")?);
    let (email, email_key) = (row.text("email")?, row.text("email_key")?);
    let sso_id = row.maybe_text("sso_id")?;
    let searched = Searched {
        name: &name,
        nickname: &nickname,
        email: &email,
        email_key: &email_key,
        sso_id: sso_id.as_deref(),
    };
    sqlx::query("UPDATE accounts SET name_key = $2, search = $3 WHERE id = $1")
        .bind(row.number("id")?)
        .bind(unaccented(&name))
        .bind(search_text(&searched))
        .execute(reader.connection())
        .await?;
    Ok(())
}
