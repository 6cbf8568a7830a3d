//! Who administers what: lists, roles, and the groups that are assigned.

use std::collections::HashMap;

use roster::account::Role;
use roster::administrator::{AdministratorLine, Assignment};
use roster::authority::Grant;
use roster::group::GroupPath;
use roster::id::{AccountId, GroupId};
use roster::page::{Page, Window};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::edit::conflict_of;
use super::read::password;
use super::{PASSWORD_DUE, PASSWORD_ENDS_AT, WriteConflict};
use crate::batch::Type;
use crate::connection::{Reader, Transaction};
use crate::error::Error;
use crate::permit::{About, Permit};
use crate::sql::{Columns, containing, limit, offset, unaccented};

/// Few among many: the index holds them alone.
const ADMINISTRATORS: &str = r"role <> 'technician' AND search LIKE $1 ESCAPE '\'";

/// What a line is made of.
fn columns() -> String {
    format!(
        "id, name, email, role, enabled, {PASSWORD_DUE} AS password_due, password_state, \
         {PASSWORD_ENDS_AT} AS password_ends_at, last_sign_in_at"
    )
}

fn page() -> String {
    format!(
        "SELECT {} FROM accounts WHERE {ADMINISTRATORS} ORDER BY name_key, id LIMIT $2 OFFSET $3",
        columns()
    )
}

impl Reader {
    /// Everybody who is more than a technician, by name. The filter is part of the name, the
    /// nickname or the email, in any case; empty: all.
    pub async fn administrators(
        &mut self,
        filter: &str,
        window: Window,
    ) -> Result<Page<AdministratorLine>, Error> {
        let pattern = containing(&unaccented(filter));
        let rows = sqlx::query(AssertSqlSafe(page()))
            .bind(&pattern)
            .bind(limit(window))
            .bind(offset(window))
            .fetch_all(self.connection())
            .await?;
        let sql = format!("SELECT COUNT(*) AS total FROM accounts WHERE {ADMINISTRATORS}");
        let total =
            sqlx::query(AssertSqlSafe(sql)).bind(&pattern).fetch_one(self.connection()).await?;
        let items = self.with_groups(&rows).await?;
        Ok(Page { items, total: total.count("total")?, offset: window.offset })
    }

    /// Administrators whose name, nickname or email has this text in it and who aren't assigned to
    /// the group, by name.
    pub async fn assignable_administrators(
        &mut self,
        group: GroupId,
        text: &str,
        limit: u32,
    ) -> Result<Vec<AdministratorLine>, Error> {
        let sql = format!(
            "SELECT {} FROM accounts WHERE {ADMINISTRATORS} AND role = 'administrator' \
                 AND NOT EXISTS (SELECT 1 FROM administrator_groups \
                                 WHERE account_id = accounts.id AND group_id = $2) \
             ORDER BY name_key, id LIMIT $3",
            columns()
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(containing(&unaccented(text)))
            .bind(group.0)
            .bind(i64::from(limit))
            .fetch_all(self.connection())
            .await?;
        self.with_groups(&rows).await
    }

    /// Who is assigned to any of these groups, by name.
    pub async fn assignments(&mut self, groups: &[GroupId]) -> Result<Vec<Assignment>, Error> {
        let sql = format!(
            "SELECT accounts.id, name, email, enabled, administrator_groups.group_id AS area \
             FROM administrator_groups JOIN accounts ON accounts.id = account_id \
             WHERE {} ORDER BY name_key, accounts.id",
            self.kind.among("administrator_groups.group_id", Type::Number, "$1")
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(self.kind.list(groups.iter().map(|group| group.0.into())))
            .fetch_all(self.connection())
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Assignment {
                    id: AccountId(row.number("id")?),
                    name: row.text("name")?,
                    email: row.text("email")?,
                    enabled: row.flag("enabled")?,
                    group: GroupId(row.number("area")?),
                })
            })
            .collect()
    }

    /// The groups that are assigned to each of them, with the way to each.
    pub async fn areas_of(
        &mut self,
        accounts: &[AccountId],
    ) -> Result<HashMap<AccountId, Vec<GroupPath>>, Error> {
        let among = self.kind.among("account_id", Type::Number, "$1");
        let sql = format!("SELECT account_id, group_id FROM administrator_groups WHERE {among}");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(self.kind.list(accounts.iter().map(|id| id.0.into())))
            .fetch_all(self.connection())
            .await?;
        let pairs = rows.iter().map(|row| {
            Ok((AccountId(row.number("account_id")?), GroupId(row.number("group_id")?)))
        });
        let pairs = pairs.collect::<Result<Vec<_>, Error>>()?;
        let groups: Vec<GroupId> = pairs.iter().map(|(_, group)| *group).collect();
        let paths = self.group_paths(&groups).await?;
        let mut areas: HashMap<AccountId, Vec<GroupPath>> = HashMap::new();
        for (account, group) in pairs {
            areas.entry(account).or_default().extend(paths.get(&group).cloned());
        }
        for paths in areas.values_mut() {
            paths.sort_by_key(GroupPath::label);
        }
        Ok(areas)
    }

    async fn with_groups(&mut self, rows: &[AnyRow]) -> Result<Vec<AdministratorLine>, Error> {
        let lines = rows.iter().map(line).collect::<Result<Vec<_>, Error>>()?;
        let ids: Vec<AccountId> = lines.iter().map(|line| line.id).collect();
        let mut areas = self.areas_of(&ids).await?;
        let with = |line: AdministratorLine| {
            let groups = areas.remove(&line.id).unwrap_or_default();
            AdministratorLine { groups, ..line }
        };
        Ok(lines.into_iter().map(with).collect())
    }
}

