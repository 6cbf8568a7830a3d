//! Lists of accounts, page by page.

use roster::account::{Account, TechnicianLine};
use roster::id::{AccountId, GroupId};
use roster::page::{Page, Window};
use sqlx::any::AnyRow;

use super::read::{account, account_columns};
use crate::connection::Reader;
use crate::error::Error;
use crate::sql::{Columns, containing, limit, offset};

/// The page first, along the index: the columns of the rows before it aren't read.
macro_rules! page {
    ($condition:literal) => {
        concat!(
            "SELECT id, role, name, nickname, email, enabled, standard_license, mobile_license, \
                    password_state, source, last_sign_in_at \
             FROM accounts WHERE id IN ( \
                 SELECT id FROM accounts WHERE group_id = $1 ",
            $condition,
            " ORDER BY name_key, id LIMIT $2 OFFSET $3) ORDER BY name_key, id"
        )
    };
}

const PAGE: &str = page!("");
const FILTERED_PAGE: &str = page!(r"AND search LIKE $4 ESCAPE '\'");

impl Reader {
    /// The technicians of this group itself, by name. The filter is part of the name, the nickname,
    /// the email or the single sign-on ID, in any case; empty: all.
    pub async fn technicians(
        &mut self,
        group: GroupId,
        filter: &str,
        window: Window,
    ) -> Result<Page<TechnicianLine>, Error> {
        let filter = filter.trim();
        let pattern = containing(filter);
        let (rows, total) = if filter.is_empty() {
            let rows = sqlx::query(PAGE)
                .bind(group.0)
                .bind(limit(window))
                .bind(offset(window))
                .fetch_all(self.connection())
                .await?;
            (rows, self.technicians_in(group).await?)
        } else {
            let rows = sqlx::query(FILTERED_PAGE)
                .bind(group.0)
                .bind(limit(window))
                .bind(offset(window))
                .bind(&pattern)
                .fetch_all(self.connection())
                .await?;
            let total = sqlx::query(
                r"SELECT COUNT(*) AS total FROM accounts
                  WHERE group_id = $1 AND search LIKE $2 ESCAPE '\'",
            )
            .bind(group.0)
            .bind(&pattern)
            .fetch_one(self.connection())
            .await?;
            (rows, total.count("total")?)
        };
        let items = rows.iter().map(line).collect::<Result<_, _>>()?;
        Ok(Page { items, total, offset: window.offset })
    }

    /// The same, but of all of them the ids alone, and no more than `limit`.
    pub async fn technician_ids(
        &mut self,
        group: GroupId,
        filter: &str,
        limit: u32,
    ) -> Result<Vec<AccountId>, Error> {
        let rows = sqlx::query(
            r"SELECT id FROM accounts WHERE group_id = $1 AND search LIKE $2 ESCAPE '\'
              ORDER BY name_key, id LIMIT $3",
        )
        .bind(group.0)
        .bind(containing(filter))
        .bind(i64::from(limit))
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(|row| Ok(AccountId(row.number("id")?))).collect()
    }

    /// Counted with every change: nothing is read through.
    async fn technicians_in(&mut self, group: GroupId) -> Result<u64, Error> {
        let row = sqlx::query("SELECT technicians FROM technician_groups WHERE id = $1")
            .bind(group.0)
            .fetch_optional(self.connection())
            .await?;
        row.map_or(Ok(0), |row| row.count("technicians"))
    }

    /// All accounts, or those in a group and all below it, by id; `after` is the last one of the
    /// part before.
    pub async fn accounts_for_export(
        &mut self,
        below: Option<GroupId>,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<Account>, Error> {
        let after = after.map_or(0, |id| id.0);
        let rows = match below {
            None => {
                sqlx::query(concat!(
                    "SELECT ",
                    account_columns!(),
                    " FROM accounts WHERE id > $1 ORDER BY id LIMIT $2"
                ))
                .bind(after)
                .bind(i64::from(limit))
                .fetch_all(self.connection())
                .await?
            }
            Some(group) => {
                sqlx::query(concat!(
                    "WITH RECURSIVE below (group_below) AS ( \
                         SELECT CAST($3 AS BIGINT) \
                         UNION ALL \
                         SELECT child.id FROM technician_groups child \
                         JOIN below ON child.parent_id = below.group_below) \
                     SELECT ",
                    account_columns!(),
                    " FROM accounts \
                     WHERE id > $1 AND group_id IN (SELECT group_below FROM below) \
                     ORDER BY id LIMIT $2"
                ))
                .bind(after)
                .bind(i64::from(limit))
                .bind(group.0)
                .fetch_all(self.connection())
                .await?
            }
        };
        rows.iter().map(account).collect()
    }
}

fn line(row: &AnyRow) -> Result<TechnicianLine, Error> {
    Ok(TechnicianLine {
        id: AccountId(row.number("id")?),
        role: row.word("role")?,
        name: row.text("name")?,
        nickname: row.text("nickname")?,
        email: row.text("email")?,
        enabled: row.flag("enabled")?,
        standard_license: row.flag("standard_license")?,
        mobile_license: row.flag("mobile_license")?,
        password: row.word("password_state")?,
        source: row.word("source")?,
        last_sign_in_at: row.maybe_moment("last_sign_in_at")?,
    })
}

#[cfg(test)]
mod tests {
    use crate::plan::check;

    #[tokio::test]
    async fn a_page_is_read_along_the_index() {
        check(super::PAGE, "accounts_group", &["SCAN accounts"]).await;
        check(super::FILTERED_PAGE, "accounts_group", &["SCAN accounts"]).await;
    }
}
