//! Since the twelfth schema names are sorted and searched without regard to accents. What was kept
//! before gets its keys here: no database takes accents off by itself.

use roster::id::{AccountId, GroupId};
use sqlx::AnyConnection;

use crate::accounts::{Searched, search_text};
use crate::error::Error;
use crate::sql::{Columns, unaccented};

pub(super) const SINCE: i64 = 12;

/// Rows that are read at once.
const PART: i64 = 1_000;

/// The keys of names and addresses that are not plain ASCII; those of the others stay as they are.
pub(super) async fn set_keys(connection: &mut AnyConnection) -> Result<(), Error> {
    let mut after = GroupId(0);
    while let Some(last) = set_keys_of_groups(connection, after).await? {
        after = last;
    }
    let mut after = AccountId(0);
    while let Some(last) = set_keys_of_people(connection, after).await? {
        after = last;
    }
    Ok(())
}

async fn set_keys_of_groups(
    connection: &mut AnyConnection,
    after: GroupId,
) -> Result<Option<GroupId>, Error> {
    let rows = sqlx::query(
        "SELECT id, name FROM technician_groups \
         WHERE id > $1 AND octet_length(name_key) <> length(name_key) ORDER BY id LIMIT $2",
    )
    .bind(after.0)
    .bind(PART)
    .fetch_all(&mut *connection)
    .await?;
    let mut last = None;
    for row in &rows {
        let id = row.number("id")?;
        sqlx::query("UPDATE technician_groups SET sort_key = $2 WHERE id = $1")
            .bind(id)
            .bind(unaccented(&row.text("name")?))
            .execute(&mut *connection)
            .await?;
        last = Some(GroupId(id));
    }
    Ok(last)
}

async fn set_keys_of_people(
    connection: &mut AnyConnection,
    after: AccountId,
) -> Result<Option<AccountId>, Error> {
    let rows = sqlx::query(
        "SELECT id, name, nickname, email, email_key, sso_id FROM accounts \
         WHERE id > $1 AND octet_length(search) <> length(search) ORDER BY id LIMIT $2",
    )
    .bind(after.0)
    .bind(PART)
    .fetch_all(&mut *connection)
    .await?;
    let mut last = None;
    for row in &rows {
        let id = row.number("id")?;
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
            .bind(id)
            .bind(unaccented(&name))
            .bind(search_text(&searched))
            .execute(&mut *connection)
            .await?;
        last = Some(AccountId(id));
    }
    Ok(last)
}