impl Transaction {
    /// Gives the account another role if it is still in this version, and a place where it needs
    /// one; the seats of that are the caller's. Who is no Administrator any more has no areas. Their
    /// sessions end: how many.
    pub async fn set_role(
        &mut self,
        permit: &Permit,
        id: AccountId,
        version: i64,
        role: Role,
        place: Option<GroupId>,
    ) -> Result<Result<u64, WriteConflict>, Error> {
        self.opens(permit, &[Grant::ChangeRole], &About::account(id))?;
        self.lock_accounts(&[id]).await?;
        self.attempt().await?;
        let changed = sqlx::query(
            "UPDATE accounts \
             SET role = $3, group_id = COALESCE($4, group_id), version = version + 1 \
             WHERE id = $1 AND version = $2",
        )
        .bind(id.0)
        .bind(version)
        .bind(role.as_str())
        .bind(place.map(|group| group.0))
        .execute(self.connection())
        .await;
        match changed {
            Ok(done) if done.rows_affected() == 1 => self.keep().await?,
            Ok(_) => {
                self.take_back().await?;
                return Ok(Err(WriteConflict::Stale));
            }
            Err(cause) => {
                self.take_back_after(&cause).await?;
                return conflict_of(cause).map(Err);
            }
        }
        self.count_technicians(&place.map(|group| (group, 1)).into_iter().collect()).await?;
        if role != Role::Administrator {
            sqlx::query("DELETE FROM administrator_groups WHERE account_id = $1")
                .bind(id.0)
                .execute(self.connection())
                .await?;
        }
        self.credentials_changed(&[id], None).await.map(Ok)
    }

    /// Gives an Administrator a group, with all below it; false: it is theirs already.
    pub async fn assign_administrator(
        &mut self,
        permit: &Permit,
        account: AccountId,
        group: GroupId,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::AssignAdministrator], &About::account(account))?;
        let done = sqlx::query(
            "INSERT INTO administrator_groups (account_id, group_id) VALUES ($1, $2) \
             ON CONFLICT DO NOTHING",
        )
        .bind(account.0)
        .bind(group.0)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Takes the group away from them; false: it isn't theirs.
    pub async fn unassign_administrator(
        &mut self,
        permit: &Permit,
        account: AccountId,
        group: GroupId,
    ) -> Result<bool, Error> {
        self.opens(permit, &[Grant::AssignAdministrator], &About::account(account))?;
        let done =
            sqlx::query("DELETE FROM administrator_groups WHERE account_id = $1 AND group_id = $2")
                .bind(account.0)
                .bind(group.0)
                .execute(self.connection())
                .await?;
        Ok(done.rows_affected() == 1)
    }
}

fn line(row: &AnyRow) -> Result<AdministratorLine, Error> {
    Ok(AdministratorLine {
        id: AccountId(row.number("id")?),
        name: row.text("name")?,
        email: row.text("email")?,
        role: row.word("role")?,
        enabled: row.flag("enabled")?,
        password_due: row.flag("password_due")?,
        password: password(row)?,
        password_ended: false,
        last_sign_in_at: row.maybe_moment("last_sign_in_at")?,
        // What follows from failures isn't the store's to say.
        locked: None,
        groups: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use crate::plan::check;

    #[tokio::test]
    async fn administrators_are_found_among_themselves() {
        check(&super::page(), "accounts_administrators", &["TEMP B-TREE"]).await;
    }
}
